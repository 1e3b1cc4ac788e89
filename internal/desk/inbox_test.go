package desk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

func TestItemTemplatesFitTheirViews(t *testing.T) {
	fits(t, homePage)
	fits(t, inboxPage)
	fits(t, newItemPage)
	fits(t, itemPage)
	fits(t, refusedPage)
	fits(t, declinePage)
	fits(t, mergePage)
	fits(t, linksPage)
}

func TestInbox(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.get(w.tove, address.Inbox).is(200, "The inbox is empty")
	w.draft(413)
	w.item(w.emil, "Ferry", nil)
	w.item(w.tove, "Ferry", nil)
	w.place(w.item(w.tove, "Placed", nil), 413, "News")
	id, err := w.store.CreateItem(t.Context(), w.ines, newsletter.Item{Links: []newsletter.Link{{URL: "https://gulls.example/139/#a"}}}, nil, "", publish.LinksOf)
	must(t, err)

	w.get(w.emil, address.Inbox).is(200, `Inbox <span class="count">3</span>`, "About Ferry.", `<b>ferry.example</b>`,
		`Ran in <a href="/issues/139#2">139.2</a>`, "Needs a note", "Also in the inbox, <a", ">Tove</a>", ">Emil</a>",
		"Add to 413", fmt.Sprintf(`href="/desk/items/%d"`, id), "Hold", "Decline")
	w.get(w.tove, address.Inbox).is(200, "About Ferry.").lacks("Add to 413", ">Hold", ">Decline<")
	w.get(w.emil, address.Inbox+"?q=gulls").is(200, "gulls.example").lacks("About Ferry.")
	w.get(w.emil, address.Inbox+"?by=Ines").is(200, "gulls.example").lacks("About Ferry.")
	w.get(w.emil, address.Inbox+"?q=nothing+at+all").is(200, "Nothing here fits", "Show all")
	w.get(w.emil, address.Inbox+"?state=held").is(200, "Nothing is held")
	w.get(w.emil, address.Inbox+"?state=placed").is(200, "About Ferry.").lacks("About Placed.")
	w.get(w.emil, address.Inbox+"?q=%FF%00&page=-3&state=x").is(200)
	must(t, w.store.Decline(t.Context(), w.emil, id, "Seen <before>", "Thanks"))
	w.get(w.emil, address.Inbox+"?state=declined").is(200, "Declined: Seen &lt;before&gt;", "Restore").lacks(">Decline<", "Add to 413")
}

func TestAddFromTheInbox(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	id := w.item(w.emil, "Ferry", nil)
	must(t, w.store.Hold(t.Context(), w.emil, id)) // so that it has moved before
	must(t, w.store.Restore(t.Context(), w.emil, id))
	body := w.get(w.emil, address.Inbox).is(200).Body.String()
	_, order, _ := strings.Cut(body, `name="version" value="`)
	order, _, _ = strings.Cut(order, `"`)
	w.post(w.emil, address.DeskItemTo(id, "move"), form("issue", "413", "section", "News", "version", order))
	if item := w.stored(id); item.Issue != 413 || item.Section != "News" {
		t.Errorf("the item stands in %d, %s", item.Issue, item.Section)
	}
}

func TestInboxHasPages(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	for n := range postgres.DeskPerPage + 1 {
		w.item(w.emil, fmt.Sprintf("Ferry%d", n), nil)
	}
	first := w.get(w.emil, address.Inbox).is(200, "Page 1 of 2", "/desk/inbox?page=2", "About Ferry50.").lacks("About Ferry0.")
	if size := first.Body.Len(); size > 60<<10 {
		t.Errorf("a full page has %d bytes", size)
	}
	w.get(w.emil, address.Inbox+"?page=2&q=ferry").is(200, "Page 2 of 2", `href="/desk/inbox?q=ferry"`, "About Ferry0.")
	w.get(w.emil, address.Inbox+"?page=3").leads("/desk/inbox?page=2")
}

func TestLinks(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.item(w.emil, "Ferry", nil)
	w.get(w.tove, address.Links).is(200, `name="url"`).lacks("never ran", "There is a problem")
	w.get(w.tove, address.Links+"?url=see+https://thoughts.example/tide").is(200, "139.5</a>")
	w.get(w.tove, address.Links+"?url=https://ferry.example").is(200, "Also in the inbox,", "Add it")
	w.get(w.tove, address.Links+"?url=https://new.example").is(200, "It never ran", "/desk/items/new?url=https%3A%2F%2Fnew.example")
	for _, url := range []string{"words", "javascript:alert(1)", "https://", "%FF", "https://a.example/" + strings.Repeat("x", 10000)} {
		w.get(w.tove, address.Links+"?url="+url).is(422, "<title>Error: ", "Address ")
	}
}

func TestLinksForPrograms(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.item(w.emil, "Ferry", nil)
	ask := func(url string) (int, linkAnswer) {
		r := httptest.NewRequest(http.MethodGet, address.Links+"?"+form("url", url), nil)
		r.Header.Set("Accept", "application/json")
		a := w.ask(w.tove, r)
		var got linkAnswer
		if err := json.Unmarshal(a.Body.Bytes(), &got); err != nil || a.Header().Get("Content-Type") != "application/json" {
			t.Fatalf("%s: %v, %s", a.Body, err, a.Header())
		}
		return a.Code, got
	}
	if status, got := ask("https://gulls.example/139/"); status != 200 || len(got.Ran) != 1 || got.Ran[0].Mark != "139.2" || got.Ran[0].State != "published" || got.Ran[0].Date.String() != "2026-10-04" {
		t.Errorf("%d, %+v", status, got)
	}
	if status, got := ask("https://ferry.example/"); status != 200 || len(got.Ran) != 1 || got.Ran[0].State != "inbox" || got.Ran[0].By != "Emil" || got.Ran[0].Mark != "" {
		t.Errorf("%d, %+v", status, got)
	}
	if status, got := ask("https://new.example/"); status != 200 || got.Ran == nil || len(got.Ran) != 0 {
		t.Errorf("%d, %+v", status, got)
	}
	if status, got := ask("javascript:1"); status != 422 || got.Error == "" {
		t.Errorf("%d, %+v", status, got)
	}
}

func TestHome(t *testing.T) {
	w := newWorld(t)
	w.get(w.tove, address.Desk).is(200, "There is no issue yet", "A curator or an owner creates").lacks("Create the first issue")
	w.get(w.osman, address.Desk).is(200, "There is no issue yet", "Create the first issue", "Settings")
	w.draft(414)
	w.draft(413)
	w.item(w.tove, "Ferry", nil)
	w.place(w.item(w.tove, "Gulls", nil), 413, "News")
	w.get(w.tove, address.Desk).is(200, `href="/desk/issues/413">413</a>`, "Sunday, 15 November 2026", "Draft", "One item in the inbox",
		">Ferry</a>", "In the inbox", ">Gulls</a>", "In 413, News", `href="/desk/issues/414">414</a>`)
	w.get(w.emil, address.Desk).is(200, "Nothing yet").lacks(">Ferry</a>")
}

func TestHomeSaysWhatWasPrinted(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	_, err := w.pool.Exec(t.Context(), "UPDATE items SET submitter_id = $1 WHERE place = 3", w.tove.ID)
	must(t, err)
	w.get(w.tove, address.Desk).is(200, "No issue is open", "Printed as 139.3", `href="/issues/139#3"`)
}
