-- Single-letter keys of the desk can be turned off (WCAG 2.2, 2.1.4).

-- +goose Up
ALTER TABLE people ADD COLUMN single_keys boolean NOT NULL DEFAULT true;

-- +goose Down
ALTER TABLE people DROP COLUMN single_keys;
