-- The publication, the people, and what is kept about the whole database.

-- +goose Up

-- One database holds one publication: one row, present from the start.
CREATE TABLE publication (
    id          smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    name        text     NOT NULL DEFAULT 'Untitled newsletter' CHECK (name <> ''),
    tagline     text     NOT NULL DEFAULT '',
    description text     NOT NULL DEFAULT '',
    about       text     NOT NULL DEFAULT '',
    about_html  text     NOT NULL DEFAULT '', -- rendered when saved
    closing     text     NOT NULL DEFAULT '',
    closing_html text    NOT NULL DEFAULT '',
    contact     text     NOT NULL DEFAULT '',
    subscribe   text     NOT NULL DEFAULT '',
    language    text     NOT NULL DEFAULT 'en',
    time_zone   text     NOT NULL DEFAULT 'UTC',
    weekday     smallint NOT NULL DEFAULT 0 CHECK (weekday BETWEEN 0 AND 6), -- 0 is Sunday
    hour        smallint NOT NULL DEFAULT 8 CHECK (hour BETWEEN 0 AND 23),
    demo        boolean  NOT NULL DEFAULT false, -- holds the demo publication
    version     integer  NOT NULL DEFAULT 1
);
INSERT INTO publication DEFAULT VALUES;

-- Raised by every transaction that changes anything public. Bytes held in
-- memory are valid for one generation.
CREATE TABLE generation (
    id     smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    number bigint   NOT NULL DEFAULT 1
);
INSERT INTO generation DEFAULT VALUES;

-- Default sections. New issues copy them; a change here changes no issue.
CREATE TABLE standing_sections (
    id       bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title    text    NOT NULL CHECK (title <> ''),
    slug     text    NOT NULL UNIQUE CHECK (slug <> ''),
    kind     text    NOT NULL CHECK (kind IN ('links', 'sponsor', 'events', 'jobs')),
    position integer NOT NULL CHECK (position > 0),
    UNIQUE (position) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO standing_sections (title, slug, kind, position) VALUES
    ('Sponsor', 'sponsor', 'sponsor', 1),
    ('News', 'news', 'links', 2),
    ('Events', 'events', 'events', 3),
    ('Tools', 'tools', 'links', 4),
    ('Jobs', 'jobs', 'jobs', 5);

CREATE TABLE people (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email         text        NOT NULL CHECK (email <> ''),
    name          text        NOT NULL CHECK (name <> ''),
    role          text        NOT NULL CHECK (role IN ('contributor', 'editor', 'curator', 'owner')),
    password_hash text        NOT NULL DEFAULT '', -- empty: no password has been set
    created_at    timestamptz NOT NULL DEFAULT now(),
    disabled_at   timestamptz
);
CREATE UNIQUE INDEX people_email ON people (lower(email));

-- The token is stored hashed; data is what the session library keeps.
CREATE TABLE sessions (
    token     text        PRIMARY KEY,
    data      bytea       NOT NULL,
    expiry    timestamptz NOT NULL,
    person_id bigint      REFERENCES people ON DELETE CASCADE
);
CREATE INDEX sessions_expiry ON sessions (expiry);
CREATE INDEX sessions_person ON sessions (person_id);

-- Who did what, written in the transaction of the deed. actor keeps the name
-- when the person is gone, and names the command where no person acted.
CREATE TABLE audit (
    id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        timestamptz NOT NULL DEFAULT now(),
    person_id bigint      REFERENCES people ON DELETE SET NULL,
    actor     text        NOT NULL CHECK (actor <> ''),
    action    text        NOT NULL CHECK (action <> ''),
    object    text        NOT NULL DEFAULT '',
    detail    jsonb       NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_person ON audit (person_id);

-- Old addresses of imported archives.
CREATE TABLE redirects (
    from_path text PRIMARY KEY CHECK (from_path LIKE '/%'),
    to_path   text NOT NULL CHECK (to_path LIKE '/%' AND to_path NOT LIKE '//%' AND to_path <> from_path)
);

-- +goose Down
DROP TABLE redirects;
DROP TABLE audit;
DROP TABLE sessions;
DROP TABLE people;
DROP TABLE standing_sections;
DROP TABLE generation;
DROP TABLE publication;
