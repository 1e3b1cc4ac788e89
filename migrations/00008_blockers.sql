-- What stops publication is the owner's choice.

-- +goose Up

-- Kinds of findings that stop publication; NULL is the usual choice. An issue
-- without items always stops it, and so is no choice.
ALTER TABLE publication
    ADD COLUMN blockers text[] CONSTRAINT publication_blockers CHECK (
        array_position(blockers, NULL) IS NULL
        AND blockers <@ ARRAY['no-note', 'sponsored-no-link', 'twice', 'ran-before', 'past-event', 'no-intro', 'date-not-today']);

-- +goose Down
ALTER TABLE publication DROP COLUMN blockers;
