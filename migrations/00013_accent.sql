-- The colour of the site's links and controls is the owner's choice.

-- +goose Up

-- As style sheets write it; empty is the usual blue.
ALTER TABLE publication
    ADD COLUMN accent_light text NOT NULL DEFAULT '' CONSTRAINT publication_accent_light CHECK (accent_light ~ '^(#[0-9A-Fa-f]{6})?$'),
    ADD COLUMN accent_dark  text NOT NULL DEFAULT '' CONSTRAINT publication_accent_dark CHECK (accent_dark ~ '^(#[0-9A-Fa-f]{6})?$');

-- +goose Down
ALTER TABLE publication DROP COLUMN accent_dark, DROP COLUMN accent_light;
