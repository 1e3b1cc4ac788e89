package desk

import (
	"strings"
	"testing"

	"broadsheet/internal/address"
)

// TestSameFormWithOtherWordsIsAConflict goes back to a form that was sent and
// sends it again, changed.
func TestSameFormWithOtherWordsIsAConflict(t *testing.T) {
	w := newWorld(t)
	key := "key" + strings.Repeat("x", 10_000)
	first := w.post(w.emil, address.Items, form("url", "https://ferry.example/", "note", "A small ferry.", "key", key))
	to := strings.TrimSuffix(first.Header().Get("Location"), "?done=saved")
	first.leads(to + "?done=saved")
	w.post(w.emil, address.Items, form("url", "https://ferry.example/", "note", "A small ferry.", "key", key)).leads(to + "?done=saved")
	conflict := w.post(w.emil, address.Items, form("url", "https://ferry.example/", "note", "A big ferry.", "key", key)).
		is(409, "You changed this note elsewhere meanwhile", "<mark>big </mark>", "<mark>small </mark>", `action="`+to+`"`, `name="note" value="A big ferry."`)
	w.post(w.emil, to, again(conflict)).leads(to + "?done=saved")
}
