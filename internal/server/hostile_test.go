package server_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// hostile are values that no form of ours sends.
var hostile = []string{
	"a\x00b", "\xff\xfe", "-1", "1e3", "2147483648", "9223372036854775807", "9223372036854775808", "' OR 1=1 --", strings.Repeat("ab ", 20000),
}

// forms of the desk, each with a good value of every field that it reads. ITEM
// stands in a section, INBOX in none.
var forms = []struct{ path, good string }{
	{"/desk/inbox", "item=INBOX&do=hold&section=News&issue=7&reason=x&version=0&q=x&by=x&site=x&age=new&state=inbox&page=1"},
	{"/desk/inbox", "item=INBOX&do=add&section=News&issue=7&version=0"},
	{"/desk/items", "url=&label=&title=x&note=x&section=&issue=&key=k&pasted=x&each=on"},
	{"/desk/items/INBOX", "version=1&note=x&title=x&url=&label=&issue=&section=&event_on=&event_until=&place_name=&sponsored=&stood=&pasted=x&based=x"},
	{"/desk/items/ITEM/move", "issue=7&section=Tools&after=&version=0&to="},
	{"/desk/items/ITEM/history", "restore=1&version=1"},
	{"/desk/items/ITEM/blue-notes", "text=x&key=x&from=item"},
	{"/desk/issues/7", "id=1&version=1&intro=x&based=x&number=7&date=2026-03-01&title=x&summary=x"},
	{"/desk/issues/7/history", "order=1&seen=1&restore="},
	{"/desk/issues/7/history", "restore=1&version=1"},
	{"/desk/issues/7/presence", "item=1"},
	{"/desk/issues/7/blue-notes", "text=x&key=x&from=item"},
	{"/desk/issues/7/sections/SECTION", "title=Vuelos&kind=links&to=&version=0"},
	{"/desk/issues/7/sections/SECTION/owner", "owner=me&from=desk"},
	{"/desk/issues/7/sections/SECTION/progress", "progress=ready&from=desk"},
	{"/desk/issues/7/sections/SECTION/blue-notes", "text=x&key=x&from="},
	{"/desk/blue-notes/NOTE/done", "from=desk"},
	{"/desk/blue-notes/NOTE/open", "from=desk"},
	{"/desk/shortcuts", "single=on"},
}

// asked are pages of the desk with what their addresses can end in.
var asked = []struct{ path, good string }{
	{"/desk", "done=x"},
	{"/desk/inbox", "q=x&by=x&site=x&age=new&state=held&page=1&done=added&n=1&to=News&in=7&left=1"},
	{"/desk/issues/7", "edit=intro&done=x&item=1&moved=1&key=x"},
	{"/desk/issues/7/history", "order=1"},
	{"/desk/issues/7/history", "show=words&page=1&restored=1"},
	{"/desk/items/ITEM", "done=x&issue=7&section=News"},
	{"/desk/items/ITEM/history", "page=1"},
	{"/desk/items/ITEM/move", "issue=7&section=News&after=1&version=1"},
	{"/desk/items/new", "url=x&title=x&note=x&issue=7&section=News"},
	{"/desk/links", "url=x"},
}

// leak finds what only the database or the program says.
var leak = regexp.MustCompile(`SQLSTATE|pgx|encode args|violates|relation "|goroutine `)

// longestAddress is how long an address may be that a form leads to: proxies
// take headers of some 4 KB.
const longestAddress = 4 << 10

// TestHostileValues sends the forms of the desk, plainly and as modules do, and
// asks for its pages, with what no form sends in one field at a time, before a
// good value. Each is answered clearly.
func TestHostileValues(t *testing.T) {
	t.Parallel()
	p, people := desk(t)
	b, real := p.as(t, people[newsletter.Owner]), hostileDesk(t, p, people[newsletter.Owner])
	check := func(what string, form url.Values, w *httptest.ResponseRecorder) {
		location := len(w.Header().Get("Location"))
		if said := leak.FindString(w.Body.String()); w.Code >= http.StatusInternalServerError || said != "" || location > longestAddress {
			t.Errorf("%s %.300q: %d, %q, a Location of %d bytes", what, form, w.Code, said, location)
		}
	}
	var s spoiler
	for _, f := range forms {
		path := real.Replace(f.path)
		s.spoil(t, real.Replace(f.good), func(form url.Values) { check("POST "+path, form, b.Post(path, form)) })
		s.spoil(t, real.Replace(f.good), func(form url.Values) {
			r := httptest.NewRequest(http.MethodPost, string(base)+path, strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("X-Desk", "1")
			check("a module's POST "+path, form, b.Send(r))
		})
	}
	for _, page := range asked {
		path := real.Replace(page.path)
		s.spoil(t, page.good, func(query url.Values) { check("GET "+path, query, b.Get(path+"?"+query.Encode())) })
	}
}

// hostileDesk makes what the forms are about, and puts its ids into them.
func hostileDesk(t *testing.T, p *program, owner newsletter.User) *strings.Replacer {
	t.Helper()
	ids := crowdedDraft(t, p, owner)
	loose, err := p.store.CreateItem(t.Context(), owner, newsletter.Item{Note: "loose"}, nil, "", publish.LinksOf)
	must(t, err)
	must(t, p.store.AddBlueNote(t.Context(), owner, postgres.Remarked{Issue: 7}, "A remark.", ""))
	board, err := p.store.Board(t.Context(), 7)
	must(t, err)
	return strings.NewReplacer("ITEM", fmt.Sprint(ids[0]), "INBOX", fmt.Sprint(loose),
		"SECTION", fmt.Sprint(board.Sections[1].ID), "NOTE", fmt.Sprint(board.BlueNotes[0].ID))
}

// spoiler has the fields of forms take hostile values. It counts what it could
// have sent.
type spoiler int

// spoil has every field of a form take the hostile values in turn: one or two
// of them each, others in the next field, in the usual check; all in the longer one.
func (s *spoiler) spoil(t *testing.T, good string, send func(url.Values)) {
	t.Helper()
	values, err := url.ParseQuery(good)
	must(t, err)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for i, bad := range hostile {
			if os.Getenv("BROADSHEET_LONG") == "" && i%6 != int(*s)%6 {
				continue
			}
			form := maps.Clone(values)
			form[name] = []string{bad, values.Get(name)}
			send(form)
		}
		*s++
	}
}
