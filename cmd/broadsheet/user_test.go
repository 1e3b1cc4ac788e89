package main

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"broadsheet/internal/pgtest"
)

var (
	signInAddress = regexp.MustCompile(`^(\S+)(/sign-in/[A-Z2-7]{26})\n$`)
	setUpAddress  = regexp.MustCompile(`(?m)^nobody has an account yet; become the owner at (\S+)(/set-up/[A-Z2-7]{26}) \(works once, for a day\)\n`)
)

// submit sends a form and returns where it leads.
func submit(t *testing.T, client *http.Client, address string, form url.Values) (status int, to string) {
	t.Helper()
	response, err := client.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode, response.Header.Get("Location")
}

// visitor returns a browser that keeps cookies and shows redirects.
func visitor(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// TestUsersBesideTheProgram adds people while the program serves, and signs in.
func TestUsersBesideTheProgram(t *testing.T) {
	t.Parallel()
	database := pgtest.NewBlank(t)
	add := func(email, name, role string, more ...string) []string {
		return append([]string{"user", "add", "--database-url", database, "--email", email, "--name", name, "--role", role}, more...)
	}
	link := signInAddress.FindStringSubmatch(succeed(t, add("ines@letter.example", "Inès Berg", "owner")...))
	if link == nil || link[1] != "http://127.0.0.1:8080" {
		t.Fatalf("no sign-in address: %q", link)
	}
	at := serve(t, database).address(t)
	browser := visitor(t)
	if status, to := submit(t, browser, at+link[2], nil); status != http.StatusSeeOther || to != "/desk/me?done=link" {
		t.Errorf("the sign-in address: %d, %q", status, to)
	}
	withPassword := program(t, add("wren@letter.example", "Wren", "editor", "--password-stdin")...)
	withPassword.Stdin = strings.NewReader("four tall blue herons\nand more\n")
	if r := finish(t, withPassword); r.status != 0 || r.stdout != "" || r.stderr != "" {
		t.Errorf("with a password: %+v", r)
	}
	credentials := url.Values{"email": {"wren@letter.example"}, "password": {"four tall blue herons"}}
	if status, to := submit(t, visitor(t), at+"/sign-in", credentials); status != http.StatusSeeOther || to != "/desk" {
		t.Errorf("sign-in: %d, %q", status, to)
	}
	succeed(t, "user", "disable", "--database-url", database, "WREN@letter.example")
	if status, _ := submit(t, visitor(t), at+"/sign-in", credentials); status != http.StatusUnprocessableEntity {
		t.Errorf("sign-in of somebody disabled: %d", status)
	}
	want := "ines@letter.example\tInès Berg\towner\nwren@letter.example\tWren\teditor\tdisabled\n"
	if got := succeed(t, "user", "list", "--database-url", database); got != want {
		t.Errorf("the list is %q, want %q", got, want)
	}
	again := program(t, "user", "link", "--database-url", database, "ines@letter.example")
	again.Env = environment("BROADSHEET_BASE_URL=https://weekly.example")
	if link := signInAddress.FindStringSubmatch(finish(t, again).stdout); link == nil || link[1] != "https://weekly.example" {
		t.Errorf("no sign-in address at the public one: %q", link)
	}
}

func TestUsersRefuse(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	run := func(input string, args ...string) result {
		cmd := program(t, append([]string{"user"}, args...)...)
		cmd.Env, cmd.Stdin = environment("DATABASE_URL="+database), strings.NewReader(input)
		return finish(t, cmd)
	}
	add := []string{"add", "--email", "ines@letter.example", "--name", "Inès", "--role"}
	if r := run("", append(add, "owner")...); r.status != 0 {
		t.Fatalf("%+v", r)
	}
	for name, test := range map[string]struct {
		input  string
		args   []string
		status int
		says   string
	}{
		"the same again":    {"", append(add, "editor"), 1, "belongs to somebody who has an account already"},
		"no such role":      {"", append(add, "king"), 2, `--role must be one of "contributor","editor","curator","owner"`},
		"no role":           {"", add[:5], 2, "--role"},
		"no mail address":   {"", []string{"add", "--email", "ines", "--name", "I", "--role", "owner"}, 2, "is not a mail address"},
		"no name":           {"", []string{"add", "--email", "a@b.example", "--name", " ", "--role", "owner"}, 2, "name: is empty"},
		"short password":    {"short\n", []string{"add", "--email", "a@b.example", "--name", "A", "--role", "owner", "--password-stdin"}, 1, "the password is too short"},
		"no password":       {"", []string{"add", "--email", "a@b.example", "--name", "A", "--role", "owner", "--password-stdin"}, 1, "the password is too short"},
		"odd base":          {"", []string{"link", "--base-url", "weekly", "ines@letter.example"}, 2, `"weekly" is not usable`},
		"nobody to disable": {"", []string{"disable", "wren@letter.example"}, 1, `nobody has the e-mail "wren@letter.example"; see: broadsheet user list`},
		"nobody to link":    {"", []string{"link", "wren@letter.example"}, 1, "nobody has the e-mail"},
		"the last owner":    {"", []string{"disable", "ines@letter.example"}, 1, "make somebody else an owner first"},
		"half a command":    {"", nil, 2, "expected one of"},
	} {
		t.Run(name, func(t *testing.T) { run(test.input, test.args...).refuses(t, test.status, test.says) })
	}
	if r := run("", "list"); r.stdout != "ines@letter.example\tInès\towner\n" {
		t.Errorf("there are %q", r.stdout)
	}
}

func TestFirstOwnerSetsUp(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	p := serve(t, database)
	at := p.address(t)
	link := setUpAddress.FindStringSubmatch(p.stdout.String())
	if link == nil || link[1] != at {
		t.Fatalf("no set-up address before the one where it listens:\n%s", p.stdout)
	}
	page(t, at+link[2], http.StatusOK, "Set up the newsletter")
	owner := visitor(t)
	status, to := submit(t, owner, at+link[2], url.Values{
		"publication": {"Orchard Weekly"}, "name": {"Inès"}, "email": {"ines@letter.example"}, "password": {"four tall blue herons"},
	})
	if status != http.StatusSeeOther || to != "/desk" {
		t.Errorf("set up: %d, %q", status, to)
	}
	page(t, at+link[2], http.StatusNotFound, "does not work any more")
	second := serve(t, database)
	second.address(t)
	if setUpAddress.MatchString(second.stdout.String()) {
		t.Error("a set-up address with people there")
	}
}
