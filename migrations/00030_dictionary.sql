-- The dictionary of the publication's language stands beside it: each search asks
-- for it, and finding it took longer than what it is asked for.

-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION search_dictionary(language text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE lower(split_part(language, '-', 1))
    WHEN 'ar' THEN 'folded_arabic'     WHEN 'ca' THEN 'folded_catalan'   WHEN 'da' THEN 'folded_danish'
    WHEN 'de' THEN 'folded_german'     WHEN 'el' THEN 'folded_greek'     WHEN 'en' THEN 'folded_english'
    WHEN 'es' THEN 'folded_spanish'    WHEN 'fi' THEN 'folded_finnish'   WHEN 'fr' THEN 'folded_french'
    WHEN 'hu' THEN 'folded_hungarian'  WHEN 'it' THEN 'folded_italian'   WHEN 'nb' THEN 'folded_norwegian'
    WHEN 'nl' THEN 'folded_dutch'      WHEN 'nn' THEN 'folded_norwegian' WHEN 'no' THEN 'folded_norwegian'
    WHEN 'pt' THEN 'folded_portuguese' WHEN 'ro' THEN 'folded_romanian'  WHEN 'ru' THEN 'folded_russian'
    WHEN 'sv' THEN 'folded_swedish'    WHEN 'tr' THEN 'folded_turkish'
    ELSE 'folded_simple' END;
-- +goose StatementEnd
CREATE OR REPLACE FUNCTION search_config(language text) RETURNS regconfig LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN search_dictionary(language)::regconfig;
ALTER TABLE publication ADD COLUMN dictionary text NOT NULL GENERATED ALWAYS AS (search_dictionary(language)) STORED;

-- +goose Down
ALTER TABLE publication DROP COLUMN dictionary;
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
DROP FUNCTION search_dictionary;
