package page

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"
)

// eventPatience is how long a reader may take to accept what is sent.
const eventPatience = 10 * time.Second

// Events is an answer that goes on: a stream of server-sent events
// (https://html.spec.whatwg.org/multipage/server-sent-events.html). No limit of
// the server's ends it but that for each event.
type Events struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

// NewEvents begins such an answer. The session is stored with its first byte,
// so whatever changes it comes before. Browsers whose stream ends come back
// after one to two seconds, not all at once.
func NewEvents(w http.ResponseWriter) (*Events, error) {
	e := &Events{w, http.NewResponseController(w)}
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // nginx sends on at once
	w.WriteHeader(http.StatusOK)
	return e, e.send(fmt.Appendf(nil, "retry: %d\n\n", 1000+rand.IntN(1000)))
}

// Send sends an event. The id is left out when it is 0; the data is one line.
func (e *Events) Send(name string, id int64, data []byte) error {
	var b bytes.Buffer
	if id != 0 {
		fmt.Fprintf(&b, "id: %d\n", id)
	}
	fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", name, data)
	return e.send(b.Bytes())
}

// Beat shows that both are still there.
func (e *Events) Beat() error { return e.send([]byte(":\n\n")) }

func (e *Events) send(text []byte) error {
	_ = e.control.SetWriteDeadline(time.Now().Add(eventPatience)) // a test's answer has none
	if _, err := e.w.Write(text); err != nil {
		return err
	}
	return e.control.Flush()
}
