-- The calendar of events reads the printed items that have a day.

-- +goose Up
CREATE INDEX printed_items_events ON printed_items ((content->>'event_on') DESC, number, place) WHERE content->>'event_on' <> '';

-- +goose Down
DROP INDEX printed_items_events;
