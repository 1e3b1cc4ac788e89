-- An archive at which the planner has a choice: 10 000 issues, 150 000 items.
-- The desk's items and links stay without a row: no page for readers asks for them.
-- With the role "replica" no foreign key is looked at while it is filled, and
-- indexes are made at the end, which is quicker.

SET session_replication_role = replica;

CREATE TEMPORARY TABLE put_aside AS
SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
FROM pg_index WHERE indrelid IN ('printed_items'::regclass, 'printed_links'::regclass) AND NOT indisprimary;
DO $$
DECLARE
    index record;
BEGIN
    FOR index IN SELECT * FROM put_aside LOOP
        EXECUTE 'DROP INDEX ' || index.name;
    END LOOP;
END $$;

INSERT INTO issues (number, date, state, published_at, revision)
SELECT n, date '1999-01-01' + n, 'published', timestamptz '1999-01-01 08:00Z' + n * interval '1 day', 1
FROM generate_series(1, 10000) n;

INSERT INTO printed_issues (number, issue_id, date, summary, items, published_at, revised_at)
SELECT number, id, date, 'Summary of ' || number, 15, published_at, published_at FROM issues;

INSERT INTO printed_intros (number, intro, search)
SELECT number, 'word' || number % 900, array_to_tsvector(ARRAY['word' || number % 900]) FROM printed_issues;

INSERT INTO printed_items (number, place, standing_id, heading, content, note, search, year, sites)
SELECT number, place, 1 + place % 5, 'Heading',
       jsonb_build_object('place', place, 'title', '', 'note', jsonb_build_object('html', word || ' ' || other, 'plain', word || ' ' || other),
           'event_on', CASE WHEN place = 4 AND number % 50 = 0 THEN date::text ELSE '' END),
       word || ' ' || other, array_to_tsvector(ARRAY[word, other, 'word' || place]), extract(year FROM date), ARRAY[site]
FROM printed_issues, generate_series(1, 15) place,
     LATERAL (SELECT 'word' || (number * 7 + place) % 900 AS word, 'word' || (number + place * 31) % 5000 AS other,
                     'site' || (number * 15 + place) % 3000 || '.example' AS site) AS made;

INSERT INTO printed_links (number, place, position, url, canonical, site)
SELECT number, place, 1, address, address, sites[1]
FROM printed_items, LATERAL (SELECT 'https://' || sites[1] || '/' || number || '/' || place AS address) AS made;

INSERT INTO revisions (issue_id, ordinal, made_at, content)
SELECT issue_id, 1, published_at, jsonb_build_object('number', number, 'ordinal', 1, 'date', date::text,
           'published_at', published_at, 'revised_at', published_at, 'sections', '[{"title": "News", "kind": "links", "items": [{"place": 3}]}]'::jsonb)
FROM printed_issues;

DO $$
DECLARE
    index record;
BEGIN
    FOR index IN SELECT * FROM put_aside LOOP
        EXECUTE index.definition;
    END LOOP;
END $$;
RESET session_replication_role;
