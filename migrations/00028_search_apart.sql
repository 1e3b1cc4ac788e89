-- Search finds words in angle brackets and those that "&", "+" or "~" joins, which
-- PostgreSQL takes for tags, entities, signed numbers and files; and whatever is
-- written in Chinese, Japanese or Korean, of which PostgreSQL knows no words: each
-- character is one, and those that stand together are looked for in a row.

-- +goose Up
CREATE OR REPLACE FUNCTION words_apart(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(translate(given, '/.-<>&+~', '        '),
    '([\u2E80-\u9FFF\uAC00-\uD7FF\uF900-\uFAFF\uFF66-\uFFDC\U00020000-\U0003FFFF])', ' \1 ', 'g');

UPDATE printed_items SET search = search_vector(search_config(language), content->>'title', note,
    coalesce((SELECT string_agg(text #>> '{}', ' ') FROM jsonb_path_query(content, '$.links[*].text') AS text), ''),
    CASE WHEN heading = (SELECT title FROM standing_sections WHERE id = standing_id) THEN '' ELSE heading END,
    coalesce((SELECT string_agg(site, ' ' ORDER BY position) FROM printed_links l
              WHERE l.number = printed_items.number AND l.place = printed_items.place), ''),
    coalesce((SELECT string_agg(url, ' ' ORDER BY position) FROM printed_links l
              WHERE l.number = printed_items.number AND l.place = printed_items.place), ''))
FROM publication
WHERE concat(content->>'title', note, heading, content->'links') ~ '[<>&+~%\u2E80-\uFAFF\uFF66-\uFFDC\U00020000-\U0003FFFF]'; -- %26 of an address is an &

UPDATE printed_intros SET search = search_vector(search_config(language), '', intro, '', '', '', '')
FROM publication
WHERE intro ~ '[<>&+~\u2E80-\uFAFF\uFF66-\uFFDC\U00020000-\U0003FFFF]';

INSERT INTO printed_words (word)
SELECT word FROM ts_stat('SELECT search FROM printed_items UNION ALL SELECT search FROM printed_intros')
EXCEPT SELECT word FROM printed_words;

-- The vectors stay as they are when this step is taken back.

-- +goose Down
CREATE OR REPLACE FUNCTION words_apart(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(given, '/.-', E'\x04\x05\x06');
