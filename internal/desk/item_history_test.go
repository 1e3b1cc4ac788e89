package desk

import (
	"fmt"
	"testing"

	"broadsheet/internal/address"
	"broadsheet/internal/exchange"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/publish"
)

func TestAnItemShowsWhatItSaid(t *testing.T) {
	w := newWorld(t)
	id := w.item(w.tove, "Ferry", nil)
	must(t, w.save(w.emil, id, 1, "About a small Ferry."))
	must(t, w.save(w.ines, id, 2, "About a small <b>old</b> Ferry."))
	to := address.DeskItemTo(id, "history")
	page := w.get(w.emil, to).is(200, "<b>Ines</b>", "About a small <ins>&lt;b&gt;old&lt;/b&gt; </ins>Ferry.", "<b>Emil</b>", "About <ins>a small </ins>Ferry.",
		"<b>Tove</b>", "About Ferry.", "https://ferry.example/", "As it is now", `name="restore" value="2"`, `name="version" value="3"`)
	page.lacks(`name="restore" value="3"`)
	w.get(w.tove, to).is(200).is(200, `value="1"`) // it is hers, and in the inbox
	w.get(w.emil, address.DeskItem(id)).is(200, `href="`+to+`">History`)

	w.draft(413)
	w.place(id, 413, "News")
	w.get(w.tove, to).is(200, "Ines", "Board of 413").lacks(`name="restore"`)
	w.post(w.tove, to, "restore=1&version=3").is(403)
	w.get(w.emil, address.DeskItemTo(9999, "history")).is(404)
}

func TestWhatAnItemSaidComesBack(t *testing.T) {
	w := newWorld(t)
	id := w.item(w.tove, "Ferry", nil)
	first := w.stored(id).Item
	must(t, w.save(w.emil, id, 1, "Something else."))
	changed := w.stored(id).Item
	changed.Title, changed.Links, changed.Sponsored, changed.PlaceName = "Boat", nil, true, "Pier 4"
	changed.EventOn = newsletter.Date{Year: 2026, Month: 11, Day: 20}
	_, err := w.store.SaveItem(t.Context(), w.emil, id, 2, changed, publish.LinksOf)
	must(t, err)
	to := address.DeskItemTo(id, "history")

	w.post(w.ines, to, "restore=1&version=3").leads(address.DeskItem(id) + "?done=saved")
	got := w.stored(id)
	if got.Version != 4 || got.ChangedBy != "Ines" || got.Note != first.Note || got.Title != "Ferry" || len(got.Links) != 1 || got.Sponsored || got.PlaceName != "" || !got.EventOn.IsZero() {
		t.Errorf("stored %+v", got)
	}
	w.post(w.ines, to, "restore=3&version=4").leads(address.DeskItem(id) + "?done=saved")
	if got := w.stored(id); got.Title != "Boat" || got.EventOn != changed.EventOn || !got.Sponsored || len(got.Links) != 0 {
		t.Errorf("stored %+v", got)
	}
	w.post(w.ines, to, "restore=3&version=5").leads(address.DeskItem(id) + "?done=saved")
	if got := w.stored(id); got.Version != 5 {
		t.Errorf("the same words again are version %d", got.Version)
	}
	w.post(w.ines, to, "restore=17&version=5").is(404)
	w.post(w.ines, to, "").is(422, "Version is missing")
	w.post(w.ines, to, "restore=x&version=5").is(422)
}

func TestWhatComesBackReplacesNothingUnseen(t *testing.T) {
	w := newWorld(t)
	id := w.item(w.tove, "Ferry", nil)
	must(t, w.save(w.emil, id, 1, "About a small ferry."))
	must(t, w.save(w.ines, id, 2, "About a big ferry."))
	conflict := w.post(w.emil, address.DeskItemTo(id, "history"), "restore=1&version=2").
		is(409, "Ines changed this note while you were writing", "Nothing is lost", "About <mark>Ferry.</mark>", "<mark>a big ferry.</mark>")
	if got := w.stored(id); got.Note != "About a big ferry." {
		t.Errorf("stored %q", got.Note)
	}
	w.post(w.emil, address.DeskItem(id), again(conflict)).leads(address.DeskItem(id) + "?done=saved")
	if got := w.stored(id); got.Note != "About Ferry." || got.Version != 4 {
		t.Errorf("stored %+v", got)
	}
}

func TestLongHistoriesArePaged(t *testing.T) {
	w := newWorld(t)
	id := w.item(w.tove, "Ferry", nil)
	for n := range 24 {
		must(t, w.save(w.emil, id, n+1, fmt.Sprintf("Note %d.", n+2)))
	}
	to := address.DeskItemTo(id, "history")
	w.get(w.emil, to).is(200, "Note <del>24. </del><ins>25.</ins>", "Note <del>5. </del><ins>6.</ins>", `href="?page=2">Older`).lacks("Newer", "<ins>5.</ins>")
	w.get(w.emil, to+"?page=2").is(200, "<ins>5.</ins>", "About Ferry.", `href="?page=1">Newer`).lacks("Older")
	w.get(w.emil, to+"?page=9").is(200, "does not go back that far")
}

func TestAnImportedItemHasNoHistoryYet(t *testing.T) {
	w := newWorld(t)
	_, err := publish.Import(t.Context(), w.store, exchange.Document{Items: []newsletter.Item{
		{Note: "Came by mail.", State: newsletter.Inbox, SubmittedBy: "Wren"},
	}, Complete: true}, "test")
	must(t, err)
	items, err := w.store.LooseItems(t.Context())
	must(t, err)
	id := items[0].ID
	w.get(w.emil, address.DeskItemTo(id, "history")).is(200, "Nobody has changed its words since it came from Wren")
	must(t, w.save(w.emil, id, 1, "Came by ferry."))
	w.get(w.emil, address.DeskItemTo(id, "history")).is(200, "Came by <del>mail. </del><ins>ferry.</ins>", "<b>Wren</b>", "Came by mail.")
}
