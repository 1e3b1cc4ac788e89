package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/pgtest"
)

// archive is a database with issues of every shape, and what is outside them.
func archive(t *testing.T) string {
	t.Helper()
	database := pgtest.URL(t)
	outside := `{"type":"issue","number":50,"date":"2030-01-06","title":"in the making","summary":"","state":"draft","scheduled_at":null,"published_at":null,` +
		`"intro":"","sections":[{"title":"News","kind":"links","of":"News","items":[]}],"corrections":[],"withdrawn":[]}` + "\n" +
		`{"type":"item","state":"inbox","reason":"","title":"","note":"A press, hardly used.","sponsored":false,"event_on":"","event_until":"","place_name":"",` +
		`"links":[{"url":"HTTP://Press.Example:80/./a","text":""}],"submitted_by":"a neighbour","submitted_at":"2018-03-01T09:00:00Z"}` + "\n" +
		`{"type":"redirect","from":"/2018/pears.html","to":"/issues/7"}` + "\n"
	succeed(t, "import", "--database-url", database, folder(t, map[string]string{
		"1.jsonl": publication + line(5) + outside, "2.md": own(6), "3.md": post(7), "4.md": post(8),
	}))
	return database
}

func TestExportLines(t *testing.T) {
	t.Parallel()
	database := archive(t)
	path := filepath.Join(t.TempDir(), "all.jsonl")
	if out := succeed(t, "export", "--database-url", database, "--format", "jsonl", "--out", path); out != "" {
		t.Errorf("stdout is %q", out)
	}
	first := read(t, path)
	var kinds []string
	for l := range strings.Lines(first) {
		kind, _, _ := strings.Cut(strings.TrimPrefix(l, `{"type":"`), `"`)
		kinds = append(kinds, kind)
	}
	if want := []string{"publication", "issue", "issue", "issue", "issue", "issue", "item", "redirect"}; !slices.Equal(kinds, want) {
		t.Errorf("the lines are %q, want %q", kinds, want)
	}
	if !strings.Contains(first, `"url":"HTTP://Press.Example:80/./a"`) {
		t.Error("an address was not exported as it was written")
	}

	empty := pgtest.NewBlank(t)
	succeed(t, "import", "--database-url", empty, path)
	if diff := cmp.Diff(first, exportAllOf(t, empty)); diff != "" {
		t.Errorf("after import and export the lines are others:\n%s", diff)
	}
}

func TestExportFolders(t *testing.T) {
	t.Parallel()
	database := archive(t)
	for _, test := range []struct {
		format, words string
		names         []string
	}{
		{"markdown", "A grafting knife that was lost", []string{"5.md", "50.md", "6.md", "7.md", "8.md"}},
		{"text", "A grafting knife that was lost", []string{"5.txt", "6.txt", "7.txt", "8.txt"}}, // what was printed
	} {
		dir := filepath.Join(t.TempDir(), "new", "folder")
		for range 2 { // again into the same folder
			succeed(t, "export", "--database-url", database, "--format", test.format, "--out", dir)
		}
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, entry := range entries {
			names = append(names, entry.Name())
		}
		if !slices.Equal(names, test.names) {
			t.Errorf("%s: the folder has %q, want %q", test.format, names, test.names)
		}
		file := filepath.Join(dir, test.names[len(test.names)-2])
		if text := read(t, file); !strings.Contains(text, test.words) {
			t.Errorf("%s:\n%s", file, text)
		}
		for _, name := range test.names[1:] {
			number := strings.TrimSuffix(name, filepath.Ext(name))
			single := succeed(t, "export", "--database-url", database, "--format", test.format, "--issue", number, "--out", "-")
			if diff := cmp.Diff(read(t, filepath.Join(dir, name)), single); diff != "" {
				t.Errorf("%s alone is another than in the folder:\n%s", name, diff)
			}
		}
	}
}

// TestExportMarkdownComesBack imports a folder of Markdown into an empty
// database: the issues are the same.
func TestExportMarkdownComesBack(t *testing.T) {
	t.Parallel()
	database, empty, dir := archive(t), pgtest.URL(t), t.TempDir()
	succeed(t, "export", "--database-url", database, "--format", "markdown", "--out", dir)
	succeed(t, "import", "--database-url", empty, dir)
	for _, number := range []string{"5", "6", "7", "8", "50"} {
		args := []string{"export", "--format", "jsonl", "--issue", number, "--out", "-", "--database-url"}
		if diff := cmp.Diff(succeed(t, append(args, database)...), succeed(t, append(args, empty)...)); diff != "" {
			t.Errorf("issue %s:\n%s", number, diff)
		}
	}
}

func TestExportRefuses(t *testing.T) {
	t.Parallel()
	database := archive(t)
	file := filepath.Join(t.TempDir(), "a file")
	write(t, file, "keep me")
	nowhere := filepath.Join(t.TempDir(), "no", "folder", "x")
	tests := map[string]struct {
		args []string
		want string
	}{
		"unknown issue":       {[]string{"--format", "markdown", "--issue", "4711", "--out", file}, "there is no issue 4711"},
		"letter of a draft":   {[]string{"--format", "text", "--issue", "50", "--out", file}, "issue 50 is not published"},
		"no folder for it":    {[]string{"--format", "jsonl", "--out", nowhere}, "cannot write " + nowhere + ": no such file or directory"},
		"file as folder":      {[]string{"--format", "markdown", "--out", file}, file},
		"older database":      {[]string{"--format", "jsonl", "--out", file, "--database-url", pgtest.NewBlank(t)}, "run: broadsheet migrate up"},
		"one unknown, stdout": {[]string{"--format", "jsonl", "--issue", "4711", "--out", "-"}, "there is no issue 4711"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			execute(t, append([]string{"export", "--database-url", database}, test.args...)...).refuses(t, 1, test.want, ";")
		})
	}
	if text := read(t, file); text != "keep me" {
		t.Errorf("a file was overwritten by an export that failed: %q", text)
	}
	if left, err := os.ReadDir(filepath.Dir(file)); err != nil || len(left) != 1 {
		t.Errorf("the folder has %v (%v), want the file alone", left, err)
	}
}
