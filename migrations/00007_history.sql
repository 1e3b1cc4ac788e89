-- What was: versions of words, earlier orders of an issue, and which issue and
-- item a line of the audit concerns.

-- +goose Up

-- A row per saved version, today's among them. What nobody has saved on the
-- desk yet, such as what was imported, has none: its only version gets its row
-- when it is replaced. name keeps who it was when the person is gone.
CREATE TABLE item_versions (
    item_id     bigint      NOT NULL REFERENCES items ON DELETE CASCADE,
    version     integer     NOT NULL CHECK (version > 0),
    person_id   bigint      REFERENCES people ON DELETE SET NULL,
    name        text        NOT NULL, -- empty: not known
    at          timestamptz NOT NULL DEFAULT now(),
    title       text        NOT NULL,
    note        text        NOT NULL,
    links       jsonb       NOT NULL, -- the listed ones, in order
    sponsored   boolean     NOT NULL,
    event_on    date,
    event_until date,
    place_name  text        NOT NULL,
    PRIMARY KEY (item_id, version)
);
CREATE INDEX item_versions_person ON item_versions (person_id);

CREATE TABLE issue_versions (
    issue_id  bigint      NOT NULL REFERENCES issues ON DELETE CASCADE,
    version   integer     NOT NULL CHECK (version > 0),
    person_id bigint      REFERENCES people ON DELETE SET NULL,
    name      text        NOT NULL,
    at        timestamptz NOT NULL DEFAULT now(),
    number    integer     NOT NULL,
    date      date        NOT NULL,
    title     text        NOT NULL,
    summary   text        NOT NULL,
    intro     text        NOT NULL,
    PRIMARY KEY (issue_id, version)
);
CREATE INDEX issue_versions_person ON issue_versions (person_id);

-- A row per move, with the order it made: [{"section": 3, "items": [7, 5]}, …].
-- The first one of an issue is the order before its first move. what goes on
-- after the name, as in "moved “Gulls” to Events"; empty: not known.
CREATE TABLE issue_orders (
    issue_id  bigint      NOT NULL REFERENCES issues ON DELETE CASCADE,
    version   bigint      NOT NULL, -- of the desk's order
    person_id bigint      REFERENCES people ON DELETE SET NULL,
    name      text        NOT NULL,
    at        timestamptz NOT NULL DEFAULT now(),
    what      text        NOT NULL,
    layout    jsonb       NOT NULL,
    PRIMARY KEY (issue_id, version)
);
CREATE INDEX issue_orders_person ON issue_orders (person_id);

-- What a deed concerned. No foreign keys: they would lock the issue for one who
-- holds an item, while whoever publishes holds the issue and waits for the
-- item; and the audit outlives both. Ids are never given twice.
ALTER TABLE audit
    ADD COLUMN issue_ids bigint[] NOT NULL DEFAULT '{}', -- two for a move from one to another
    ADD COLUMN item_id   bigint;
CREATE INDEX audit_issues ON audit USING gin (issue_ids);

-- What waits to be published begins its history as it stands.
INSERT INTO item_versions (item_id, version, name, at, title, note, links, sponsored, event_on, event_until, place_name)
SELECT items.id, items.version,
       CASE WHEN items.version = 1 THEN submitted_by ELSE items.changed_by END,
       CASE WHEN items.version = 1 THEN submitted_at ELSE items.changed_at END,
       items.title, note,
       coalesce((SELECT jsonb_agg(jsonb_build_object('url', url, 'text', text) ORDER BY position)
                 FROM links WHERE item_id = items.id AND NOT in_note), '[]'),
       sponsored, event_on, event_until, place_name
FROM items LEFT JOIN issues ON issues.id = issue_id
WHERE issue_id IS NULL OR issues.state IN ('draft', 'scheduled');

INSERT INTO issue_versions (issue_id, version, name, at, number, date, title, summary, intro)
SELECT id, version, changed_by, changed_at, number, date, title, summary, intro
FROM issues WHERE state IN ('draft', 'scheduled');

INSERT INTO issue_orders (issue_id, version, name, what, layout)
SELECT id, (SELECT version FROM desk_order), '', '',
       coalesce((SELECT jsonb_agg(jsonb_build_object('section', sections.id, 'items',
                            coalesce((SELECT jsonb_agg(items.id ORDER BY items.position) FROM items WHERE section_id = sections.id), '[]'))
                        ORDER BY sections.position)
                 FROM issue_sections sections WHERE issue_id = issues.id), '[]')
FROM issues WHERE state IN ('draft', 'scheduled');

-- +goose Down
DROP INDEX audit_issues;
ALTER TABLE audit DROP COLUMN issue_ids, DROP COLUMN item_id;
DROP TABLE issue_orders;
DROP TABLE issue_versions;
DROP TABLE item_versions;
