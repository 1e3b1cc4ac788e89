package browsertest

import (
	"bufio"
	"strings"
)

// Event is a server-sent event.
type Event struct{ ID, Name, Data string }

// NextEvent reads the next event of a stream; comments and times to wait are
// passed over.
func NextEvent(stream *bufio.Reader) (event Event, err error) {
	for {
		line, err := stream.ReadString('\n')
		if err != nil {
			return Event{}, err
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch {
		case line == "\n" && event.Name != "":
			return event, nil
		case field == "id":
			event.ID = value
		case field == "event":
			event.Name = value
		case field == "data":
			event.Data += value
		}
	}
}
