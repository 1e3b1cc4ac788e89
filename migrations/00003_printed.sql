-- The newest revision of every published issue, taken apart for archive,
-- search, section pages and site pages. Rewritten whenever a revision is made;
-- emptied for an issue that is withdrawn. Nothing here that is not printed.

-- +goose Up

-- The dictionary of full text search for a publication's language. Languages
-- that PostgreSQL has no dictionary for are searched word by word.
-- +goose StatementBegin
CREATE FUNCTION search_config(language text) RETURNS regconfig LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (CASE lower(split_part(language, '-', 1))
    WHEN 'ar' THEN 'arabic'     WHEN 'ca' THEN 'catalan'   WHEN 'da' THEN 'danish'
    WHEN 'de' THEN 'german'     WHEN 'el' THEN 'greek'     WHEN 'en' THEN 'english'
    WHEN 'es' THEN 'spanish'    WHEN 'fi' THEN 'finnish'   WHEN 'fr' THEN 'french'
    WHEN 'hu' THEN 'hungarian'  WHEN 'it' THEN 'italian'   WHEN 'nb' THEN 'norwegian'
    WHEN 'nl' THEN 'dutch'      WHEN 'nn' THEN 'norwegian' WHEN 'no' THEN 'norwegian'
    WHEN 'pt' THEN 'portuguese' WHEN 'ro' THEN 'romanian'  WHEN 'ru' THEN 'russian'
    WHEN 'sv' THEN 'swedish'    WHEN 'tr' THEN 'turkish'
    ELSE 'simple' END)::regconfig;
-- +goose StatementEnd

-- What a search looks through, heaviest first: the title; the note and the
-- texts of links; the hosts of links, each also by its parts; all words once
-- more as they are written, so that who remembers them to the letter finds them
-- before other forms of the same words.
-- +goose StatementBegin
CREATE FUNCTION search_vector(config regconfig, title text, note text, texts text, hosts text)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN setweight(to_tsvector(config, title), 'A')
    || setweight(to_tsvector(config, note), 'B')
    || setweight(to_tsvector(config, texts), 'B')
    || setweight(to_tsvector(config, hosts || ' ' || translate(hosts, '.-', '  ')), 'C')
    || setweight(to_tsvector('simple'::regconfig, title || ' ' || note || ' ' || texts), 'D');
-- +goose StatementEnd

CREATE TABLE printed_issues (
    number       integer     PRIMARY KEY,
    issue_id     bigint      NOT NULL UNIQUE REFERENCES issues ON DELETE CASCADE,
    date         date        NOT NULL,
    summary      text        NOT NULL,
    items        integer     NOT NULL,
    published_at timestamptz NOT NULL,
    revised_at   timestamptz NOT NULL
);
CREATE INDEX printed_issues_date ON printed_issues (date);

CREATE TABLE printed_items (
    number      integer  NOT NULL REFERENCES printed_issues ON DELETE CASCADE,
    place       integer  NOT NULL,
    standing_id bigint   REFERENCES standing_sections ON DELETE SET NULL,
    heading     text     NOT NULL,
    content     jsonb    NOT NULL, -- the printed item as the revision holds it
    note        text     NOT NULL, -- the note as plain text, which search results show and mark
    search      tsvector NOT NULL,
    PRIMARY KEY (number, place)
);
CREATE INDEX printed_items_search ON printed_items USING gin (search) WITH (fastupdate = off);
CREATE INDEX printed_items_standing ON printed_items (standing_id, number DESC, place);

CREATE TABLE printed_links (
    number    integer NOT NULL,
    place     integer NOT NULL,
    position  integer NOT NULL, -- listed links first, then those inside the note
    url       text    NOT NULL,
    canonical text    NOT NULL,
    site      text    NOT NULL,
    PRIMARY KEY (number, place, position),
    FOREIGN KEY (number, place) REFERENCES printed_items ON DELETE CASCADE
);
CREATE INDEX printed_links_canonical ON printed_links (canonical);
CREATE INDEX printed_links_site ON printed_links (site, number DESC, place);

-- +goose Down
DROP TABLE printed_links;
DROP TABLE printed_items;
DROP TABLE printed_issues;
DROP FUNCTION search_vector;
DROP FUNCTION search_config;
