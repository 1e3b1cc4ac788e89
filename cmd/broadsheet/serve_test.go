package main

import (
	"context"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/pgtest"
	"broadsheet/migrations"
)

// serve starts the program on a free port.
func serve(t *testing.T, database string, more ...string) *process {
	t.Helper()
	return start(t, program(t, append([]string{"serve", "--listen", "127.0.0.1:0", "--database-url", database}, more...)...))
}

// TestServe walks the first evening: an empty database, a server, an import
// beside it, and the issue in the browser without anything being restarted.
func TestServe(t *testing.T) {
	t.Parallel()
	database := pgtest.NewBlank(t)
	p := serve(t, database, "--access-log")
	at := p.address(t)
	page(t, at+"/livez", 200, "alive")
	page(t, at+"/readyz", 200, "ready")
	page(t, at+"/", 200, "The first issue is being written")
	page(t, at+"/archive", 200, "<h1")
	page(t, at+"/search?q=knife", 200, "<h1")
	page(t, at+"/feed.xml", 200, "<rss")
	page(t, at+"/issues/7", 404, "<h1")

	succeed(t, "import", "--database-url", database, folder(t, map[string]string{
		"a.jsonl": publication + line(5), "b.md": own(6), "c.md": post(7),
	}))
	eventually(t, "the home page shows the newest issue", func() bool {
		_, body, err := get(t.Context(), at+"/")
		return err == nil && strings.Contains(body, "grafting knife")
	})
	page(t, at+"/", 200, "Orchard Weekly", "https://ladders.example/7", "The cellar")
	page(t, at+"/issues/6", 200, "<p>Wasps again.</p>", "A sieve for 6 sorts of plum", `id="1"`)
	page(t, at+"/issues/5", 200, "Nothing <em>ripened</em>.", "On mulch", "https://mulch.example/5?a=1&amp;b=2")
	page(t, at+"/archive", 200, "/issues/5", "/issues/6", "/issues/7")
	page(t, at+"/search?q=grafting+knife", 200, "/issues/7#2", "<mark>grafting</mark>")
	page(t, at+"/sections/events", 200, "Cider pressing")
	page(t, at+"/sites/mulch.example", 200, "Mulch is a blanket")
	page(t, at+"/feed.xml", 200, "grafting knife", "A quiet week", at+"/issues/7")
	page(t, at+"/atom.xml", 200, "grafting knife", "2018-02-18T11:45:10Z")
	page(t, at+"/sitemap.xml", 200, at+"/issues/5")
	page(t, at+"/issues/7.md", 200, "https://attic.example/7")

	p.stop(t, syscall.SIGTERM)
	if !silent(t.Context(), at+"/livez") {
		t.Errorf("%s still answers", at)
	}
	if log := p.stderr.String(); !strings.Contains(log, "migrated") || !strings.Contains(log, "path=/issues/6") || strings.Contains(log, "level=ERROR") {
		t.Errorf("the log is\n%s", log)
	}
}

func TestServeEndsOnCtrlC(t *testing.T) {
	t.Parallel()
	p := serve(t, pgtest.URL(t))
	at := p.address(t)
	page(t, at+"/", 200) // a connection stays open
	p.stop(t, syscall.SIGINT)
	if out := p.stdout.String(); !strings.HasSuffix(out, "listening on "+at+"\n") || strings.Count(out, "listening on") != 1 {
		t.Errorf("stdout is %q, want one line at its end that says where it listens", out)
	}
}

// TestServeStoppedWhileStarting keeps the lock that migrations wait for.
func TestServeStoppedWhileStarting(t *testing.T) {
	t.Parallel()
	database := pgtest.NewBlank(t)
	db := connect(t, database)
	exec(t, db, "SELECT pg_advisory_lock(4097083626)") // goose's
	p := serve(t, database)
	eventually(t, "the program waits for the lock", func() bool {
		var n int
		err := db.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND application_name = 'broadsheet' AND query LIKE '%advisory%'`).Scan(&n)
		return err == nil && n > 0
	})
	p.stop(t, syscall.SIGTERM)
}

func TestServeRefuses(t *testing.T) {
	t.Parallel()
	migrated := func(change string) func(*testing.T) string {
		return func(t *testing.T) string {
			database := pgtest.NewBlank(t)
			succeed(t, "migrate", "up", "--database-url", database)
			exec(t, connect(t, database), change)
			return database
		}
	}
	newer := migrated("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
	demo := migrated("UPDATE publication SET demo = true")
	tests := map[string]struct {
		database func(*testing.T) string
		flag     string
		want     string
	}{
		"blank database, not to migrate": {func(t *testing.T) string { return pgtest.NewBlank(t) }, "--migrate=false", "older than this program; run: broadsheet migrate up"},
		"newer schema":                   {newer, "--migrate", "newer than this program; use the newer program"},
		"newer schema, not to migrate":   {newer, "--migrate=false", "newer than this program; use the newer program"},
		"demo":                           {demo, "--migrate", "holds the demo newsletter; give another with --database-url, or say --allow-demo"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			execute(t, "serve", "--log-level", "warn", "--listen", "127.0.0.1:0", "--database-url", test.database(t), test.flag).
				refuses(t, 1, test.want)
		})
	}
	t.Run("demo if told", func(t *testing.T) {
		t.Parallel()
		p := serve(t, demo(t), "--allow-demo", "--migrate=false")
		page(t, p.address(t)+"/readyz", 200)
		p.stop(t, syscall.SIGTERM)
	})
}

// TestFourServeAtOnce starts four programs on one blank database.
func TestFourServeAtOnce(t *testing.T) {
	t.Parallel()
	database := pgtest.NewBlank(t)
	var programs []*process
	for range 4 {
		programs = append(programs, serve(t, database))
	}
	migrated := 0
	for _, p := range programs {
		page(t, p.address(t)+"/", 200, "The first issue is being written")
		migrated += strings.Count(p.stderr.String(), "msg=migrated")
	}
	if migrated != 1 {
		t.Errorf("%d of the four say that they migrated", migrated)
	}
	steps, err := migrations.FS.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var applied int
	if err := connect(t, database).QueryRow(t.Context(), "SELECT count(*) FROM goose_db_version WHERE version_id > 0").Scan(&applied); err != nil || applied != len(steps) {
		t.Errorf("%d steps are noted (%v), want %d, each once", applied, err, len(steps))
	}
	for _, p := range programs {
		p.stop(t, syscall.SIGTERM)
	}
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	database := pgtest.NewBlank(t)
	if out := succeed(t, "migrate", "status", "--database-url", database); !strings.HasPrefix(out, "missing 00001_") || strings.Contains(out, "applied") {
		t.Errorf("before: %q", out)
	}
	if out := succeed(t, "migrate", "up", "--database-url", database); !strings.HasPrefix(out, "applied 00001_") || !strings.HasSuffix(out, "the schema is up to date\n") {
		t.Errorf("%q", out)
	}
	if out := succeed(t, "migrate", "up", "--database-url", database); out != "the schema is up to date\n" {
		t.Errorf("again: %q", out)
	}
	if out := succeed(t, "migrate", "status", "--database-url", database); strings.Contains(out, "missing") {
		t.Errorf("after: %q", out)
	}
}

// TestPrivatePostgreSQL runs commands beside each other that share one.
func TestPrivatePostgreSQL(t *testing.T) {
	t.Parallel()
	dir := dataFolder(t)
	p := start(t, program(t, "serve", "--listen", "127.0.0.1:0", "--data-dir", dir))
	at := p.address(t)
	succeed(t, "import", "--data-dir", dir, filepath.Join(folder(t, map[string]string{"7.md": post(7)}), "7.md"))
	eventually(t, "the issue is shown", func() bool {
		status, _, err := get(t.Context(), at+"/issues/7")
		return err == nil && status == 200
	})
	p.stop(t, syscall.SIGTERM)
	if pid := postmaster(t, dir); pid != 0 {
		t.Errorf("PostgreSQL still runs as process %d", pid)
	}
	if out := succeed(t, "export", "--data-dir", dir, "--format", "markdown", "--issue", "7", "--out", "-"); !strings.Contains(out, "grafting knife") {
		t.Errorf("what was imported is %q", out)
	}
}

func connect(t *testing.T, database string) *pgx.Conn {
	t.Helper()
	db, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close(context.WithoutCancel(t.Context())) })
	return db
}

func exec(t *testing.T, db *pgx.Conn, sql string) {
	t.Helper()
	if _, err := db.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

// TestServeWithoutProxies gives the variable empty, as docker-compose.yml does.
func TestServeWithoutProxies(t *testing.T) {
	t.Parallel()
	cmd := program(t, "serve", "--listen", "127.0.0.1:0", "--database-url", pgtest.URL(t))
	cmd.Env = environment("BROADSHEET_TRUSTED_PROXIES=")
	p := start(t, cmd)
	page(t, p.address(t)+"/readyz", 200)
	p.stop(t, syscall.SIGTERM)
}
