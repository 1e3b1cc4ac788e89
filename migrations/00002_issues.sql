-- Issues with their sections, items and links: the desk's side. Readers never
-- get anything from these tables.

-- +goose Up

CREATE TABLE issues (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number       integer     NOT NULL UNIQUE CHECK (number BETWEEN 1 AND 999999999),
    date         date        NOT NULL,
    title        text        NOT NULL DEFAULT '',
    summary      text        NOT NULL DEFAULT '',
    intro        text        NOT NULL DEFAULT '',
    state        text        NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'scheduled', 'published', 'withdrawn')),
    scheduled_at timestamptz,
    published_at timestamptz,
    revision     integer, -- ordinal of the newest revision
    withdrawn    integer[]   NOT NULL DEFAULT '{}', -- places of withdrawn items
    version      integer     NOT NULL DEFAULT 1,
    CONSTRAINT issues_scheduled_has_time CHECK ((state = 'scheduled') = (scheduled_at IS NOT NULL)),
    CONSTRAINT issues_published_has_time CHECK ((state IN ('published', 'withdrawn')) = (published_at IS NOT NULL)),
    CONSTRAINT issues_published_has_revision CHECK ((state IN ('published', 'withdrawn')) = (revision IS NOT NULL))
);

-- What was printed. content is the whole revision as JSON.
CREATE TABLE revisions (
    issue_id bigint      NOT NULL REFERENCES issues,
    ordinal  integer     NOT NULL CHECK (ordinal > 0),
    made_at  timestamptz NOT NULL,
    content  jsonb       NOT NULL,
    PRIMARY KEY (issue_id, ordinal)
);
ALTER TABLE issues ADD CONSTRAINT issues_revision
    FOREIGN KEY (id, revision) REFERENCES revisions (issue_id, ordinal) DEFERRABLE INITIALLY DEFERRED;

-- +goose StatementBegin
CREATE FUNCTION revisions_are_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a revision is what was printed; it cannot be changed';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER revisions_immutable BEFORE UPDATE ON revisions
    FOR EACH ROW EXECUTE FUNCTION revisions_are_immutable();

CREATE TABLE issue_sections (
    id          bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issue_id    bigint  NOT NULL REFERENCES issues ON DELETE CASCADE,
    title       text    NOT NULL CHECK (title <> ''),
    kind        text    NOT NULL CHECK (kind IN ('links', 'sponsor', 'events', 'jobs')),
    standing_id bigint  REFERENCES standing_sections ON DELETE SET NULL,
    position    integer NOT NULL CHECK (position > 0),
    UNIQUE (issue_id, position) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (id, issue_id)
);
CREATE INDEX issue_sections_standing ON issue_sections (standing_id);

-- An item is loose (inbox, held, declined) or placed in one section of one
-- issue at one position. place is its number in the mark, frozen at publication.
CREATE TABLE items (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    state        text        NOT NULL DEFAULT 'inbox' CHECK (state IN ('inbox', 'held', 'declined', 'placed')),
    issue_id     bigint,
    section_id   bigint,
    position     integer     CHECK (position > 0),
    place        integer     CHECK (place > 0),
    title        text        NOT NULL DEFAULT '',
    note         text        NOT NULL DEFAULT '',
    sponsored    boolean     NOT NULL DEFAULT false,
    event_on     date,
    event_until  date        CHECK (event_until >= event_on),
    place_name   text        NOT NULL DEFAULT '',
    reason       text        NOT NULL DEFAULT '',
    submitter_id bigint      REFERENCES people ON DELETE SET NULL,
    submitted_by text        NOT NULL DEFAULT '',
    submitted_at timestamptz NOT NULL DEFAULT now(),
    version      integer     NOT NULL DEFAULT 1,
    FOREIGN KEY (section_id, issue_id) REFERENCES issue_sections (id, issue_id),
    UNIQUE (section_id, position) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (issue_id, place),
    CONSTRAINT items_placed_in_one_section CHECK (
        (state = 'placed') = (section_id IS NOT NULL)
        AND (section_id IS NULL) = (position IS NULL)
        AND (section_id IS NULL) = (issue_id IS NULL)),
    CONSTRAINT items_place_only_in_issue CHECK (place IS NULL OR issue_id IS NOT NULL)
);
CREATE INDEX items_loose ON items (state, submitted_at, id) WHERE state <> 'placed';
CREATE INDEX items_submitter ON items (submitter_id);

-- An item's links in order, and those inside its note, which count alike for
-- duplicates but are printed where they stand. url is as it was written.
CREATE TABLE links (
    item_id   bigint  NOT NULL REFERENCES items ON DELETE CASCADE,
    in_note   boolean NOT NULL,
    position  integer NOT NULL CHECK (position > 0),
    url       text    NOT NULL CHECK (url ~* '^https?://' AND length(url) <= 2048),
    text      text    NOT NULL DEFAULT '',
    canonical text    NOT NULL, -- normal form, for comparison only
    site      text    NOT NULL,
    PRIMARY KEY (item_id, in_note, position)
);
CREATE INDEX links_canonical ON links (canonical);

CREATE TABLE corrections (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issue_id bigint      NOT NULL REFERENCES issues ON DELETE CASCADE,
    at       timestamptz NOT NULL,
    place    integer     CHECK (place > 0), -- NULL: the issue as a whole
    sentence text        NOT NULL CHECK (sentence <> '')
);
CREATE INDEX corrections_issue ON corrections (issue_id);

-- +goose Down
DROP TABLE corrections;
DROP TABLE links;
DROP TABLE items;
DROP TABLE issue_sections;
ALTER TABLE issues DROP CONSTRAINT issues_revision;
DROP TABLE revisions;
DROP FUNCTION revisions_are_immutable;
DROP TABLE issues;
