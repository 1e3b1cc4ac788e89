package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"broadsheet/internal/pgtest"
)

// TestImportStopped stops an import while its second file waits for somebody
// who holds what it needs. The first is in, or was rehearsed, and is reported.
func TestImportStopped(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ flag, report string }{
		{"--format=auto", "1 file: 1 issue added, 0 unchanged, 0 different and left alone, 0 files failed\n"},
		{"--dry-run", "1 file: 1 issue would be added, 0 unchanged, 0 different and left alone, 0 files failed\n"},
	} {
		t.Run(test.flag, func(t *testing.T) {
			t.Parallel()
			database := pgtest.URL(t)
			db := connect(t, database)
			exec(t, db, "BEGIN; LOCK TABLE redirects")
			p := start(t, program(t, "import", "--database-url", database, test.flag, folder(t, map[string]string{
				"1.jsonl": line(5), "2.jsonl": `{"type":"redirect","from":"/2018/mulch.html","to":"/issues/5"}` + "\n",
			})))
			eventually(t, "the import waits", func() bool {
				var waits bool
				err := db.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database
					WHERE datname = current_database() AND NOT granted AND relation = 'redirects'::regclass)`).Scan(&waits)
				return err == nil && waits
			})
			// Meanwhile others can publish.
			exec(t, connect(t, database), "SET lock_timeout = '5s'; UPDATE generation SET number = number")
			if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			status, report := p.wait(t), p.stdout.String()
			result{status, "", p.stderr.String()}.refuses(t, 1, "stopped after 1 of 2 files; type the same command to go on")
			if !strings.Contains(report, "1.jsonl: issue 5 added (1 item, 1 link)\n") || !strings.HasSuffix(report, test.report) {
				t.Errorf("the report is\n%s", report)
			}
			exec(t, db, "ROLLBACK")
			if kept := strings.Contains(exportAllOf(t, database), "mulch"); kept != (test.flag != "--dry-run") {
				t.Errorf("the issue is kept: %t", kept)
			}
		})
	}
}

// TestSecondSignalEndsAtOnce has an import wait for a standard input that never
// ends.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	cmd := program(t, "import", "--database-url", pgtest.URL(t), "--format", "markdown", "/dev/stdin")
	in, feed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	defer feed.Close()
	cmd.Stdin = in
	p := start(t, cmd)
	_ = feed.SetWriteDeadline(time.Now().Add(patience))
	if _, err := feed.WriteString(strings.Repeat("a pear\n", 50_000)); err != nil { // more than a pipe holds
		t.Fatal(err)
	}
	eventually(t, "the import ends", func() bool {
		_ = p.cmd.Process.Signal(os.Interrupt)
		select {
		case <-p.ended:
			return true
		default:
			return false
		}
	})
	if status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != os.Interrupt {
		t.Errorf("it ended with %v, not by the second signal", p.cmd.ProcessState)
	}
}

func TestExportStopped(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	db := connect(t, database)
	exec(t, db, "BEGIN; LOCK TABLE publication")
	p := start(t, program(t, "export", "--database-url", database, "--format", "jsonl", "--out", "-"))
	eventually(t, "the export waits", func() bool {
		var waits bool
		err := db.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'publication'::regclass)").Scan(&waits)
		return err == nil && waits
	})
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	result{p.wait(t), p.stdout.String(), p.stderr.String()}.refuses(t, 1, "stopped before it was done; type the same command again")
}

func TestImportFromStandardInput(t *testing.T) {
	t.Parallel()
	cmd := program(t, "import", "--database-url", pgtest.URL(t), "/dev/stdin")
	cmd.Stdin = strings.NewReader(post(7))
	if r := finish(t, cmd); r.status != 0 || !strings.HasPrefix(r.stdout, "/dev/stdin: issue 7 added") {
		t.Errorf("%+v", r)
	}
}

func TestDryRunDoesNotMigrate(t *testing.T) {
	t.Parallel()
	blank, file := pgtest.NewBlank(t), filepath.Join(folder(t, map[string]string{"7.md": post(7)}), "7.md")
	execute(t, "import", "--dry-run", "--database-url", blank, file).refuses(t, 1, "run: broadsheet migrate up")
	if steps := succeed(t, "migrate", "status", "--database-url", blank); strings.Contains(steps, "applied") {
		t.Errorf("steps were applied:\n%s", steps)
	}
	// The private one is no other.
	cmd := program(t, "import", "--dry-run", "--data-dir", dataFolder(t), file)
	finish(t, cmd).refuses(t, 1, "run: broadsheet migrate up")
}
