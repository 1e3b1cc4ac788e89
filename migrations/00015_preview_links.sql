-- Secret addresses at which somebody without an account reads a draft as it
-- would be printed. Of a secret its hash is held alone.

-- +goose Up
CREATE TABLE preview_links (
    hash       bytea       PRIMARY KEY,
    issue_id   bigint      NOT NULL UNIQUE REFERENCES issues ON DELETE CASCADE,
    made_by    text        NOT NULL,
    made_at    timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);

-- +goose Down
DROP TABLE preview_links;
