-- Old addresses are looked up in any case of their path; of what comes after it,
-- which may be an id, the case matters. The index on whole addresses goes; it, or
-- what is made here, may be as this step finds it: 00029 was another for a while.

-- +goose Up
CREATE OR REPLACE FUNCTION without_case(address text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN lower(split_part(address, '?', 1) COLLATE "C") || substr(address, length(split_part(address, '?', 1)) + 1);
CREATE INDEX IF NOT EXISTS redirects_without_case ON redirects (without_case(from_path));
DROP INDEX IF EXISTS redirects_from_path;

-- +goose Down
CREATE INDEX redirects_from_path ON redirects (lower(from_path));
DROP INDEX redirects_without_case;
DROP FUNCTION without_case;
