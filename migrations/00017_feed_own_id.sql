-- An Atom feed has an id of its own, which readers know it by. It stands beside
-- those of its entries, with no issue.

-- +goose Up
ALTER TABLE feed_ids DROP CONSTRAINT feed_ids_pkey;
ALTER TABLE feed_ids ALTER COLUMN issue_id DROP NOT NULL;
ALTER TABLE feed_ids ADD CONSTRAINT feed_ids_issue_id_key UNIQUE NULLS NOT DISTINCT (issue_id);

-- +goose Down
DELETE FROM feed_ids WHERE issue_id IS NULL;
ALTER TABLE feed_ids DROP CONSTRAINT feed_ids_issue_id_key;
ALTER TABLE feed_ids ALTER COLUMN issue_id SET NOT NULL;
ALTER TABLE feed_ids ADD PRIMARY KEY (issue_id);
