-- The words of the search's index, by which the beginning of a word is looked for
-- as the words that begin so. A word may stand here twice, and after it has gone
-- from the index.

-- +goose Up
CREATE TABLE printed_words (
    word text COLLATE "C" NOT NULL
);
INSERT INTO printed_words
SELECT word FROM ts_stat('SELECT search FROM printed_items UNION ALL SELECT search FROM printed_intros');
CREATE INDEX printed_words_word ON printed_words (word);

-- +goose Down
DROP TABLE printed_words;
