package server_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/browsertest"
	"broadsheet/internal/exchange"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// objects makes what routes are asked about. Deeds change them, so every
// question gets new ones; printed issues cannot change and are made once.
type objects struct {
	t       *testing.T
	p       *program
	people  map[newsletter.Role]newsletter.User
	numbers int
	asked   int
	printed postgres.Board
}

// object is something a route can be asked about, and what decides who may.
type object struct {
	name   string
	path   func(pattern string) string
	policy newsletter.Object
	there  bool
	aside  func() string // what the route must leave alone, though it is named; nil: nothing
}

func (o *objects) issue(state newsletter.IssueState) postgres.Board {
	o.t.Helper()
	o.numbers++
	issue := newsletter.Issue{
		Number: o.numbers, Date: newsletter.Date{Year: 2026, Month: 3, Day: 1}, State: state,
		Sections: []newsletter.Section{{Title: "News", Kind: newsletter.KindLinks, Of: "News",
			Items: []newsletter.Item{{Note: "placed"}}}},
	}
	if state == newsletter.Scheduled {
		issue.ScheduledAt = time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if state.Printed() {
		issue.Sections[0].Items[0].Place = 1
	}
	if _, err := publish.Import(o.t.Context(), o.p.store, exchange.Document{Issues: []newsletter.Issue{issue}, Complete: true}, "test"); err != nil {
		o.t.Fatal(err)
	}
	board, err := o.p.store.Board(o.t.Context(), issue.Number)
	if err != nil {
		o.t.Fatal(err)
	}
	return board
}

func (o *objects) item(by newsletter.Role, state newsletter.ItemState) int64 {
	o.t.Helper()
	id, err := o.p.store.CreateItem(o.t.Context(), o.people[by], newsletter.Item{Note: "loose"}, nil, "", publish.LinksOf)
	if err == nil && state == newsletter.Held {
		err = o.p.store.Hold(o.t.Context(), o.people[newsletter.Owner], id)
	}
	if err == nil && state == newsletter.Declined {
		err = o.p.store.Decline(o.t.Context(), o.people[newsletter.Owner], id, "no", "")
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return id
}

// of returns what a route can be asked about: items, issues or nothing in
// particular.
func (o *objects) of(route page.Route) []func() object {
	switch {
	case strings.Contains(route.Pattern, "/items/{id"):
		return o.items()
	case strings.Contains(route.Pattern, "/blue-notes/{id"):
		return o.notes()
	case strings.Contains(route.Pattern, "/jobs/{id"):
		return []func() object{o.job, func() object { return object{name: "no job", path: fill("{id:[0-9]+}", "999999")} }}
	case strings.Contains(route.Pattern, "{number"):
		if strings.Contains(route.Pattern, "/sections/{id") {
			return append(o.issues(false), o.foreignSection)
		}
		return o.issues(strings.Contains(route.Pattern, "{place"))
	case strings.Contains(route.Pattern, "/people/{id"):
		return []func() object{o.person, func() object {
			return object{name: "nobody's account", path: fill("{id:[0-9]+}", "999999")}
		}}
	}
	return []func() object{func() object { return object{name: "no object", path: func(p string) string { return p }, there: true} }}
}

// person is somebody new, who is disabled for the route that enables.
func (o *objects) person() object {
	o.t.Helper()
	o.numbers++
	u := newsletter.User{Name: fmt.Sprintf("Person %d", o.numbers), Email: fmt.Sprintf("person%d@letter.example", o.numbers), Role: newsletter.Editor}
	id, err := o.p.store.AddUser(o.t.Context(), u, "")
	if err != nil {
		o.t.Fatal(err)
	}
	return object{name: "somebody's account", path: func(pattern string) string {
		if strings.HasSuffix(pattern, "/enable") {
			if err := o.p.store.Disable(o.t.Context(), id); err != nil {
				o.t.Error(err)
			}
		}
		return fill("{id:[0-9]+}", fmt.Sprint(id))(pattern)
	}, there: true}
}

// job is a background job that gave up.
func (o *objects) job() object {
	o.t.Helper()
	var id int64
	err := o.p.pool.QueryRow(o.t.Context(), `
		INSERT INTO river_job (kind, args, state, attempt, max_attempts, finalized_at)
		VALUES ('webhook', '{"event": "test"}', 'discarded', 1, 1, now()) RETURNING id`).Scan(&id)
	if err != nil {
		o.t.Fatal(err)
	}
	return object{name: "a job that gave up", path: fill("{id:[0-9]+}", fmt.Sprint(id)), there: true}
}

// foreignSection is the section of another issue than the one asked about.
func (o *objects) foreignSection() object {
	asked, other := o.issue(newsletter.Draft), o.issue(newsletter.Draft)
	return object{
		name:   "another issue's section",
		path:   fill("{number:[0-9]+}", strconv.Itoa(asked.Number), "{id:[0-9]+}", fmt.Sprint(other.Sections[0].ID)),
		policy: newsletter.Object{Issue: newsletter.Draft}, there: true,
		aside: func() string {
			board, err := o.p.store.Board(o.t.Context(), other.Number)
			return fmt.Sprint(board, err)
		},
	}
}

func (o *objects) items() []func() object {
	loose := func(name string, by newsletter.Role, state newsletter.ItemState) func() object {
		return func() object {
			return object{name, fill("{id:[0-9]+}", fmt.Sprint(o.item(by, state))),
				newsletter.Object{Item: state, Submitter: o.people[by].ID}, true, nil}
		}
	}
	placed := func(name string, state newsletter.IssueState) func() object {
		return func() object {
			board := o.printed
			if !state.Printed() {
				board = o.issue(state)
			}
			return object{name, fill("{id:[0-9]+}", fmt.Sprint(board.Sections[0].Items[0].ID)),
				newsletter.Object{Issue: state, Item: newsletter.Placed}, true, nil}
		}
	}
	return []func() object{
		loose("a contributor's item in the inbox", newsletter.Contributor, newsletter.Inbox),
		loose("an editor's item in the inbox", newsletter.Editor, newsletter.Inbox),
		loose("a contributor's held item", newsletter.Contributor, newsletter.Held),
		loose("a contributor's declined item", newsletter.Contributor, newsletter.Declined),
		placed("an item of a draft", newsletter.Draft),
		placed("an item of a scheduled issue", newsletter.Scheduled),
		placed("an item of a published issue", newsletter.Published),
		func() object { return object{name: "no item", path: fill("{id:[0-9]+}", "999999")} },
	}
}

// notes are blue notes on items, a section and an issue.
func (o *objects) notes() []func() object {
	note := func(name string, on func() (postgres.Remarked, newsletter.Object)) func() object {
		return func() object {
			what, policy := on()
			var id int64
			err := o.p.pool.QueryRow(o.t.Context(), `
				INSERT INTO blue_notes (issue_id, section_id, item_id, text, by_name)
				SELECT issues.id, nullif($2, 0), nullif($3, 0), 'words', 'Somebody'
				FROM (SELECT) AS one LEFT JOIN issues ON number = $1 RETURNING id`, what.Issue, what.Section, what.Item).Scan(&id)
			if err != nil {
				o.t.Fatal(err)
			}
			return object{"a blue note on " + name, fill("{id:[0-9]+}", fmt.Sprint(id)), policy, true, nil}
		}
	}
	loose := func(by newsletter.Role, state newsletter.ItemState) func() (postgres.Remarked, newsletter.Object) {
		return func() (postgres.Remarked, newsletter.Object) {
			return postgres.Remarked{Item: o.item(by, state)}, newsletter.Object{Item: state, Submitter: o.people[by].ID}
		}
	}
	open := func(part func(postgres.Board) postgres.Remarked, state newsletter.IssueState, item newsletter.ItemState) func() (postgres.Remarked, newsletter.Object) {
		return func() (postgres.Remarked, newsletter.Object) {
			board := o.printed
			if !state.Printed() {
				board = o.issue(state)
			}
			return part(board), newsletter.Object{Issue: state, Item: item}
		}
	}
	ofItem := func(b postgres.Board) postgres.Remarked { return postgres.Remarked{Item: b.Sections[0].Items[0].ID} }
	ofSection := func(b postgres.Board) postgres.Remarked { return postgres.Remarked{Section: b.Sections[0].ID} }
	ofIssue := func(b postgres.Board) postgres.Remarked { return postgres.Remarked{Issue: b.Number} }
	return []func() object{
		note("a contributor's item in the inbox", loose(newsletter.Contributor, newsletter.Inbox)),
		note("an editor's item in the inbox", loose(newsletter.Editor, newsletter.Inbox)),
		note("a contributor's held item", loose(newsletter.Contributor, newsletter.Held)),
		note("an item of a draft", open(ofItem, newsletter.Draft, newsletter.Placed)),
		note("a section of a draft", open(ofSection, newsletter.Draft, "")),
		note("a section of a scheduled issue", open(ofSection, newsletter.Scheduled, "")),
		note("an item of a published issue", open(ofItem, newsletter.Published, newsletter.Placed)),
		note("a published issue", open(ofIssue, newsletter.Published, "")),
		func() object { return object{name: "no blue note", path: fill("{id:[0-9]+}", "999999")} },
	}
}

// issues are issues of every state; the printed one is the same for all that do
// not take its items.
func (o *objects) issues(taken bool) []func() object {
	issue := func(state newsletter.IssueState) func() object {
		return func() object {
			board := o.printed
			if taken || !state.Printed() {
				board = o.issue(state)
			}
			return object{"a " + string(state) + " issue",
				fill("{number:[0-9]+}", strconv.Itoa(board.Number), "{id:[0-9]+}", fmt.Sprint(board.Sections[0].ID), "{place:[0-9]+}", "1"),
				newsletter.Object{Issue: state}, true, nil}
		}
	}
	return []func() object{
		issue(newsletter.Draft), issue(newsletter.Scheduled), issue(newsletter.Published),
		func() object {
			return object{name: "no issue", path: fill("{number:[0-9]+}", "999999", "{id:[0-9]+}", "999999", "{place:[0-9]+}", "1")}
		},
	}
}

// fill puts values into a pattern's parts.
func fill(pairs ...string) func(string) string { return strings.NewReplacer(pairs...).Replace }

// TestEveryRouteRoleAndObject asks every route behind the sign-in, as every
// role and nobody, about own, others', missing, draft, scheduled and published
// things, and holds the answer against the policy.
func TestEveryRouteRoleAndObject(t *testing.T) {
	p, people := desk(t)
	o := &objects{t: t, p: p, people: people, numbers: 100}
	o.printed = o.issue(newsletter.Published)
	browsers := map[newsletter.Role]*browsertest.Browser{}
	for role, u := range people {
		browsers[role] = p.as(t, u)
	}
	asked := 0
	for _, route := range p.private() {
		if route.Action.Public() || route.Pattern == "/desk/kept" {
			continue
		}
		for role, u := range people {
			for _, make := range o.of(route) {
				asked++
				o.ask(route, browsers[role], role, u, make())
			}
		}
	}
	t.Logf("%d routes, %d roles and nobody, %d questions", len(p.private()), len(newsletter.Roles), asked)
}

// ask asks one question. What a person may never do is refused before anybody
// looks whether the object is there.
func (o *objects) ask(route page.Route, b *browsertest.Browser, role newsletter.Role, u newsletter.User, about object) {
	o.t.Helper()
	target := about.path(route.Pattern)
	if u.ID == 0 { // forms of nobody are kept, so many of each browser and from each address
		o.asked++
		b = o.p.as(o.t, newsletter.User{})
		b.Address = fmt.Sprintf("198.51.%d.%d:1", o.asked/250%250, o.asked%250)
	}
	form := url.Values{}
	if strings.HasSuffix(route.Pattern, "/merge") {
		form.Set("with", fmt.Sprint(o.item(newsletter.Editor, newsletter.Inbox)))
	}
	switch {
	case strings.HasSuffix(route.Pattern, "/blue-notes"):
		form.Set("text", "A remark.")
	case strings.HasSuffix(route.Pattern, "/role"):
		form.Set("role", "curator")
	case strings.Contains(route.Pattern, "/sections/{id"):
		form = url.Values{"title": {"Taken over"}, "kind": {"links"}, "owner": {"me"}, "progress": {"ready"}, "text": {"A remark."}}
	}
	untouched := ""
	if about.aside != nil {
		untouched = about.aside()
	}
	method := http.MethodGet
	if strings.HasSuffix(route.Pattern, "/events") {
		method = http.MethodHead // a GET would go on
	}
	send := func() (int, string) {
		if route.Method == http.MethodPost {
			answer := b.Post(target, form)
			return answer.Code, answer.Header().Get("Location")
		}
		answer := b.Send(httptest.NewRequest(method, string(base)+target, nil))
		return answer.Code, answer.Header().Get("Location")
	}
	code, location := send()
	signIn := code == http.StatusSeeOther && strings.HasPrefix(location, "/sign-in")
	ok := false
	switch {
	case u.ID == 0 && route.Script:
		ok = code == http.StatusUnauthorized
	case u.ID == 0:
		ok = signIn
	case !newsletter.MayEver(u, route.Action):
		ok = code == http.StatusForbidden
	case about.aside != nil && newsletter.May(u, route.Action, about.policy):
		ok = code == http.StatusNotFound || code == http.StatusConflict
	case !about.there:
		ok = code == http.StatusNotFound
	case strings.Contains(route.Pattern, "/people/{id"):
		ok = code == http.StatusSeeOther && !signIn || code == http.StatusOK && strings.HasSuffix(route.Pattern, "/link")
	case (strings.HasSuffix(route.Pattern, "/publish") || strings.HasSuffix(route.Pattern, "/unschedule")) && about.policy.Issue.Printed():
		ok = code == http.StatusConflict || strings.HasSuffix(location, "/published") // told plainly that it is out
	case strings.HasSuffix(route.Pattern, "/preview") && about.policy.Issue.Printed():
		ok = strings.HasSuffix(location, strings.TrimSuffix(strings.TrimPrefix(target, "/desk"), "/preview")) // where it stands now
	case strings.HasSuffix(route.Pattern, "/published"), strings.HasSuffix(route.Pattern, "/mail.html"):
		ok = code == http.StatusOK && about.policy.Issue.Printed() || code == http.StatusNotFound && !about.policy.Issue.Printed()
	case !newsletter.May(u, route.Action, about.policy):
		ok = code == http.StatusForbidden
	default:
		ok = code < http.StatusInternalServerError && code != http.StatusForbidden && code != http.StatusNotFound && !signIn
	}
	if about.aside != nil && about.aside() != untouched {
		o.t.Errorf("%q, %s %s, %s: it was changed", role, route.Method, target, about.name)
	}
	if !ok {
		o.t.Errorf("%q, %s %s, %s: %d %s", role, route.Method, target, about.name, code, location)
	}
}
