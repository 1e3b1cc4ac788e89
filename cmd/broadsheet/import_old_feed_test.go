package main

import (
	"path/filepath"
	"strings"
	"testing"

	"broadsheet/internal/pgtest"
)

// TestImportOfAnOldFeed brings an archive and the feed it had, and carries both
// on to another database by an export.
func TestImportOfAnOldFeed(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	dir := folder(t, map[string]string{
		"7.md": post(7), "8.md": post(8),
		"old.xml": `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Old</title>
			<atom:link rel="self" href="https://old.example/rss"/>
			<item><title>Letter 7</title><link>https://old.example/p/seven</link><guid>seven-7</guid></item>
			<item><title>A poem</title><guid>poem</guid></item></channel></rss>`,
		"old.atom": `<feed xmlns="http://www.w3.org/2005/Atom"><title>Old</title><id>urn:old</id><link rel="self" href="https://old.example/atom"/></feed>`,
	})
	at := func(name string) string { return filepath.Join(dir, name) }
	said := succeed(t, "import", "--database-url", database, "--old-feed", at("old.xml"), at("7.md"), at("8.md"))
	for _, want := range []string{
		at("old.xml") + ": 2 redirects added, 1 feed entry added\n", `the entry "A poem" is no issue that is here`,
	} {
		if !strings.Contains(said, want) {
			t.Errorf("the report lacks %q:\n%s", want, said)
		}
	}
	succeed(t, "import", "--database-url", database, "--old-feed", at("old.atom"))
	lines := exportAllOf(t, database)
	for _, want := range []string{
		`{"type":"feed_id","issue":0,"id":"urn:old"}`, `{"type":"redirect","from":"/atom","to":"/atom.xml"}`,
		`{"type":"feed_id","issue":7,"id":"seven-7"}`, `{"type":"redirect","from":"/p/seven","to":"/issues/7"}`, `{"type":"redirect","from":"/rss","to":"/feed.xml"}`,
	} {
		if !strings.Contains(lines, want+"\n") {
			t.Errorf("the export lacks %s:\n%s", want, lines)
		}
	}
	again := pgtest.URL(t)
	file := filepath.Join(folder(t, map[string]string{"all.jsonl": lines}), "all.jsonl")
	succeed(t, "import", "--database-url", again, file)
	if carried := exportAllOf(t, again); carried != lines {
		t.Errorf("carried on:\n%s\nwant:\n%s", carried, lines)
	}
	for _, wrong := range []string{at("7.md"), at("missing"), dir} {
		if r := execute(t, "import", "--database-url", database, "--old-feed", wrong); r.status != 1 || !strings.Contains(r.stdout, ": failed: ") {
			t.Errorf("%s: status %d\n%s", wrong, r.status, r.stdout)
		}
	}
	if r := execute(t, "import", "--database-url", database); r.status != 2 || !strings.Contains(r.stderr, "--old-feed") {
		t.Errorf("nothing to import: status %d, %s", r.status, r.stderr)
	}
}

// TestImportOfPostsKeepsTheirAddresses brings posts that Jekyll published, and
// carries them on to another database by an export.
func TestImportOfPostsKeepsTheirAddresses(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	stated := strings.Replace(post(8), "---\n", "---\npermalink: /letters/eight/\nredirect_from:\n  - /p/8/\n", 1)
	dir := folder(t, map[string]string{"2018-02-18-7.md": post(7), "2018-02-25-8.md": stated, "2018-02-18-copy.md": post(7)})
	for _, became := range []string{"added", "unchanged"} {
		said := succeed(t, "import", "--database-url", database, dir)
		if one, two := strings.Count(said, ", 1 redirect "+became+"\n"), strings.Count(said, ", 2 redirects "+became+"\n"); one != 2 || two != 1 {
			t.Errorf("redirects %s, want 1 of two files and 2 of one:\n%s", became, said)
		}
	}
	lines := exportAllOf(t, database)
	for _, want := range []string{"/2018/02/18/7.html", "/2018/02/18/copy.html", "/letters/eight", "/p/8"} {
		if !strings.Contains(lines, `{"type":"redirect","from":"`+want+`","to":"/issues/`) {
			t.Errorf("the export lacks %s:\n%s", want, lines)
		}
	}
	again := pgtest.URL(t)
	file := filepath.Join(folder(t, map[string]string{"all.jsonl": lines}), "all.jsonl")
	succeed(t, "import", "--database-url", again, file)
	if carried := exportAllOf(t, again); carried != lines {
		t.Errorf("carried on:\n%s\nwant:\n%s", carried, lines)
	}
}
