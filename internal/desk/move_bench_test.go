package desk

import (
	"fmt"
	"testing"

	"broadsheet/internal/postgres"
)

// BenchmarkMove moves an item of 60 to another section of its issue, or back.
func BenchmarkMove(b *testing.B) {
	w := newWorld(b)
	w.draft(7)
	var id int64
	for k := range 60 {
		id = w.item(w.emil, fmt.Sprint("Item", k), endOf(7, "News"))
	}
	sections := []string{"Tools", "News"}
	moves := 0
	for b.Loop() {
		to := postgres.Target{Issue: 7, Section: sections[moves%2]}
		must(b, w.store.MoveItem(b.Context(), w.emil, id, to, 0))
		moves++
	}
}
