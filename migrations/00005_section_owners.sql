-- Who looks after a section of an issue, and how far it has come. Nothing of it
-- is printed or exported.

-- +goose Up
ALTER TABLE issue_sections
    ADD COLUMN owner_id bigint REFERENCES people ON DELETE SET NULL,
    ADD COLUMN progress text NOT NULL DEFAULT 'open' CHECK (progress IN ('open', 'ready', 'skipped'));
CREATE INDEX issue_sections_owner ON issue_sections (owner_id);

-- +goose Down
ALTER TABLE issue_sections DROP COLUMN owner_id, DROP COLUMN progress;
