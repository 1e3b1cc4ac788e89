package desk

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/postgres"
)

// TestQueriesOfItemPages holds that pages about items take no more queries
// for more items.
func TestQueriesOfItemPages(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.draft(413)
	id, other := w.item(w.osman, "Ferry", nil), w.item(w.osman, "Yacht", nil)
	section, _ := w.section(413, "Tools")
	must(t, w.store.OwnSection(t.Context(), w.osman, 413, section.ID, w.osman.ID))
	counter := &queries{}
	config := w.pool.Config().Copy()
	config.ConnConfig.Tracer = counter
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	must(t, err)
	t.Cleanup(pool.Close)
	w.desk.store = postgres.New(pool)
	limits := map[string]int64{
		address.Desk: 16, address.Inbox: 8, address.NewItemWith("https://ferry.example/"): 3, address.DeskItem(id): 6,
		address.DeskItemTo(id, "decline"): 4, address.DeskItemTo(id, "merge"): 6,
		address.DeskItemTo(id, "merge") + "?with=" + idText(other): 5, address.Links + "?url=https://ferry.example": 3,
	}
	few := map[string]int64{}
	for _, items := range []int{0, 30} {
		for i := range items {
			w.item(w.osman, fmt.Sprintf("Inbox%d", i), nil)
			w.item(w.osman, fmt.Sprintf("News%d", i), endOf(413, "News"))
			must(t, w.store.AddBlueNote(t.Context(), w.emil, postgres.Remarked{Item: id}, "@Osman", ""))
			w.add(newsletter.Item{Title: fmt.Sprintf("Bare%d", i), Links: linkTo("https://bare.example/")}, endOf(413, "Tools"))
		}
		for target, limit := range limits {
			counter.n.Store(0)
			w.get(w.osman, target).is(200)
			n := counter.n.Load()
			if n > limit || items > 0 && n != few[target] {
				t.Errorf("%s takes %d queries, with few items %d; at most %d", target, n, few[target], limit)
			}
			few[target] = n
		}
	}
}
