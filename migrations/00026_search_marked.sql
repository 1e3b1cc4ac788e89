-- The words that a search means are marked where the page is made.

-- +goose Up
DROP FUNCTION search_marked;

-- +goose Down
CREATE FUNCTION search_marked(config regconfig, given text, query tsquery, how text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(ts_headline(config, words_apart(given), query, how), E'\x04\x05\x06', '/.-');
