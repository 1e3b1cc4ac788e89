package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"broadsheet/internal/exchange"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/publish"
)

// importReport is the report of an import as programs read it.
type importReport struct {
	DryRun bool `json:"dry_run"`
	Failed int  `json:"failed"`
	Files  []fileReport
}

// importJSON imports and returns the report and the exit status.
func importJSON(t *testing.T, database string, args ...string) (importReport, result) {
	t.Helper()
	r := execute(t, append([]string{"import", "--json", "--database-url", database}, args...)...)
	var report importReport
	decoder := json.NewDecoder(strings.NewReader(r.stdout))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&report); err != nil {
		t.Fatalf("the report cannot be read: %v\n%s\n%s", err, r.stdout, r.stderr)
	}
	return report, r
}

// exportAllOf returns everything in a database as lines.
func exportAllOf(t *testing.T, database string) string {
	t.Helper()
	return succeed(t, "export", "--database-url", database, "--format", "jsonl", "--out", "-")
}

// one is the report of a file with one issue.
func one(path string, format exchange.Format, number, items, links int, outcome publish.Outcome) fileReport {
	return fileReport{File: path, Format: format, Report: publish.Report{
		Issues: []publish.IssueOutcome{{Number: number, Items: items, Links: links, Outcome: outcome}},
	}}
}

func TestImport(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	dir := folder(t, map[string]string{"b.markdown": own(6), "a": post(7), ".hidden": "not text\x00"})
	single := filepath.Join(folder(t, map[string]string{"lines": publication + line(5)}), "lines")
	if err := os.Mkdir(filepath.Join(dir, "deeper"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "deeper", "c.txt"), post(8))

	// A dry run says the same and keeps nothing.
	before := exportAllOf(t, database)
	want := importReport{Files: []fileReport{
		one(single, "jsonl", 5, 1, 1, publish.Added),
		one(filepath.Join(dir, "a"), "devops-weekly", 7, 4, 5, publish.Added),
		one(filepath.Join(dir, "b.markdown"), "markdown", 6, 1, 1, publish.Added),
		one(filepath.Join(dir, "deeper", "c.txt"), "devops-weekly", 8, 4, 5, publish.Added),
	}}
	want.Files[0].Publication = publish.Added
	for _, dry := range []string{"--dry-run", "--format=auto"} {
		want.DryRun = dry == "--dry-run"
		got, r := importJSON(t, database, dry, single, dir)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || r.status != 0 || r.stderr != "" {
			t.Errorf("%s: status %d, %q (-want +got):\n%s", dry, r.status, r.stderr, diff)
		}
		if after := exportAllOf(t, database); want.DryRun && after != before {
			t.Errorf("a dry run kept something:\n%s", after)
		}
	}

	// Again, all is there already.
	before = exportAllOf(t, database)
	for i := range want.Files {
		want.Files[i].Issues[0].Outcome = publish.Unchanged
	}
	want.Files[0].Publication = publish.Unchanged
	got, r := importJSON(t, database, single, dir)
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || r.status != 0 {
		t.Errorf("again: status %d (-want +got):\n%s", r.status, diff)
	}
	if after := exportAllOf(t, database); after != before {
		t.Errorf("reading again changed something (-before +after):\n%s", cmp.Diff(before, after))
	}
}

func TestImportReportForPeople(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"a.md": post(7), "b.md": post(8) + "[press](javascript:alert(1))\n", "c.md": strings.Replace(post(7), "pears", "apples", 1), "d.md": "Dear all,\n"})
	at := func(name string) string { return filepath.Join(dir, name) }
	want := strings.NewReplacer("A", at("a.md"), "B", at("b.md"), "C", at("c.md"), "D", at("d.md"))
	for flag, verb := range map[string]string{"--dry-run": "would be added", "--format=auto": "added"} {
		r := execute(t, "import", "--database-url", pgtest.URL(t), flag, dir)
		for _, line := range []string{
			"A: issue 7 added (4 items, 5 links)\n",
			"B: issue 8 added (4 items, 5 links)\n    line 32: a link to a javascript: address is no web address",
			"C: issue 7 differs (4 items, 5 links)\n    issue 7 exists with other content and was left as it is; correct it on the desk\n",
			"D: failed: the shape of the file is not known",
			"4 files: 2 issues " + verb + ", 0 unchanged, 1 different and left alone, 1 file failed\n",
		} {
			if !strings.Contains(r.stdout, want.Replace(line)) {
				t.Errorf("%s: the report lacks %q:\n%s", flag, want.Replace(line), r.stdout)
			}
		}
		if r.status != 1 || r.stderr != "broadsheet: 1 of 4 files could not be imported; the report says why, the others are in\n" {
			t.Errorf("%s: status %d, stderr %q", flag, r.status, r.stderr)
		}
	}
}

// TestImportNamesWhatItCannotRead gives places where no file can be read
// beside a good one, reached by a link to its folder. The same link inside a
// folder is passed over.
func TestImportNamesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"good.md": post(7)})
	odd := t.TempDir()
	for name, make := range map[string]func(path string) error{
		"link":   func(path string) error { return os.Symlink(dir, path) },
		"astray": func(path string) error { return os.Symlink(filepath.Join(dir, "gone"), path) },
		"pipe":   func(path string) error { return syscall.Mkfifo(path, 0o600) },
		"loop":   func(path string) error { return os.Symlink(path, path) },
	} {
		if err := make(filepath.Join(odd, name)); err != nil {
			t.Fatal(err)
		}
	}
	missing, link := filepath.Join(odd, "missing"), filepath.Join(odd, "link")
	got, r := importJSON(t, pgtest.URL(t), missing, odd, filepath.Join(odd, "pipe"), link)
	var lines []string
	for _, file := range got.Files {
		lines = append(lines, strings.TrimPrefix(file.File, odd)+": "+file.Error+file.sentence())
	}
	want := []string{"missing", "astray", "loop", "pipe", "pipe", "good.md"}
	if len(lines) != len(want) || !slices.EqualFunc(lines, want, strings.Contains) ||
		got.Failed != 5 || got.Files[5].Issues[0].Outcome != publish.Added || r.status != 1 {
		t.Errorf("status %d, %d failed:\n%s", r.status, got.Failed, strings.Join(lines, "\n"))
	}
	for _, file := range got.Files[:5] {
		if !strings.Contains(file.Error, ";") || strings.Contains(file.Error, "\n") {
			t.Errorf("%s: %q is not a line that says what to do", file.File, file.Error)
		}
	}
}

// TestImportOfOneShape insists on a shape.
func TestImportOfOneShape(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"a.md": post(7), "b.jsonl": line(5)})
	got, r := importJSON(t, pgtest.URL(t), "--format", "jsonl", dir)
	if r.status != 1 || got.Files[0].Error == "" || got.Files[1].Error != "" {
		t.Errorf("status %d, %+v", r.status, got)
	}
}
