-- What feed readers know issues by that were published before they came here.

-- +goose Up
CREATE TABLE feed_ids (
    issue_id bigint PRIMARY KEY REFERENCES issues ON DELETE CASCADE,
    id       text   NOT NULL UNIQUE CHECK (id <> '' AND octet_length(id) <= 2048)
);

-- +goose Down
DROP TABLE feed_ids;
