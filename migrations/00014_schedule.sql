-- Issues that publish themselves at a time, and why one of them does not.

-- +goose Up
ALTER TABLE issues
    -- In whose name it is published, and why in spite of what stood in the way.
    ADD COLUMN scheduled_by bigint REFERENCES people ON DELETE SET NULL,
    ADD COLUMN override text NOT NULL DEFAULT '' CHECK (length(override) <= 300),
    ADD COLUMN overridden text[] NOT NULL DEFAULT '{}',
    -- Why it waits for a person, in a sentence; '' while it does not.
    ADD COLUMN waits text NOT NULL DEFAULT '' CHECK (waits = '' OR state = 'scheduled');
CREATE INDEX issues_due ON issues (scheduled_at) WHERE state = 'scheduled' AND waits = '';

-- +goose Down
DROP INDEX issues_due;
ALTER TABLE issues DROP COLUMN scheduled_by, DROP COLUMN override, DROP COLUMN overridden, DROP COLUMN waits;
