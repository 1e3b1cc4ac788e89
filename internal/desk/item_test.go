package desk

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
)

func TestWhereItRanIsShownBeforeTyping(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.item(w.emil, "Ferry", nil)
	w.get(w.tove, address.NewItemWith("HTTP://gulls.example/139/?utm_source=x#top")).
		is(200, `value="HTTP://gulls.example/139/?utm_source=x#top"`, `Ran in <a href="/issues/139#2">139.2</a>`, "A lighthouse keeper counts gulls")
	w.get(w.tove, address.NewItemWith("https://ferry.example/")).is(200, `Also in the inbox, <a href="/desk/inbox">Emil</a>`)
	w.get(w.emil, address.NewItemWith("https://ropeworks.example/139")).is(200, "139.1</a>, paid")
	w.get(w.tove, address.NewItemWith("https://new.example/")).is(200).lacks("is known already", `class="ran"`)
}

func TestAnythingPastedFillsTheForm(t *testing.T) {
	w := newWorld(t)
	for query, want := range map[string][]string{
		form("url", "Gulls, counted\nhttps://gulls.example/1"):         {`value="https://gulls.example/1"`, `name="title" class="printed" value="Gulls, counted"`},
		form("title", "Gulls", "note", "https://gulls.example/1"):      {`value="https://gulls.example/1"`, `name="title" class="printed" value="Gulls"`},
		form("url", "https://a.example/", "title", "A", "note", "Why"): {`value="https://a.example/"`, `value="A"`, "\nWhy</textarea>"},
		form("url", "javascript:alert(1)"):                             {`value="javascript:alert(1)"`, "There is no web address"},
		form("url", "\xff\x00"):                                        {"\uFFFD"},
		"url=" + strings.Repeat("x", 10000):                            {"There is no web address"},
	} {
		w.get(w.tove, address.NewItem+"?"+query).is(200, want...)
	}
	body := w.get(w.tove, address.NewItem).is(200).Body.String()
	if rows := strings.Count(body, `name="url" value=""`); rows != 3 {
		t.Errorf("%d empty rows for links", rows)
	}
	w.get(w.tove, address.NewItem).lacks(`name="issue"`, `name="section"`)
}

func TestItemIsCreatedOnce(t *testing.T) {
	w := newWorld(t)
	sent := form("url", " https://ferry.example/log\n", "label", "", "url", "see https://yacht.example/log", "label", "",
		"title", "Two views", "note", "Read\r\nboth.", "event_on", "2026-12-01", "event_until", "2026-12-02", "place_name", "Bergen", "key", "k1",
		"role", "owner", "state", "placed", "id", "7", "version", "9")
	first := w.post(w.tove, address.Items, sent)
	id := idOf(t, first)
	w.post(w.tove, address.Items, sent).leads(address.DeskItem(id) + "?done=saved")
	got := w.stored(id)
	want := newsletter.Item{
		ID: id, State: newsletter.Inbox, Title: "Two views", Note: "Read\nboth.", PlaceName: "Bergen", SubmittedBy: "Tove",
		Links:   []newsletter.Link{{URL: "https://ferry.example/log"}, {URL: "https://yacht.example/log", Text: "see"}},
		EventOn: newsletter.Date{Year: 2026, Month: 12, Day: 1}, EventUntil: newsletter.Date{Year: 2026, Month: 12, Day: 2}, SubmittedAt: got.SubmittedAt,
	}
	if diff := cmp.Diff(want, got.Item); diff != "" || got.SubmitterID != w.tove.ID {
		t.Errorf("stored by %d:\n%s", got.SubmitterID, diff)
	}
	if n, _, err := w.store.DeskCounts(t.Context()); n != 1 || err != nil {
		t.Errorf("%d items, %v", n, err)
	}
	w.get(w.tove, address.DeskItem(id)+"?done=saved").
		is(200, "As it will be printed", "<p>Read\nboth.</p>", `>1</time> to <time`, "2 December 2026", "Bergen", `role="status">Saved.`)
}

// idOf returns the id of the item that a form led to.
func idOf(t *testing.T, a answer) int64 {
	t.Helper()
	var id int64
	if _, err := fmt.Sscanf(a.Header().Get("Location"), "/desk/items/%d", &id); err != nil || a.Code != http.StatusSeeOther {
		t.Fatalf("%s: %d to %q\n%s", a.what, a.Code, a.Header().Get("Location"), a.Body)
	}
	return id
}

func TestItemGoesIntoAnIssue(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	w.get(w.emil, address.NewItem).is(200, `value="add-413">Save and add to 413`, `<option value="News" selected>News`)
	board, err := w.store.Board(t.Context(), 413)
	must(t, err)
	w.get(w.emil, fmt.Sprintf("%s?issue=413&section=%d", address.NewItem, board.Sections[3].ID)).is(200, `<option value="Tools" selected>`, `<option value="413" selected>`)
	for _, sent := range []string{
		form("note", "One.", "issue", "", "section", "Tools", "do", "add-413"),
		form("note", "Two.", "issue", "413", "section", "tools"),
	} {
		if item := w.stored(idOf(t, w.post(w.emil, address.Items, sent))); item.Issue != 413 || item.Section != "Tools" {
			t.Errorf("%s: the item stands in %d, %s", sent, item.Issue, item.Section)
		}
	}
	if item := w.stored(idOf(t, w.post(w.emil, address.Items, form("note", "Three.", "issue", "", "section", "Tools")))); item.State != newsletter.Inbox {
		t.Errorf("without an issue the item is %s", item.State)
	}
	for _, sent := range []string{form("note", "x", "issue", "413"), form("note", "x", "section", "News"), form("note", "x", "issue", "", "section", "")} {
		w.post(w.tove, address.Items, sent).is(403)
	}
	w.post(w.tove, address.Items, form("note", "x", "section", "", "do", "another")).is(403)
}

func TestWrongItemsComeBackAsTheyWereTyped(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.draft(413)
	id := w.item(w.emil, "Ferry", nil)
	for name, test := range map[string]struct{ form, says, keeps string }{
		"nothing":            {"", "Link 1 is empty; an item has a note, a title or a link", ""},
		"no address":         {form("url", "only words", "note", "kept"), "Link 1 is not a web address", `value="only words"`},
		"a script":           {form("url", "javascript:alert(1)"), "Link 1 is not a web address", `value="javascript:alert(1)"`},
		"no host":            {form("url", "https://"), "Link 1 is not a web address", `value="https://"`},
		"the second link":    {form("url", "https://a.example", "url", "b"), "Link 2 is not a web address", `value="https://a.example"`},
		"10 kB":              {form("url", "https://a.example/"+strings.Repeat("x", 10_000)), "at most 2048", "xxxx"},
		"text, no address":   {form("url", "", "label", "The log", "note", "x"), "Link 1 is empty, but has a text", `value="The log"`},
		"long text":          {form("url", "https://a.example", "label", strings.Repeat("x", 301)), "Text of link 1 has 301 characters", "xxxx"},
		"long note":          {form("note", strings.Repeat("x", 8193)), "Note has 8193 bytes", "xxxx"},
		"deep note":          {form("note", strings.Repeat("> ", 11)+"x"), "inside each other", "&gt; &gt;"},
		"NUL":                {form("title", "a\x00b"), "Title holds characters that cannot be shown", "a\uFFFDb"},
		"not UTF-8":          {form("note", "a\xffb"), "Note holds characters that cannot be shown", "a\uFFFDb"},
		"control in address": {form("url", "https://a.example/\x01"), "Link 1 holds characters that cannot be shown", "https://a.example/\uFFFD"},
		"no such day":        {form("note", "x", "event_on", "2026-02-30"), "First day of the event is no day of the calendar", `value="2026-02-30"`},
		"last before first":  {form("note", "x", "event_on", "2026-03-02", "event_until", "2026-03-01"), "is before the first day", `value="2026-03-02"`},
		"last without first": {form("note", "x", "event_until", "2026-03-01"), "First day of the event is empty", `value="2026-03-01"`},
		"no number":          {form("note", "x", "issue", "abc", "section", "News"), "Issue is no number", ""},
		"no such issue":      {form("note", "x", "issue", "77", "section", "News"), "Issue", ""},
		"a printed issue":    {form("note", "x", "issue", "0139", "section", "News"), "Issue is no number", ""},
		"no section":         {form("note", "x", "issue", "413"), "Section is missing", ""},
		"no such section":    {form("note", "kept", "issue", "413", "section", "Weather"), "Section", "kept"},
		"many links":         {strings.Repeat("url=https://a.example&", 51), "at most 50", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			edited := test.form + "&version=1"
			w.post(w.emil, address.Items, test.form).is(422, "<title>Error: ", "There is a problem", test.says, test.keeps)
			w.post(w.emil, address.DeskItem(id), edited).is(422, "<title>Error: ", "There is a problem", test.says, test.keeps)
		})
	}
	w.t = t
	if item := w.stored(id); item.Version != 1 || item.Issue != 0 {
		t.Errorf("something was saved: %+v", item)
	}
	w.post(w.emil, address.Items, form("note", "kept", "issue", "139", "section", "News")).is(403, "Issue cannot take it: a printed issue changes by correction only", "\nkept</textarea>")
}

func TestProblemsLeadToTheirFields(t *testing.T) {
	w := newWorld(t)
	body := w.post(w.tove, address.Items, form("url", "a b", "label", strings.Repeat("x", 301), "note", "x", "event_on", "soon")).is(422).Body.String()
	for _, anchor := range regexp.MustCompile(`<li><a href="#([^"]+)">`).FindAllStringSubmatch(body, -1) {
		if !strings.Contains(body, ` id="`+anchor[1]+`"`) {
			t.Errorf("a problem leads to %s, which is not there", anchor[1])
		}
	}
}

func TestLinksAreArrangedWithoutSaving(t *testing.T) {
	w := newWorld(t)
	links := []string{"url", "https://a.example/", "label", "A", "url", "https://b.example/", "label", "B", "note", "kept"}
	order := func(a answer) string {
		var urls []string
		for _, m := range regexp.MustCompile(`name="url" value="([^"]*)"`).FindAllStringSubmatch(a.is(200, "kept").Body.String(), -1) {
			urls = append(urls, strings.TrimSuffix(strings.TrimPrefix(m[1], "https://"), ".example/"))
		}
		return strings.TrimRight(strings.Join(urls, " "), " ")
	}
	for do, want := range map[string]string{"up-2": "b a", "down-1": "b a", "up-1": "a b", "down-2": "a b", "up-9": "a b", "down-x": "a b", "another": "a b", "look": "a b"} {
		if got := order(w.post(w.tove, address.Items, form(append(links, "do", do)...))); got != want {
			t.Errorf("%s: %s, want %s", do, got, want)
		}
	}
	rows := func(a answer) int { return strings.Count(a.Body.String(), ` id="url-`) }
	three := append([]string{"url", "https://c.example/"}, links...)
	before := rows(w.post(w.tove, address.Items, form(append(three, "do", "look")...)))
	empty := []string{}
	for range before {
		empty = append(empty, "url", "", "label", "")
	}
	if after := rows(w.post(w.tove, address.Items, form(append(empty, "do", "another")...))); after != before+1 {
		t.Errorf("%d rows after %d", after, before)
	}
	if n, _, err := w.store.DeskCounts(t.Context()); n != 0 || err != nil {
		t.Errorf("%d items were saved, %v", n, err)
	}
}

func TestItemIsEdited(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	id := w.item(w.emil, "Ferry", nil)
	w.get(w.emil, address.DeskItem(id)).is(200, `name="version" value="1"`, "\nAbout Ferry.</textarea>", `value="https://ferry.example/"`, "In the inbox", `class="prose"`)
	w.post(w.ines, address.DeskItem(id), form("url", "https://ferry.example/", "note", "Better.", "version", "1")).leads(address.DeskItem(id) + "?done=saved")
	if item := w.stored(id); item.Note != "Better." || item.Version != 2 || item.ChangedBy != "Ines" || item.State != newsletter.Inbox {
		t.Errorf("stored %+v", item)
	}
	w.post(w.emil, address.DeskItem(id), form("note", "Placed.", "version", "2", "issue", "413", "section", "Tools", "stood", "")).leads(address.DeskItem(id) + "?done=saved")
	if item := w.stored(id); item.Issue != 413 || item.Section != "Tools" || item.Note != "Placed." {
		t.Errorf("stored %+v", item)
	}
	w.get(w.emil, address.DeskItem(id)).is(200, `<option value="Tools" selected>`, `<option value="413" selected>`, `name="stood" value="413/Tools"`)
	w.post(w.emil, address.DeskItem(id), form("note", "Back.", "version", "3", "issue", "", "section", "Tools", "stood", "413/Tools")).leads(address.DeskItem(id) + "?done=saved")
	if item := w.stored(id); item.Issue != 0 || item.State != newsletter.Inbox || item.Note != "Back." {
		t.Errorf("stored %+v", item)
	}
}

func TestPlaceAndWordsAreSavedTogetherOrNotAtAll(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	id := w.item(w.emil, "Ferry", nil)
	must(t, w.save(w.ines, id, 1, "Theirs."))
	w.post(w.emil, address.DeskItem(id), form("note", "Mine.", "version", "1", "issue", "413", "section", "News", "stood", "")).is(409)
	if item := w.stored(id); item.Issue != 0 || item.Note != "Theirs." {
		t.Errorf("half of it was saved: %+v", item)
	}
}

// save saves a note as somebody, as a form of its own would.
func (w *world) save(by newsletter.User, id int64, version int, note string) error {
	item := w.stored(id).Item
	item.Note = note
	_, err := w.store.SaveItem(w.t.Context(), by, id, version, item, func(string) []newsletter.Link { return nil })
	return err
}

func TestContributorsEditTheirOwnWhileItWaits(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.draft(413)
	own, other, placed := w.item(w.tove, "Ferry", nil), w.item(w.emil, "Gulls", nil), w.item(w.tove, "Rope", nil)
	w.place(placed, 413, "News")
	w.get(w.tove, address.DeskItem(own)).is(200).lacks(`name="issue"`, "/decline", "/merge")
	w.post(w.tove, address.DeskItem(own), form("note", "Mine.", "version", "1")).leads(address.DeskItem(own) + "?done=saved")
	w.post(w.tove, address.DeskItem(own), form("note", "Mine.", "version", "2", "section", "News")).is(403)
	for _, id := range []int64{other, placed} {
		w.get(w.tove, address.DeskItem(id)).is(403)
		w.post(w.tove, address.DeskItem(id), form("url", "https://kept.example/", "note", "Words to keep.", "version", "1")).
			is(403, "Words to keep.", "https://kept.example/", "while these wait in the inbox")
	}
	var printed int64
	must(t, w.pool.QueryRow(t.Context(), "SELECT id FROM items WHERE place = 2").Scan(&printed))
	w.post(w.ines, address.DeskItem(printed), form("note", "Kept words.", "version", "1")).is(403, "Kept words.", "correction")
}

func TestUnknownItems(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/desk/items/999999", "/desk/items/99999999999999999999", "/desk/items/0"} {
		w.get(w.emil, path).is(404)
		w.post(w.emil, path, "").is(404)
	}
	w.post(w.emil, "/desk/items/999999", form("note", "Not lost.", "version", "3")).is(404, "\nNot lost.</textarea>", `action="/desk/items"`, "was merged into another or removed")
}

func TestKeptItemsComeBackUnsaved(t *testing.T) {
	w := newWorld(t)
	id := w.item(w.tove, "Ferry", nil)
	w.postKept(w.tove, address.Items, form("url", "https://a.example/", "note", "Typed before.", "key", "k7")).
		is(200, "\nTyped before.</textarea>", `name="key" value="k7"`, `value="https://a.example/"`, "Nothing is lost")
	w.postKept(w.tove, address.DeskItem(id), form("note", "Typed before.", "version", "1")).is(200, "\nTyped before.</textarea>", `name="version" value="1"`, "Nothing is lost")
	if item := w.stored(id); item.Version != 1 {
		t.Error("a kept form was saved")
	}
	if n, _, err := w.store.DeskCounts(t.Context()); n != 1 || err != nil {
		t.Errorf("%d items, %v", n, err)
	}
}
