-- Search counts what it finds by year and by site, whatever the size of the
-- archive: without looking for the issue and the links of every hit.

-- +goose Up
ALTER TABLE printed_items
    ADD COLUMN year  integer NOT NULL DEFAULT 0,    -- of the issue's date
    ADD COLUMN sites text[]  NOT NULL DEFAULT '{}'; -- of its links, each once

UPDATE printed_items SET
    year = (SELECT extract(year FROM date) FROM printed_issues WHERE printed_issues.number = printed_items.number),
    sites = ARRAY(SELECT DISTINCT site FROM printed_links l
                  WHERE l.number = printed_items.number AND l.place = printed_items.place AND site <> '' ORDER BY site);
ALTER TABLE printed_items
    ALTER COLUMN year DROP DEFAULT,
    ALTER COLUMN sites DROP DEFAULT;

-- +goose Down
ALTER TABLE printed_items DROP COLUMN year, DROP COLUMN sites;
