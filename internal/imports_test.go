package internal_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// table says which packages of ours each package may import; a package that
// is not in it has no place yet. Rows stand from the bottom to the top, and a
// row names only what stands above it: domain, store, operations, pages,
// server, commands. The three audiences site, account and desk never import
// each other. "everything" is every row above but those of testsOnly, and "!"
// takes one of them out. A row may be there before its package.
const table = `
web           :
migrations    :
newsletter    :
job           :
markdown      :
canonical     :
fetch         :
password      :
session       :
install       :
localpg       : install
address       : newsletter
mail          : address
feed          : newsletter markdown address
card          : newsletter
exchange      : newsletter markdown canonical address
postgres      : newsletter canonical migrations job
publish       : newsletter address job markdown exchange postgres
live          : newsletter postgres
page          : web newsletter address session
worker        : newsletter address job fetch canonical mail exchange postgres publish page
site          : newsletter canonical address feed card exchange postgres live page
account       : newsletter address password mail session postgres page
desk          : newsletter address feed job markdown exchange session postgres publish live page
pgtest        : migrations install localpg postgres
newslettertest: newsletter
browsertest   :
server        : everything !worker
cmd/broadsheet: everything
cmd/check     : everything
web/checks    : everything
`

// Why some edges are there:
//   - address imports newsletter, because marks are part of addresses.
//   - site imports exchange, because an issue's .md, .txt and .json are the
//     shapes of the export.
//   - desk imports feed, because a preview shows the entry.
//   - publish imports address, because old addresses lead to today's.
//   - install finds and installs programs the machine lacks; localpg names
//     with it the command that brings PostgreSQL.
//   - worker works on background jobs in the way server answers requests: both
//     are started by the commands. It imports address, as a message tells where
//     an issue is.
//   - publish and desk import job: the one inserts jobs with what causes them,
//     the other says in words what they are about.
//   - web/checks is tests only: it looks at the pages of a running program.

// testsOnly are the packages that only tests may import. Tests may import
// whatever they need; the table is about what the program is made of.
var testsOnly = []string{"pgtest", "newslettertest", "browsertest"}

// outside says which packages may import some of the libraries that make an
// architecture: HTTP stops at the pages, SQL at the store. A library's own
// packages are meant too, but for those with a line of their own.
var outside = map[string][]string{
	"net/http":             {"web", "page", "site", "account", "desk", "server", "session", "fetch", "live", "browsertest", "cmd/broadsheet", "cmd/check"},
	"database/sql":         {"postgres", "migrations", "localpg", "pgtest", "session", "live", "cmd/broadsheet", "cmd/check"},
	"database/sql/driver":  {"postgres", "migrations", "localpg", "pgtest", "session", "live", "cmd/broadsheet", "cmd/check", "newsletter"}, // for newsletter.Date as a column
	"github.com/jackc/pgx": {"postgres", "migrations", "localpg", "pgtest", "cmd/broadsheet", "cmd/check"},

	"github.com/riverqueue/river": {"job", "postgres", "migrations", "worker"},
}

const module = "broadsheet/"

// source is the import lines of one file.
type source struct {
	file    string // from the module's root
	pkg     string // as the table names it
	test    bool
	imports []string
}

// name returns a package's name in the table: its path in the module without
// "internal/".
func name(dir string) string { return strings.TrimPrefix(dir, "internal/") }

// sources reads every Go file below root.
func sources(t *testing.T, root string) []source {
	t.Helper()
	var all []source
	err := fs.WalkDir(os.DirFS(root), ".", func(file string, entry fs.DirEntry, err error) error {
		base := path.Base(file)
		switch {
		case err != nil:
			return err
		case entry.IsDir() && file != "." && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules"):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(file) != ".go":
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, file), nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		s := source{file: file, pkg: name(path.Dir(file)), test: strings.HasSuffix(file, "_test.go")}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			s.imports = append(s.imports, imported)
		}
		all = append(all, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// rules reads the table: for each package what it may import of ours.
func rules() map[string][]string {
	rows := map[string][]string{}
	var above []string
	for line := range strings.Lines(strings.TrimSpace(table)) {
		pkg, words, _ := strings.Cut(line, ":")
		pkg = strings.TrimSpace(pkg)
		rows[pkg] = nil // also a row that may import nothing is there
		for _, word := range strings.Fields(words) {
			except, not := strings.CutPrefix(word, "!")
			switch {
			case word == "everything":
				rows[pkg] = slices.Clone(above)
			case not:
				rows[pkg] = slices.DeleteFunc(rows[pkg], func(p string) bool { return p == except })
			default:
				rows[pkg] = append(rows[pkg], word)
			}
		}
		if !slices.Contains(testsOnly, pkg) {
			above = append(above, pkg)
		}
	}
	return rows
}

// verdict returns what is wrong with a file's imports and what to do about it,
// a sentence for each.
func verdict(s source, rows map[string][]string) []string {
	if s.pkg == "internal" { // this test
		return nil
	}
	allowed, known := rows[s.pkg]
	if !known {
		return []string{fmt.Sprintf("%s: package %s has no row in the table of internal/imports_test.go; give it one, with its reason, or put the code into a package that has one", s.file, s.pkg)}
	}
	var wrong []string
	for _, imported := range s.imports {
		if ours, found := strings.CutPrefix(imported, module); found {
			wrong = append(wrong, inside(s, name(ours), allowed)...)
			continue
		}
		if library := guarded(imported); library != "" && !s.test && !slices.Contains(outside[library], s.pkg) {
			wrong = append(wrong, fmt.Sprintf("%s: package %s imports %s, which only %s may; move that code there",
				s.file, s.pkg, imported, strings.Join(outside[library], ", ")))
		}
	}
	return wrong
}

// inside judges the import of a package of ours.
func inside(s source, imported string, allowed []string) []string {
	switch {
	case s.test: // a test fills its database and drives its handlers as it needs
		return nil
	case slices.Contains(allowed, imported):
		return nil
	case slices.Contains(testsOnly, imported):
		return []string{fmt.Sprintf("%s: %s is for tests; import it in a _test.go file only", s.file, imported)}
	}
	return []string{fmt.Sprintf("%s: package %s may not import %s; move the code to where the edge is allowed, or add the edge to the table of internal/imports_test.go with its reason", s.file, s.pkg, imported)}
}

// guarded returns the longest line of outside that covers an import, or "".
func guarded(imported string) string {
	longest := ""
	for library := range outside {
		if strings.HasPrefix(imported+"/", library+"/") && len(library) > len(longest) {
			longest = library
		}
	}
	return longest
}

func TestImports(t *testing.T) {
	files, rows := sources(t, ".."), rules()
	if len(files) < 10 {
		t.Fatalf("only %d Go files found; the walk does not start at the module's root", len(files))
	}
	for _, s := range files {
		for _, sentence := range verdict(s, rows) {
			t.Error(sentence)
		}
	}
}

// TestTable holds the table itself to its rules: a row names rows above it
// only, and no audience another.
func TestTable(t *testing.T) {
	above := map[string]bool{}
	for line := range strings.Lines(strings.TrimSpace(table)) {
		pkg, imports, found := strings.Cut(line, ":")
		pkg = strings.TrimSpace(pkg)
		if !found || above[pkg] {
			t.Errorf("the row %q is not of the form \"package : imports\", or is there twice", line)
		}
		for _, imported := range strings.Fields(imports) {
			imported = strings.TrimPrefix(imported, "!")
			if imported != "everything" && !above[imported] {
				t.Errorf("%s imports %s, which does not stand above it", pkg, imported)
			}
		}
		above[pkg] = true
	}
	rows, audiences := rules(), []string{"site", "account", "desk"}
	for _, pkg := range audiences {
		for _, other := range audiences {
			if slices.Contains(rows[pkg], other) {
				t.Errorf("the audience %s imports %s; they share code through page", pkg, other)
			}
		}
	}
	for library, packages := range outside {
		for _, pkg := range packages {
			if _, known := rows[pkg]; !known {
				t.Errorf("%s is allowed to %s, which has no row; rows are %v", library, pkg, slices.Sorted(maps.Keys(rows)))
			}
		}
	}
}

// TestVerdict shows that each rule can fail.
func TestVerdict(t *testing.T) {
	rows := rules()
	for _, c := range []struct {
		file     string
		imported string
		says     string // part of the sentence, or "" where the import is allowed
	}{
		{"internal/feed/feed.go", "broadsheet/internal/address", ""},
		{"internal/feed/feed.go", "broadsheet/internal/postgres", "may not import postgres"},
		{"internal/feed/feed_test.go", "broadsheet/internal/postgres", ""},
		{"internal/feed/feed_test.go", "broadsheet/internal/feed", ""},
		{"internal/feed/feed_test.go", "broadsheet/internal/newslettertest", ""},
		{"internal/feed/feed.go", "broadsheet/internal/newslettertest", "is for tests"},
		{"internal/site/issue.go", "broadsheet/internal/desk", "may not import desk"},
		{"internal/server/server.go", "broadsheet/internal/worker", "may not import worker"},
		{"internal/server/server.go", "broadsheet/internal/site", ""},
		{"cmd/broadsheet/main.go", "broadsheet/internal/worker", ""},
		{"cmd/broadsheet/main.go", "broadsheet/internal/pgtest", "is for tests"},
		{"internal/postgres/store.go", "broadsheet/migrations", ""},
		{"internal/util/strings.go", "strings", "has no row"},
		{"internal/feed/atom/atom.go", "encoding/xml", "has no row"},
		{"internal/publish/publish.go", "net/http", "only web, page"},
		{"internal/publish/publish_test.go", "net/http", ""},
		{"internal/publish/publish.go", "net/http/httptest", "only web, page"},
		{"internal/site/issue.go", "net/http", ""},
		{"internal/site/issue.go", "github.com/jackc/pgx/v5/pgxpool", "only postgres"},
		{"internal/newsletter/date.go", "database/sql/driver", ""},
		{"internal/newsletter/date.go", "database/sql", "only postgres"},
		{"cmd/broadsheet/main.go", "broadsheet/internal/server", ""},
		{"main.go", "fmt", "has no row"},
	} {
		s := source{c.file, name(path.Dir(c.file)), strings.HasSuffix(c.file, "_test.go"), []string{c.imported}}
		got := strings.Join(verdict(s, rows), "\n")
		if (c.says == "") != (got == "") || !strings.Contains(got, c.says) {
			t.Errorf("%s importing %s: %q, not %q", c.file, c.imported, got, c.says)
		}
	}
}
