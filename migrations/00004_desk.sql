-- What the desk needs: sign-in, one-time links, versions of texts and of order,
-- idempotency keys.

-- +goose Up

-- A session holds a person's epoch; raising it ends all their sessions.
ALTER TABLE people
    ADD COLUMN theme         text    NOT NULL DEFAULT 'auto' CHECK (theme IN ('auto', 'light', 'dark')),
    ADD COLUMN session_epoch integer NOT NULL DEFAULT 1;
ALTER TABLE sessions DROP COLUMN person_id;

-- Secret addresses that work once: the first owner's set-up, and sign-in
-- without a password. Only the secret's hash is kept.
CREATE TABLE one_time_links (
    hash       bytea       PRIMARY KEY,
    purpose    text        NOT NULL CHECK (purpose IN ('set-up', 'sign-in')),
    person_id  bigint      REFERENCES people ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    CONSTRAINT one_time_links_person CHECK ((purpose = 'sign-in') = (person_id IS NOT NULL))
);
CREATE INDEX one_time_links_person_id ON one_time_links (person_id);

-- Failed sign-ins, counted by account and by address in windows of time.
CREATE TABLE attempts (
    key        text        PRIMARY KEY,
    count      integer     NOT NULL,
    expires_at timestamptz NOT NULL
);

-- The version of the order of everything on the desk. Each move raises it and
-- holds the row until it is done, so that moves happen one after the other;
-- each moved row keeps the version of its last move.
CREATE TABLE desk_order (
    id      smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    version bigint   NOT NULL DEFAULT 1
);
INSERT INTO desk_order DEFAULT VALUES;

ALTER TABLE items
    ADD COLUMN moved      bigint      NOT NULL DEFAULT 0, -- order version of its last move
    ADD COLUMN changed_by text        NOT NULL DEFAULT '',
    ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN also_by    text[]      NOT NULL DEFAULT '{}', -- who sent the items merged into it
    ADD COLUMN reply      text        NOT NULL DEFAULT '',   -- what the one who suggested it will read
    ADD COLUMN form_key   text        UNIQUE CHECK (form_key <> '');
ALTER TABLE issue_sections
    ADD COLUMN moved bigint NOT NULL DEFAULT 0;
ALTER TABLE issues
    ADD COLUMN changed_by text        NOT NULL DEFAULT '',
    ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN form_key   text        UNIQUE CHECK (form_key <> '');

-- A default section that is taken out while something stands under it is
-- retired: new issues do not copy it, what exists still belongs to it. It has
-- no place in the order. Titles, and so slugs, may be swapped at one go.
ALTER TABLE standing_sections
    ALTER COLUMN position DROP NOT NULL,
    ADD COLUMN retired boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT standing_sections_retired CHECK (retired = (position IS NULL)),
    DROP CONSTRAINT standing_sections_slug_key,
    ADD CONSTRAINT standing_sections_slug_key UNIQUE (slug) DEFERRABLE INITIALLY DEFERRED;

-- +goose Down
DELETE FROM standing_sections WHERE retired;
ALTER TABLE standing_sections
    DROP COLUMN retired,
    ALTER COLUMN position SET NOT NULL,
    DROP CONSTRAINT standing_sections_slug_key,
    ADD CONSTRAINT standing_sections_slug_key UNIQUE (slug);
ALTER TABLE issues DROP COLUMN changed_by, DROP COLUMN changed_at, DROP COLUMN form_key;
ALTER TABLE issue_sections DROP COLUMN moved;
ALTER TABLE items DROP COLUMN moved, DROP COLUMN changed_by, DROP COLUMN changed_at, DROP COLUMN also_by,
    DROP COLUMN reply, DROP COLUMN form_key;
DROP TABLE desk_order;
DROP TABLE attempts;
DROP TABLE one_time_links;
ALTER TABLE sessions ADD COLUMN person_id bigint REFERENCES people ON DELETE CASCADE;
ALTER TABLE people DROP COLUMN theme, DROP COLUMN session_epoch;
