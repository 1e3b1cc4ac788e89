package main

import (
	"path/filepath"
	"strings"
	"testing"

	"broadsheet/internal/exchange"
	"broadsheet/internal/pgtest"
)

// TestImportReportForPrograms looks at the report of files that fail.
func TestImportReportForPrograms(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"1.md": head(7) + strings.Repeat("> ", 1_000_000), "2.md": "Dear all,\n", "3.jsonl": line(5)[:200]})
	got, r := importJSON(t, pgtest.URL(t), dir)
	if strings.Contains(r.stdout, "null") {
		t.Errorf("a list is none:\n%s", r.stdout)
	}
	for i, want := range []exchange.Format{"devops-weekly", "auto", "jsonl"} {
		if got.Files[i].Format != want || got.Files[i].Error == "" {
			t.Errorf("%s has the format %q, want %q", got.Files[i].File, got.Files[i].Format, want)
		}
	}
	got, _ = importJSON(t, pgtest.URL(t), "--format", "markdown", filepath.Join(dir, "missing"))
	if got.Files[0].Format != "markdown" {
		t.Errorf("a file that is not there has the format %q, want what was asked for", got.Files[0].Format)
	}
}

// TestImportReportOfOddFiles holds the report to a line for each thing.
func TestImportReportOfOddFiles(t *testing.T) {
	t.Parallel()
	var issues strings.Builder
	for number := range 9 {
		issues.WriteString(line(number + 1))
	}
	dir := folder(t, map[string]string{
		"a":           `{"type":"redirect","from":"/2018/mulch.html","to":"/issues/5"}` + "\n",
		"b\nx\x1b[2J": issues.String(),
	})
	r := execute(t, "import", "--database-url", pgtest.URL(t), dir)
	for _, want := range []string{
		"a: 1 redirect added\n",
		`b\nx\x1b[2J": 9 issues` + "\n    issue 1 added (1 item, 1 link)\n    issue 2 added",
		"    issue 9 added (1 item, 1 link)\n2 files: 9 issues added",
	} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("the report lacks %q:\n%s", want, r.stdout)
		}
	}
}
