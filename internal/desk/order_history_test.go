package desk

import (
	"fmt"
	"strings"
	"testing"

	"broadsheet/internal/address"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// rows writes an issue's order as "News: Gulls Terns; Tools: Auks", without
// empty sections.
func (w *world) rows(number int) string {
	w.t.Helper()
	var lines []string
	for _, section := range w.written(number).Sections {
		var titles []string
		for _, item := range section.Items {
			titles = append(titles, item.Title)
		}
		if len(titles) > 0 {
			lines = append(lines, section.Title+": "+strings.Join(titles, " "))
		}
	}
	return strings.Join(lines, "; ")
}

// orders returns the orders an issue has had, newest first.
func (w *world) orders(number int) []postgres.EarlierOrder {
	w.t.Helper()
	orders, err := w.store.EarlierOrders(w.t.Context(), w.written(number).ID, 1)
	must(w.t, err)
	return orders
}

// back is the form that wants the nth order before today's, on a page of today.
func (w *world) back(number, n int) string {
	return fmt.Sprintf("order=%d&seen=%d", w.orders(number)[n].Version, w.written(number).Order)
}

func TestAnEarlierOrderIsSeenAndRestored(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	gulls, _ := w.item(w.emil, "Gulls", endOf(413, "News")), w.item(w.emil, "Terns", endOf(413, "News"))
	w.place(gulls, 413, "Events")
	to := address.DeskIssueTo(413, "history")
	old := w.orders(413)[1].Version
	w.get(w.emil, to).is(200, "Emil moved “Gulls” to Events", "Emil added “Terns” to News", "Ines opened the issue",
		fmt.Sprintf(`href="?order=%d"`, old), fmt.Sprintf(`name="order" value="%d"`, old)).
		lacks(fmt.Sprintf(`name="order" value="%d"`, w.orders(413)[0].Version)) // today's
	w.get(w.tove, to).is(200, "Emil moved “Gulls”").lacks(`name="order"`)
	w.get(w.emil, fmt.Sprintf("%s?order=%d", to, old)).is(200, "Emil added “Terns” to News", "<li>Gulls</li>\n<li>Terns</li>", "Restore this order")
	w.get(w.tove, fmt.Sprintf("%s?order=%d", to, old)).is(200).lacks("Restore this order")

	w.post(w.ines, to, w.back(413, 1)).leads(fmt.Sprintf("%s?restored=%d", to, old))
	if got := w.rows(413); got != "News: Gulls Terns" {
		t.Errorf("the order is %q", got)
	}
	w.get(w.ines, fmt.Sprintf("%s?restored=%d", to, old)).is(200, "The earlier order is back", "Ines went back to an earlier order").lacks("Not in the issue")
	w.post(w.emil, to, w.back(413, 1)) // and back again
	if got := w.rows(413); got != "News: Terns; Events: Gulls" {
		t.Errorf("undone, the order is %q", got)
	}
}

func TestARestoredOrderNamesWhatLeft(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	w.draft(414)
	var ids []int64
	for _, title := range []string{"Gulls", "Terns", "Auks", "Owls"} {
		ids = append(ids, w.item(w.emil, title, endOf(413, "News")))
	}
	version := w.orders(413)[0].Version
	w.place(ids[0], 414, "Tools")
	must(t, w.store.Hold(t.Context(), w.emil, ids[1]))
	a, b := w.stored(ids[3]), w.stored(ids[2])
	must(t, w.store.MergeItems(t.Context(), w.emil, a.ID, b.ID, 1, 1, a.Item, publish.LinksOf))
	to := address.DeskIssueTo(413, "history")
	said := "left where they are: Gulls (in 414, Tools), Terns (held for a later issue), one item merged into others."
	w.get(w.emil, fmt.Sprintf("%s?order=%d", to, version)).is(200, said, "<li>Gulls</li>", "<li>An item that is gone</li>")
	w.post(w.emil, to, fmt.Sprintf("order=%d&seen=%d", version, w.written(413).Order)).leads(fmt.Sprintf("%s?restored=%d", to, version))
	w.get(w.emil, fmt.Sprintf("%s?restored=%d", to, version)).is(200, said)
	if w.rows(413) != "News: Owls" || w.rows(414) != "Tools: Gulls" {
		t.Errorf("the orders are %q and %q", w.rows(413), w.rows(414))
	}
}

func TestAnOrderMovedMeanwhileIsShown(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	w.draft(414)
	gulls, _ := w.item(w.emil, "Gulls", endOf(413, "News")), w.item(w.emil, "Terns", endOf(413, "News"))
	to := address.DeskIssueTo(413, "history")
	wish := w.back(413, 1)
	w.place(gulls, 413, "Events")
	conflict := w.post(w.ines, to, wish).is(409, "The order of 413 was changed meanwhile", "Emil moved “Gulls” to Events", "Nothing was changed",
		"Emil added “Gulls” to News", "<li>Terns</li>", "Restore this order all the same")
	if got := w.rows(413); got != "News: Terns; Events: Gulls" {
		t.Errorf("the order is %q", got)
	}
	conflict.is(409, fmt.Sprintf(`name="seen" value="%d"`, w.written(413).Order))
	w.post(w.ines, to, strings.Split(wish, "&")[0]).is(409) // whoever saw nothing
	w.item(w.emil, "Elsewhere", endOf(414, "News"))
	w.post(w.ines, to, w.back(413, 2)).is(303)

	w.post(w.tove, to, wish).is(403)
	w.post(w.ines, to, fmt.Sprintf("order=%d&seen=%d", w.orders(414)[0].Version, w.written(413).Order)).is(404)
	w.get(w.ines, to+"?order=77777").is(404)
	w.get(w.ines, to+"?order=x").is(404)
	w.get(w.ines, to+"?restored=77777").is(200).lacks("is back")
}
