-- Old addresses are looked up in any case of their path; of what comes after it,
-- which may be an id, the case matters.

-- +goose Up
CREATE FUNCTION without_case(address text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN lower(split_part(address, '?', 1) COLLATE "C") || substr(address, length(split_part(address, '?', 1)) + 1);
CREATE INDEX redirects_without_case ON redirects (without_case(from_path));

-- +goose Down
DROP INDEX redirects_without_case;
DROP FUNCTION without_case;
