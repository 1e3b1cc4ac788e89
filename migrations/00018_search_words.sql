-- Search finds what stands in addresses, under headings and in introductions,
-- and each word of those that a sign joins: "CI/CD", "open-source", "node.js".

-- +goose Up

-- PostgreSQL takes words that a slash, dot or hyphen joins for the name of a
-- file, a host or one long word. Control characters, which stand in no text of
-- ours, have it see them apart.
CREATE FUNCTION words_apart(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(given, '/.-', E'\x04\x05\x06');

-- A text with the words marked that a query means, each of those joined by itself.
CREATE FUNCTION search_marked(config regconfig, given text, query tsquery, how text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(ts_headline(config, words_apart(given), query, how), E'\x04\x05\x06', '/.-');

-- Addresses that stand one after the other as words: host and path, with their
-- escapes read where they are UTF-8 (RFC 3986, section 2.1), at most 200
-- characters of each, which hold the words of any title, and without the ending
-- that says which program makes the page.
-- +goose StatementBegin
CREATE FUNCTION address_words(addresses text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    words text := regexp_replace(addresses, 'https?://(www\.)?|[?#]\S*', '', 'gi');
BEGIN
    words := regexp_replace(regexp_replace(words, '\.(html?|php|aspx?|jsp)(?=\s|$)', '', 'gi'), '(\S{200})\S+', '\1', 'g');
    IF position('%' IN words) = 0 THEN
        RETURN words;
    END IF;
    RETURN convert_from((
        SELECT string_agg(CASE WHEN part[1] ~ '^%..' THEN decode(substr(part[1], 2), 'hex') ELSE convert_to(part[1], 'UTF8') END, '' ORDER BY nth)
        FROM regexp_matches(words, '%[0-9a-f]{2}|[^%]+|%', 'gi') WITH ORDINALITY AS parts (part, nth)), 'UTF8');
EXCEPTION WHEN character_not_in_repertoire THEN
    RETURN words;
END $$;
-- +goose StatementEnd

-- What a search looks through, heaviest first: the title; the note and the
-- texts of links; the hosts of links and a heading of the issue's own; what is
-- written once more to the letter, and the addresses of links.
DROP FUNCTION search_vector;
-- +goose StatementBegin
CREATE FUNCTION search_vector(config regconfig, title text, note text, texts text, heading text, hosts text, urls text)
RETURNS tsvector LANGUAGE sql IMMUTABLE
RETURN setweight(to_tsvector(config, words_apart(title)), 'A')
    || setweight(to_tsvector(config, words_apart(note)), 'B')
    || setweight(to_tsvector(config, words_apart(texts)), 'B')
    || setweight(to_tsvector(config, words_apart(heading || ' ' || hosts)), 'C')
    || setweight(to_tsvector('folded_simple'::regconfig, words_apart(title || ' ' || note || ' ' || texts || ' ' || heading)), 'D')
    || setweight(to_tsvector(config, words_apart(address_words(urls))), 'D');
-- +goose StatementEnd

UPDATE printed_items SET search = search_vector(search_config(language), content->>'title', note,
    coalesce((SELECT string_agg(text #>> '{}', ' ') FROM jsonb_path_query(content, '$.links[*].text') AS text), ''),
    CASE WHEN heading = (SELECT title FROM standing_sections WHERE id = standing_id) THEN '' ELSE heading END,
    coalesce((SELECT string_agg(site, ' ' ORDER BY position) FROM printed_links l
              WHERE l.number = printed_items.number AND l.place = printed_items.place), ''),
    coalesce((SELECT string_agg(url, ' ' ORDER BY position) FROM printed_links l
              WHERE l.number = printed_items.number AND l.place = printed_items.place), ''))
FROM publication;

CREATE TABLE printed_intros (
    number integer  PRIMARY KEY REFERENCES printed_issues ON DELETE CASCADE,
    intro  text     NOT NULL CHECK (intro <> ''), -- as plain text, which search results show and mark
    search tsvector NOT NULL
);
CREATE INDEX printed_intros_search ON printed_intros USING gin (search) WITH (fastupdate = off);

INSERT INTO printed_intros (number, intro, search)
SELECT printed.number, content #>> '{intro,plain}', search_vector(search_config(language), '', content #>> '{intro,plain}', '', '', '', '')
FROM publication, printed_issues printed JOIN issues ON issues.id = printed.issue_id
     JOIN revisions ON revisions.issue_id = issues.id AND ordinal = issues.revision
WHERE content #>> '{intro,plain}' <> '';

-- +goose Down
DROP TABLE printed_intros;
DROP FUNCTION search_vector;
DROP FUNCTION address_words;
DROP FUNCTION search_marked;
DROP FUNCTION words_apart;
-- +goose StatementBegin
CREATE FUNCTION search_vector(config regconfig, title text, note text, texts text, hosts text)
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
