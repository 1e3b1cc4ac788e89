package main

import (
	"net"
	"net/url"
	"os"
	"strings"
	"testing"

	"broadsheet/internal/pgtest"
)

// deadURL is a database's address where nobody listens: port 1 is nobody's.
const deadURL = "postgres://keeper:sesame-4711@127.0.0.1:1/orchard"

// secret is the password in addresses that tests give.
const secret = "sesame-4711"

// pgtestURL is a migrated, empty database, without the settings of our own.
func pgtestURL(t *testing.T) string {
	t.Helper()
	return pgtest.URL(t)
}

// mute returns a database's address where somebody listens and never answers.
func mute(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return "postgres://keeper:" + secret + "@" + listener.Addr().String() + "/orchard"
}

// another returns a database's address with another user or name.
func another(t *testing.T, change func(*url.URL)) string {
	t.Helper()
	u, err := url.Parse(pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	change(u)
	return u.String()
}

// TestDatabaseOfNoUse gives every command that needs a database one that is of
// no use: each says so in a line, keeps the password to itself, and falls back
// on nothing.
func TestDatabaseOfNoUse(t *testing.T) {
	t.Parallel()
	databases := map[string]struct{ url, want string }{
		"nobody answers": {deadURL, "the database at 127.0.0.1:1/orchard does not answer; start it"},
		"mute":           {mute(t), "does not answer; start it"},
		"no such host":   {"postgres://keeper:" + secret + "@db.invalid/orchard", "the database at db.invalid/orchard does not answer"},
		"no address":     {"orchard", "the database URL cannot be read; it looks like postgres://"},
		"bad port":       {"postgres://keeper:" + secret + "@127.0.0.1:http/orchard", "the database URL cannot be read; it looks like postgres://"},
		"other scheme":   {"mysql://keeper:" + secret + "@127.0.0.1:1/orchard", "the database URL cannot be read; it looks like postgres://"},
		"no such name":   {another(t, func(u *url.URL) { u.Path = "/nosuch" }), `"nosuch" does not exist); check user, password and database name`},
		"no such role":   {another(t, func(u *url.URL) { u.User = url.UserPassword("nobody-here", secret) }), "refused the connection ("},
	}
	commands := map[string][]string{
		"serve":          {"serve", "--listen", "127.0.0.1:0"},
		"import":         {"import", folder(t, map[string]string{"7.md": post(7)})},
		"export":         {"export", "--format", "jsonl", "--out", "-"},
		"migrate up":     {"migrate", "up"},
		"migrate status": {"migrate", "status"},
	}
	for name, test := range databases {
		for command, args := range commands {
			if command != "serve" && name != "nobody answers" {
				continue // all of them open the database the same way
			}
			t.Run(name+" "+command, func(t *testing.T) {
				t.Parallel()
				for _, variable := range []string{"DATABASE_URL", "BROADSHEET_DATABASE_URL"} {
					cmd := program(t, args...)
					cmd.Env = environment(variable + "=" + test.url)
					r := finish(t, cmd)
					r.refuses(t, 1, test.want)
					if strings.Contains(r.stderr, secret) {
						t.Errorf("the password is told: %q", r.stderr)
					}
					if files, err := os.ReadDir(cmd.Dir); err != nil || len(files) > 0 {
						t.Errorf("it fell back on a database in %v (%v)", files, err)
					}
				}
			})
		}
	}
}

// TestNearestSettingWins gives different databases by flag and environment.
func TestNearestSettingWins(t *testing.T) {
	t.Parallel()
	database := pgtest.NewBlank(t)
	flag := program(t, "migrate", "up", "--database-url", database)
	flag.Env = environment("BROADSHEET_DATABASE_URL="+deadURL, "DATABASE_URL="+deadURL)
	ours := program(t, "migrate", "status")
	ours.Env = environment("BROADSHEET_DATABASE_URL="+database, "DATABASE_URL="+deadURL)
	for _, r := range []result{finish(t, flag), finish(t, ours)} {
		if r.status != 0 || !strings.Contains(r.stdout, "applied 00001_") {
			t.Errorf("%+v", r)
		}
	}
}

func TestPortTaken(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	listen := listener.Addr().String()
	execute(t, "serve", "--listen", listen, "--database-url", pgtest.URL(t)).
		refuses(t, 1, "cannot listen on "+listen+": address already in use; choose another address with --listen")
	execute(t, "serve", "--listen", "127.0.0.1:99999", "--database-url", pgtest.URL(t)).refuses(t, 1, "--listen")
}

// TestSecretsStaySecret looks for the password of a working database's address
// in all that a busy program writes.
func TestSecretsStaySecret(t *testing.T) {
	t.Parallel()
	database := another(t, func(u *url.URL) { u.User = url.UserPassword(u.User.Username(), secret) })
	cmd := program(t, "serve", "--listen", "127.0.0.1:0", "--log-level", "debug", "--log-format", "json", "--access-log")
	cmd.Env = environment("DATABASE_URL=" + database)
	p := start(t, cmd)
	page(t, p.address(t)+"/search?q="+strings.Repeat("(", 50), 200)
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	p.wait(t)
	help := program(t, "serve", "--help")
	help.Env = cmd.Env
	for _, text := range []string{p.stdout.String(), p.stderr.String(), finish(t, help).stdout,
		execute(t, "serve", "--database-urll", database).stderr} {
		if text == "" || strings.Contains(text, secret) {
			t.Errorf("nothing, or the password is told:\n%s", text)
		}
	}
	for log := range strings.Lines(p.stderr.String()) {
		if !strings.HasPrefix(log, `{"time":`) {
			t.Errorf("a line of the log is no JSON: %s", log)
		}
	}
}
