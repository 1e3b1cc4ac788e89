package desk

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/postgres"
)

// sectionID returns the id of a section of an issue by its heading.
func (w *world) sectionID(number int, title string) string {
	w.t.Helper()
	section, _ := w.section(number, title)
	return fmt.Sprint(section.ID)
}

// sorted sends the form of several items and returns the list it leads to.
func (w *world) sorted(by newsletter.User, pairs ...string) (list answer, to *url.URL) {
	w.t.Helper()
	sent := w.post(by, address.Inbox, form(pairs...)).is(303)
	to, err := url.Parse(sent.Header().Get("Location"))
	must(w.t, err)
	return w.get(by, to.String()), to
}

func TestSeveralItemsAreAdded(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	gulls, ferry, rope := w.item(w.tove, "Gulls", nil), w.item(w.tove, "Ferry", nil), w.item(w.emil, "Rope", nil)
	news := w.sectionID(413, "News")
	page := w.get(w.emil, address.Inbox).is(200, `<form class="bulk" id="bulk"`, fmt.Sprintf(`form="bulk" name="item" value="%d"`, ferry), "Choose Ferry",
		fmt.Sprintf(`<li id="item-%d" data-item="%d"`, ferry, ferry), `<option value="`+news+`" selected>News</option>`, "Add to 413").Body.String()
	var order []string
	for _, option := range regexp.MustCompile(`<option value="\d+"[^>]*>(\w+)<`).FindAllStringSubmatch(page, -1) {
		order = append(order, option[1])
	}
	if got := strings.Join(order, " "); got != "Sponsor News Events Tools Jobs" {
		t.Errorf("the sections are offered as %s", got)
	}
	list, to := w.sorted(w.emil, "do", "add", "section", news, "item", idText(rope), "item", idText(gulls), "item", idText(ferry),
		"q", "e", "by", "", "page", "1", "version", "9")
	list.is(200, `role="status">3 items added to News in 413.`, "Nothing here fits")
	if to.Query().Get("q") != "e" || to.Query().Has("by") || to.Query().Has("state") {
		t.Errorf("the form leads to %s", to)
	}
	var titles []string
	for _, item := range w.written(413).Sections[1].Items {
		titles = append(titles, item.Title)
	}
	if got := strings.Join(titles, " "); got != "Rope Gulls Ferry" {
		t.Errorf("News holds %s", got)
	}
	again := w.item(w.emil, "Yacht", nil)
	list, _ = w.sorted(w.emil, "do", "add", "issue", "413", "section", "tools", "item", idText(again)) // as scripts name it
	list.is(200, "1 item added to Tools in 413.")
}

func TestItemsThatCannotBeSortedAreNamed(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.draft(413)
	gulls, ferry, rope, yacht := w.item(w.tove, "Gulls", nil), w.item(w.tove, "Ferry", nil), w.item(w.tove, "<b>Rope", nil), w.item(w.tove, "Yacht", nil)
	order, err := w.store.Order(t.Context())
	must(t, err)
	w.place(ferry, 413, "Events") // by Emil
	must(t, w.store.Decline(t.Context(), w.ines, rope, "no", ""))
	list, _ := w.sorted(w.osman, "do", "hold", "version", fmt.Sprint(order), "item", idText(gulls), "item", idText(ferry), "item", idText(rope), "item", "999999", "item", idText(gulls))
	list.is(200, "1 item held. Left as they are: “Ferry” was put into Events in 413 by Emil; “&lt;b&gt;Rope” was declined by Ines; one is gone, merged with another.")
	if w.stored(gulls).State != newsletter.Held || w.stored(ferry).Issue != 413 || w.stored(rope).State != newsletter.Declined {
		t.Error("something else was done")
	}
	list, _ = w.sorted(w.osman, "do", "add", "section", w.sectionID(413, "News"), "version", fmt.Sprint(order), "item", idText(ferry), "item", idText(yacht))
	list.is(200, "1 item added to News in 413. Left as it is: “Ferry” was put")
	list, _ = w.sorted(w.osman, "do", "restore", "item", idText(ferry))
	list.is(200, "Nothing was restored to the inbox. Left as it is:")
	w.get(w.osman, address.Inbox+"?done=added&n=x&left=y").is(200).lacks("added", "Left as")
	w.get(w.osman, address.Inbox+"?done=%3Cb%3E&n=3&to=%3Cb%3E").is(200).lacks("<b>3", "3 items")
}

func TestSeveralItemsAreDeclinedAndRestored(t *testing.T) {
	w := newWorld(t)
	one, two := w.item(w.tove, "Ferry", nil), w.item(w.tove, "Gulls", nil)
	w.get(w.emil, address.Inbox).is(200, `value="decline"`, `value="hold"`, `name="reason"`).lacks(`value="restore"`, `name="section"`, "Add to") // there is no issue
	w.post(w.emil, address.Inbox, form("do", "decline", "item", idText(two), "q", "g")).
		is(422, "<title>Error: Inbox", `<a href="#reason">Reason to decline is empty`, fmt.Sprintf(`value="%d" id="choose-%d" checked`, two, two), `value="g"`)
	list, _ := w.sorted(w.emil, "do", "decline", "reason", "Too old", "item", idText(one), "item", idText(two))
	list.is(200, "2 items declined.")
	w.get(w.emil, address.Inbox+"?state=declined").is(200, "Declined: Too old", `value="restore"`).lacks(`value="decline"`, `value="hold"`)
	list, to := w.sorted(w.emil, "do", "restore", "state", "declined", "item", idText(one))
	list.is(200, "1 item restored to the inbox.", "Declined <span")
	if to.Query().Get("state") != "declined" || w.stored(one).State != newsletter.Inbox {
		t.Errorf("%s is %s", to, w.stored(one).State)
	}
}

func TestWrongChoicesChangeNothing(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.draft(413)
	id, other := w.item(w.tove, "Ferry", nil), w.item(w.tove, "Gulls", nil)
	many := []string{"do", "hold"}
	for n := range 201 {
		many = append(many, "item", fmt.Sprint(1000+n))
	}
	printed := w.sectionID(139, "News")
	for name, test := range map[string]struct {
		sent []string
		says string
	}{
		"nothing":         {[]string{"do", "hold"}, "The choice is empty, and nothing was changed; choose one item or more"},
		"many":            {many, "The choice has 201 items; at most 200 at once"},
		"no number":       {[]string{"do", "hold", "item", "x"}, "The choice names what is no item"},
		"no deed":         {[]string{"item", idText(id)}, "Do is missing"},
		"another deed":    {[]string{"do", "delete", "item", idText(id)}, "Do is missing"},
		"no section":      {[]string{"do", "add", "item", idText(id)}, "Section is missing"},
		"no such section": {[]string{"do", "add", "section", "999", "item", idText(id)}, "Section stands in no issue that is open"},
		"a printed one":   {[]string{"do", "add", "section", printed, "item", idText(id)}, "Section stands in no issue that is open"},
		"no such heading": {[]string{"do", "add", "issue", "413", "section", "Weather", "item", idText(id)}, "Section does not stand in issue 413"},
		"no such issue":   {[]string{"do", "add", "issue", "77", "section", "News", "item", idText(id)}, "Issue 77 does not exist"},
		"no issue":        {[]string{"do", "add", "issue", "x", "section", "News", "item", idText(id)}, "Issue is no number"},
		"long reason":     {[]string{"do", "decline", "reason", strings.Repeat("x", 301), "item", idText(id)}, "Reason to decline is too long"},
		"version":         {[]string{"do", "hold", "item", idText(id), "version", "x"}, "Version is not a whole number"},
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			w.post(w.emil, address.Inbox, form(append(test.sent, "item", "")...)[:len(form(test.sent...))]).is(422, "<title>Error: ", "There is a problem", test.says)
		})
	}
	w.t = t
	w.post(w.emil, address.Inbox, form("do", "add", "issue", "139", "section", "News", "item", idText(id))).is(403, "Section cannot take them: a printed issue", fmt.Sprintf(`id="choose-%d" checked`, id))
	w.post(w.tove, address.Inbox, form("do", "hold", "item", idText(id))).is(303) // the guard, which is not here, refuses it before
	if w.stored(id).State != newsletter.Inbox || w.stored(other).State != newsletter.Inbox {
		t.Error("something was sorted")
	}
	w.place(other, 413, "News")
	w.post(w.emil, address.Inbox, form("item", idText(other), "item", idText(id))).is(422, "No longer in this list: “Gulls” was put into News in 413 by Emil.")
	w.postKept(w.emil, address.Inbox, form("do", "decline", "reason", "Typed before", "item", idText(id))).
		is(200, "Nothing is lost", `value="Typed before"`, fmt.Sprintf(`id="choose-%d" checked`, id))
}

func TestInboxIsFiltered(t *testing.T) {
	w := newWorld(t)
	old, held := w.item(w.tove, "Ferry", nil), w.item(w.tove, "Terns", nil)
	w.item(w.emil, "Gulls", nil)
	now := w.desk.clock()
	_, err := w.pool.Exec(t.Context(), "UPDATE items SET submitted_at = CASE id WHEN $1 THEN $2::timestamptz ELSE $3 END", old, now.AddDate(0, 0, -40), now.Add(-time.Hour))
	must(t, err)
	must(t, w.store.Hold(t.Context(), w.emil, held))

	w.get(w.emil, address.Inbox).is(200, ">Inbox 2</a>", ">Held 1</a>", ">Declined 0</a>").lacks("Only items", "Show all")
	w.get(w.emil, address.Inbox+"?q=tove").is(200, "About Ferry.", ">Inbox 1</a>", ">Held 1</a>", `href="/desk/inbox?q=tove&amp;state=held"`).lacks("About Gulls.")
	w.get(w.emil, address.Inbox+"?site=www.gulls.example").is(200, "About Gulls.", "of www.gulls.example", `href="/desk/inbox">Show all`).lacks("About Ferry.")
	w.get(w.emil, address.Inbox+"?age=month").is(200, "About Ferry.", "sent over a month ago").lacks("About Gulls.")
	w.get(w.emil, address.Inbox+"?age=quarter").is(200, "Nothing here fits").lacks("About Ferry.")
	w.get(w.emil, address.Inbox+"?age=new").is(200, "About Gulls.", `<option value="new" selected>`).lacks("About Ferry.")
	w.get(w.emil, address.Inbox+"?age=ice").is(200, "About Gulls.", "About Ferry.").lacks("Only items")
	w.get(w.emil, address.Inbox+"?by=Nobody").is(200, `<option value="Nobody" selected>`, "Nothing here fits")
	w.get(w.emil, address.Inbox+"?age=month&by=Tove&q=ferry&site=ferry.example").is(200, "About Ferry.",
		`href="/desk/inbox?age=month&amp;by=Tove&amp;q=ferry">of ferry.example`, `href="/desk/inbox?age=month&amp;q=ferry&amp;site=ferry.example">by Tove`,
		`name="age" value="month"`, `name="site" value="ferry.example"`)
	w.draft(413)
	w.get(w.emil, "/desk/issues/413?q=tove").is(200, "About Ferry.", "About Terns.").lacks("About Gulls.")
}

func TestNoticeOutlivesThePageItWasFor(t *testing.T) {
	w := newWorld(t)
	last := w.item(w.emil, "Last", nil)
	for n := range postgres.DeskPerPage {
		w.item(w.emil, fmt.Sprintf("Ferry%d", n), nil)
	}
	list, to := w.sorted(w.emil, "do", "hold", "page", "2", "item", idText(last))
	if to.Query().Get("page") != "2" {
		t.Errorf("it leads to %s", to)
	}
	list.is(303)
	w.get(w.emil, list.Header().Get("Location")).is(200, "1 item held.")
}
