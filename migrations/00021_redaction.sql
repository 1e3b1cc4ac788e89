-- What was printed never changes, with one exception: an owner may take words
-- out of it, in a transaction that says so. Whose revision it is and its number,
-- date, moment of publication, kinds and marks stay even then.

-- +goose Up
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION revisions_are_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('broadsheet.redacts', true) = 'on'
        AND (NEW.issue_id, NEW.ordinal, NEW.made_at) = (OLD.issue_id, OLD.ordinal, OLD.made_at)
        AND (NEW.content->'number', NEW.content->'ordinal', NEW.content->'date', NEW.content->'published_at')
          = (OLD.content->'number', OLD.content->'ordinal', OLD.content->'date', OLD.content->'published_at')
        AND jsonb_path_query_array(NEW.content, '$.sections[*].kind') = jsonb_path_query_array(OLD.content, '$.sections[*].kind')
        AND jsonb_path_query_array(NEW.content, '$.sections[*].items[*].place') = jsonb_path_query_array(OLD.content, '$.sections[*].items[*].place')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a revision is what was printed; it cannot be changed';
END
$$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION revisions_are_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a revision is what was printed; it cannot be changed';
END
$$;
-- +goose StatementEnd
