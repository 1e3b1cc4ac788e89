package desk

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/publish"
)

// BenchmarkBoard serves the board of 60 items beside an inbox of 300, to a
// curator, and says how large the page is and which time 95 of 100 stay below.
func BenchmarkBoard(b *testing.B) {
	w := newWorld(b)
	w.draft(7)
	for k := range 360 {
		to := endOf(7, "News")
		if k >= 60 {
			to = nil
		}
		note := fmt.Sprintf("Boat number %d has left the harbour, with a cat and without a chart, on a morning without wind.", k)
		_, err := w.store.CreateItem(b.Context(), w.emil, newsletter.Item{
			Note: note, Links: []newsletter.Link{{URL: fmt.Sprintf("https://boats.example/log/%d", k)}},
		}, to, "", publish.LinksOf)
		must(b, err)
	}
	size := 0
	var times []time.Duration
	for b.Loop() {
		start := time.Now()
		size = w.ask(w.ines, httptest.NewRequest("GET", "/desk/issues/7", nil)).is(200).Body.Len()
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	b.ReportMetric(times[len(times)*95/100].Seconds()*1000, "p95-ms")
	b.ReportMetric(float64(size), "page-bytes")
}
