-- The address that is told when an issue is published, corrected, withdrawn or
-- reinstated. At most one.

-- +goose Up
CREATE TABLE webhook (
    id         smallint    PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    address    text        NOT NULL CHECK (address ~ '^https?://' AND length(address) <= 2000),
    -- What signs the messages. It is needed for each, and so stands here as it is.
    secret     bytea       NOT NULL CHECK (length(secret) = 24),
    changed_by text        NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);

-- +goose Down
DROP TABLE webhook;
