-- Remarks on an item, a section or an issue that never print. Nothing public,
-- and no export, reads these tables.

-- +goose Up
CREATE TABLE blue_notes (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issue_id   bigint      REFERENCES issues ON DELETE CASCADE,
    section_id bigint      REFERENCES issue_sections ON DELETE CASCADE,
    item_id    bigint      REFERENCES items ON DELETE CASCADE,
    text       text        NOT NULL CHECK (text ~ '\S' AND char_length(text) <= 2000),
    by_id      bigint      REFERENCES people ON DELETE SET NULL,
    by_name    text        NOT NULL CHECK (by_name <> ''), -- kept when the person is gone
    at         timestamptz NOT NULL DEFAULT now(),
    done_by    text        NOT NULL DEFAULT '',
    done_at    timestamptz,
    form_key   text        UNIQUE CHECK (form_key <> ''),
    CONSTRAINT blue_notes_about_one CHECK (num_nonnulls(issue_id, section_id, item_id) = 1),
    CONSTRAINT blue_notes_done_by_somebody CHECK ((done_at IS NULL) = (done_by = ''))
);
CREATE INDEX blue_notes_issue ON blue_notes (issue_id) WHERE issue_id IS NOT NULL;
CREATE INDEX blue_notes_section ON blue_notes (section_id) WHERE section_id IS NOT NULL;
CREATE INDEX blue_notes_item ON blue_notes (item_id) WHERE item_id IS NOT NULL;
CREATE INDEX blue_notes_by ON blue_notes (by_id);

-- Whom a note names with @.
CREATE TABLE blue_note_mentions (
    note_id   bigint NOT NULL REFERENCES blue_notes ON DELETE CASCADE,
    person_id bigint NOT NULL REFERENCES people ON DELETE CASCADE,
    PRIMARY KEY (person_id, note_id)
);
CREATE INDEX blue_note_mentions_note ON blue_note_mentions (note_id);

-- +goose Down
DROP TABLE blue_note_mentions;
DROP TABLE blue_notes;
