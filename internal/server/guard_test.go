package server_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"broadsheet/internal/browsertest"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/password"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/server"
)

const (
	cookie   = "__Host-broadsheet"
	everyone = newsletter.Role("") // nobody has to be anybody
)

// desk returns a program with one person per role, by their role.
func desk(t *testing.T) (*program, map[newsletter.Role]newsletter.User) {
	t.Helper()
	p := start(t, pgtest.URL(t), func(o *server.Options) { o.Hasher = password.NewCheap() })
	people := map[newsletter.Role]newsletter.User{everyone: {}}
	for _, role := range newsletter.Roles {
		u := newsletter.User{Email: string(role) + "@letter.example", Name: "The " + string(role), Role: role}
		var err error
		if u.ID, err = p.store.AddUser(t.Context(), u, ""); err != nil {
			t.Fatal(err)
		}
		people[role] = u
	}
	return p, people
}

// as returns the browser of a person, signed in by a link; of nobody, a new one.
func (p *program) as(t *testing.T, u newsletter.User) *browsertest.Browser {
	t.Helper()
	b := browsertest.New(t, p, string(base))
	if u.ID == 0 {
		return b
	}
	secret, err := p.store.NewSignInLink(t.Context(), u.ID)
	if err != nil {
		t.Fatal(err)
	}
	if answer := b.Post("/sign-in/"+secret, nil); answer.Code != http.StatusSeeOther {
		t.Fatalf("%s is not signed in: %d\n%s", u.Name, answer.Code, answer.Body)
	}
	return b
}

func TestEveryRouteHasAnAction(t *testing.T) {
	p, _ := desk(t)
	declared := map[string]newsletter.Action{}
	for _, route := range p.Router.(*server.Routes).Declared {
		declared[route.Method+" "+route.Pattern] = route.Action
		if !route.Action.Known() {
			t.Errorf("%s %s has the action %q, which has no policy", route.Method, route.Pattern, route.Action)
		}
	}
	err := chi.Walk(p, func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		_, there := declared[method+" "+pattern]
		_, asGet := declared["GET "+pattern]
		if !there && (method != http.MethodHead || !asGet) {
			t.Errorf("%s %s declares no action", method, pattern)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// private returns the declared routes that are not open to readers.
func (p *program) private() []page.Route {
	return slices.DeleteFunc(slices.Clone(p.Router.(*server.Routes).Declared), func(r page.Route) bool { return r.Action == newsletter.Read })
}

// pathOf fills a route's pattern.
func pathOf(route page.Route, number, id int64, secret string) string {
	return strings.NewReplacer("{number:[0-9]+}", fmt.Sprint(number), "{id:[0-9]+}", fmt.Sprint(id), "{place:[0-9]+}", "1", "{secret}", secret).Replace(route.Pattern)
}

func TestWhoMayAsk(t *testing.T) {
	p, people := desk(t)
	for role, u := range people {
		for k, route := range p.private() {
			from, there := least[route.Method+" "+route.Pattern]
			if !there {
				t.Errorf("%s %s has no least role; add it here", route.Method, route.Pattern)
			}
			if !there || route.Pattern == "/sign-out" {
				continue
			}
			b := p.as(t, u)
			b.Address = fmt.Sprintf("192.0.2.%d:1234", k) // one client's forms are kept up to a limit
			target := pathOf(route, 999999, 999999, "NOTHING")
			answer := b.Send(httptest.NewRequest(route.Method, string(base)+target, nil))
			led := strings.HasPrefix(answer.Header().Get("Location"), "/sign-in?next=")
			switch may := from == everyone || role.AtLeast(from); {
			case may && (answer.Code == http.StatusForbidden || led):
				t.Errorf("%q at %s %s: %d, though allowed", role, route.Method, target, answer.Code)
			case !may && role == everyone && route.Script && answer.Code != http.StatusUnauthorized:
				t.Errorf("nobody at %s %s: %d, want 401", route.Method, target, answer.Code)
			case !may && role == everyone && !route.Script && !(answer.Code == http.StatusSeeOther && led):
				t.Errorf("nobody at %s %s: %d %v, want the sign-in", route.Method, target, answer.Code, answer.Header())
			case !may && role != everyone && answer.Code != http.StatusForbidden:
				t.Errorf("%q at %s %s: %d, want 403", role, route.Method, target, answer.Code)
			case !may && role != everyone && !strings.Contains(strings.ToLower(answer.Body.String()), newsletter.WhoMay(route.Action)+" may "):
				t.Errorf("%q at %s %s does not read who may:\n%s", role, route.Method, target, answer.Body)
			}
			if got := answer.Header().Values("Cache-Control"); got[0] != "no-store" || answer.Header().Get("Vary") != "Cookie" {
				t.Errorf("%s %s may be kept: %q, Vary %q", route.Method, target, got, answer.Header().Get("Vary"))
			}
		}
	}
}

func TestOtherSitesCannotAskForAnybody(t *testing.T) {
	p, people := desk(t)
	for _, route := range p.private() {
		if route.Method == http.MethodGet {
			continue
		}
		r := httptest.NewRequest(route.Method, string(base)+pathOf(route, 1, 1, "X"), nil)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		if answer := p.as(t, people[newsletter.Owner]).Send(r); answer.Code != http.StatusForbidden || strings.Contains(answer.Body.String(), " may ") {
			t.Errorf("%s %s from another site: %d", route.Method, route.Pattern, answer.Code)
		}
	}
}

// rows returns the number of rows and what they hold, by table.
func (p *program) rows(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, table := range []string{"people", "sessions", "one_time_links", "attempts", "items", "links", "issues", "issue_sections",
		"standing_sections", "desk_order", "revisions", "publication", "generation", "audit"} {
		var sum string
		err := p.pool.QueryRow(t.Context(), fmt.Sprintf("SELECT count(*) || ' ' || coalesce(md5(string_agg(x::text, '|' ORDER BY x::text)), '') FROM %s AS x", table)).Scan(&sum)
		if err != nil {
			t.Fatal(err)
		}
		all[table] = sum
	}
	return all
}

func TestReadingChangesNoRow(t *testing.T) {
	p, people := desk(t)
	link, err := p.store.NewSignInLink(t.Context(), people[newsletter.Editor].ID)
	if err != nil {
		t.Fatal(err)
	}
	owner, nobody := p.as(t, people[newsletter.Owner]), p.as(t, newsletter.User{})
	before := p.rows(t)
	for _, route := range p.private() {
		if route.Method == http.MethodGet {
			target := pathOf(route, 1, 1, link)
			owner.Get(target)
			nobody.Get(target)
		}
	}
	if after := p.rows(t); !maps.Equal(before, after) {
		t.Errorf("rows were %v and are %v", before, after)
	}
	if nobody.Cookie(cookie) != "" {
		t.Error("a reader has a cookie")
	}
}

func TestPublicPagesHaveNoSession(t *testing.T) {
	p, people := desk(t)
	b := p.as(t, people[newsletter.Owner])
	for _, target := range []string{"/", "/archive", "/search?q=a", "/nothing", "/livez"} {
		header := b.Get(target).Header()
		if header.Get("Set-Cookie") != "" || strings.Contains(header.Get("Vary"), "Cookie") {
			t.Errorf("%s: %v", target, header)
		}
	}
}

func TestSomebodyDisabledIsOutAtOnce(t *testing.T) {
	url := pgtest.URL(t)
	one, other := start(t, url, nil), start(t, url, nil)
	u := newsletter.User{Email: "wren@letter.example", Name: "Wren", Role: newsletter.Owner}
	var err error
	if u.ID, err = one.store.AddUser(t.Context(), u, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := one.store.AddUser(t.Context(), newsletter.User{Email: "b@letter.example", Name: "B", Role: newsletter.Owner}, ""); err != nil {
		t.Fatal(err)
	}
	b := one.as(t, u)
	there := browsertest.New(t, other, string(base)) // another replica
	there.SetCookie(cookie, b.Cookie(cookie))
	there.Page("/desk/people", http.StatusOK)
	if err := one.store.Disable(t.Context(), u.ID); err != nil {
		t.Fatal(err)
	}
	if err := one.store.Enable(t.Context(), u.ID); err != nil { // sessions of before stay ended
		t.Fatal(err)
	}
	for name, browser := range map[string]*browsertest.Browser{"here": b, "there": there} {
		if code := browser.Get("/desk/people").Code; code != http.StatusSeeOther {
			t.Errorf("%s: %d", name, code)
		}
	}
}

func TestAnotherRoleAnotherToken(t *testing.T) {
	p, people := desk(t)
	b := p.as(t, people[newsletter.Editor])
	before := b.Cookie(cookie)
	b.Get("/desk/me")
	if b.Cookie(cookie) != before {
		t.Error("a new token for nothing")
	}
	if err := p.store.SetRole(t.Context(), people[newsletter.Editor].ID, newsletter.Owner); err != nil {
		t.Fatal(err)
	}
	b.Page("/desk/people", http.StatusOK) // the new role counts at once
	after := b.Cookie(cookie)
	if after == before {
		t.Error("the token is the old one")
	}
	b.SetCookie(cookie, before)
	if code := b.Get("/desk/people").Code; code != http.StatusSeeOther {
		t.Errorf("the old token: %d", code)
	}
}

func TestPlantedTokensAreNotTaken(t *testing.T) {
	p, people := desk(t)
	// The attacker's own session, begun by a form that is kept, is planted.
	attacker := p.as(t, newsletter.User{})
	attacker.Post("/desk/me", url.Values{"name": {"x"}})
	for _, planted := range []string{attacker.Cookie(cookie), "chosen-by-the-attacker"} {
		secret, err := p.store.NewSignInLink(t.Context(), people[newsletter.Editor].ID)
		if err != nil {
			t.Fatal(err)
		}
		victim := p.as(t, newsletter.User{})
		victim.SetCookie(cookie, planted)
		victim.Post("/sign-in/"+secret, nil)
		victim.Page("/desk/me", http.StatusOK)
		attacker.SetCookie(cookie, planted)
		if got := victim.Cookie(cookie); got == planted {
			t.Errorf("the token %q was taken over", planted)
		}
		if code := attacker.Get("/desk/me").Code; code != http.StatusSeeOther {
			t.Errorf("the attacker is in: %d", code)
		}
	}
}

func TestCookieWithoutHTTPS(t *testing.T) {
	p := start(t, pgtest.URL(t), func(o *server.Options) { o.Base = "http://127.0.0.1:8080" })
	u := newsletter.User{Email: "wren@letter.example", Name: "Wren", Role: newsletter.Editor}
	id, err := p.store.AddUser(t.Context(), u, "")
	if err != nil {
		t.Fatal(err)
	}
	secret, err := p.store.NewSignInLink(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	b := browsertest.New(t, p, "http://127.0.0.1:8080")
	header := b.Post("/sign-in/"+secret, nil).Header().Get("Set-Cookie")
	if !strings.HasPrefix(header, "broadsheet=") || strings.Contains(header, "Secure") || !strings.Contains(header, "HttpOnly") || !strings.Contains(header, "SameSite=Lax") {
		t.Errorf("the cookie is %q", header)
	}
	b.Page("/desk/me", http.StatusOK)
}

// The log is read by more people than may sign in with its lines.
func TestSecretsAreNotLogged(t *testing.T) {
	p := start(t, pgtest.URL(t), func(o *server.Options) { o.AccessLog = true })
	browsertest.New(t, p, string(base)).Get("/sign-in/SECRETSECRET")
	p.line.be(cut)
	browsertest.New(t, p, string(base)).Get("/set-up/SECRETSECRET")
	p.line.be(up)
	elsewhere := httptest.NewRequest(http.MethodPost, string(base)+"/sign-in/SECRETSECRET", nil)
	elsewhere.Header.Set("Sec-Fetch-Site", "cross-site")
	if code := browsertest.New(t, p, string(base)).Send(elsewhere).Code; code != http.StatusForbidden {
		t.Errorf("from another site: %d", code)
	}
	for _, missed := range []string{"/sign-in/SECRETSECRET/", "/set-up/SECRETSECRET/", "/preview/SECRETSECRET", "//sign-in/SECRETSECRET", "/Sign-In/SECRETSECRET", "/set-up/SECRETSECRET/more", "/sign-in%2FSECRETSECRET"} {
		browsertest.New(t, p, string(base)).Get(missed)
	}
	lines := p.log.read(t)
	if len(lines) < 10 || strings.Contains(fmt.Sprint(lines), "SECRETSECRET") {
		t.Errorf("logged: %v", lines)
	}
	if got := lines[0]["path"]; got != "/sign-in/[redacted]" {
		t.Errorf("the path is logged as %v", got)
	}
}
