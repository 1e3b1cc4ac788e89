-- Search forgives accents: words are compared without them, in the index and in
-- what is asked for. The extension comes with PostgreSQL and is trusted: the
-- database's owner may create it.

-- +goose Up
CREATE EXTENSION IF NOT EXISTS unaccent;

-- A configuration "folded_english" for each of PostgreSQL's that a publication's
-- language can lead to: the same, but without accents first.
-- +goose StatementBegin
DO $$
DECLARE
    language text;
    dictionary text;
BEGIN
    FOREACH language IN ARRAY ARRAY['arabic', 'catalan', 'danish', 'german', 'greek', 'english', 'spanish', 'finnish',
        'french', 'hungarian', 'italian', 'norwegian', 'dutch', 'portuguese', 'romanian', 'russian', 'swedish', 'turkish', 'simple']
    LOOP
        dictionary := CASE language WHEN 'simple' THEN 'simple' ELSE language || '_stem' END;
        EXECUTE format('CREATE TEXT SEARCH CONFIGURATION %I (COPY = pg_catalog.%I)', 'folded_' || language, language);
        EXECUTE format('ALTER TEXT SEARCH CONFIGURATION %I ALTER MAPPING FOR hword, hword_part, word WITH unaccent, %I',
            'folded_' || language, dictionary);
    END LOOP;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION search_config(language text) RETURNS regconfig LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (CASE lower(split_part(language, '-', 1))
    WHEN 'ar' THEN 'folded_arabic'     WHEN 'ca' THEN 'folded_catalan'   WHEN 'da' THEN 'folded_danish'
    WHEN 'de' THEN 'folded_german'     WHEN 'el' THEN 'folded_greek'     WHEN 'en' THEN 'folded_english'
    WHEN 'es' THEN 'folded_spanish'    WHEN 'fi' THEN 'folded_finnish'   WHEN 'fr' THEN 'folded_french'
    WHEN 'hu' THEN 'folded_hungarian'  WHEN 'it' THEN 'folded_italian'   WHEN 'nb' THEN 'folded_norwegian'
    WHEN 'nl' THEN 'folded_dutch'      WHEN 'nn' THEN 'folded_norwegian' WHEN 'no' THEN 'folded_norwegian'
    WHEN 'pt' THEN 'folded_portuguese' WHEN 'ro' THEN 'folded_romanian'  WHEN 'ru' THEN 'folded_russian'
    WHEN 'sv' THEN 'folded_swedish'    WHEN 'tr' THEN 'folded_turkish'
    ELSE 'folded_simple' END)::regconfig;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION search_vector(config regconfig, title text, note text, texts text, hosts text)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN setweight(to_tsvector(config, title), 'A')
    || setweight(to_tsvector(config, note), 'B')
    || setweight(to_tsvector(config, texts), 'B')
    || setweight(to_tsvector(config, hosts || ' ' || translate(hosts, '.-', '  ')), 'C')
    || setweight(to_tsvector('folded_simple'::regconfig, title || ' ' || note || ' ' || texts), 'D');
-- +goose StatementEnd

UPDATE printed_items SET search = search_vector(search_config(language), content->>'title', note,
    coalesce((SELECT string_agg(text #>> '{}', ' ') FROM jsonb_path_query(content, '$.links[*].text') AS text), ''),
    coalesce((SELECT string_agg(site, ' ' ORDER BY position) FROM printed_links l
              WHERE l.number = printed_items.number AND l.place = printed_items.place), ''))
FROM publication;

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION search_config(language text) RETURNS regconfig LANGUAGE sql IMMUTABLE PARALLEL SAFE
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
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION search_vector(config regconfig, title text, note text, texts text, hosts text)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN setweight(to_tsvector(config, title), 'A')
    || setweight(to_tsvector(config, note), 'B')
    || setweight(to_tsvector(config, texts), 'B')
    || setweight(to_tsvector(config, hosts || ' ' || translate(hosts, '.-', '  ')), 'C')
    || setweight(to_tsvector('simple'::regconfig, title || ' ' || note || ' ' || texts), 'D');
-- +goose StatementEnd
-- +goose StatementBegin
DO $$
DECLARE
    config text;
BEGIN
    FOR config IN SELECT cfgname FROM pg_ts_config WHERE cfgname LIKE 'folded\_%' LOOP
        EXECUTE format('DROP TEXT SEARCH CONFIGURATION %I', config);
    END LOOP;
END $$;
-- +goose StatementEnd
DROP EXTENSION unaccent;
UPDATE printed_items SET search = search_vector(search_config(language), content->>'title', note,
    coalesce((SELECT string_agg(text #>> '{}', ' ') FROM jsonb_path_query(content, '$.links[*].text') AS text), ''),
    coalesce((SELECT string_agg(site, ' ' ORDER BY position) FROM printed_links l
              WHERE l.number = printed_items.number AND l.place = printed_items.place), ''))
FROM publication;
