-- Old addresses are looked up in any case.

-- +goose Up
CREATE INDEX redirects_from_path ON redirects (lower(from_path));

-- +goose Down
DROP INDEX redirects_from_path;
