-- Secrets of the webhook that were replaced and sign beside the new one for a
-- while, so that no message is refused before its receiver knows that.

-- +goose Up
CREATE TABLE webhook_old_secrets (
    webhook smallint    NOT NULL DEFAULT 1 REFERENCES webhook ON DELETE CASCADE,
    secret  bytea       PRIMARY KEY CHECK (length(secret) = 24),
    until   timestamptz NOT NULL
);

-- +goose Down
DROP TABLE webhook_old_secrets;
