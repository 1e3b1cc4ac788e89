package desk

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"testing"

	"broadsheet/internal/postgres"
)

func TestDeedsAreSentences(t *testing.T) {
	for deedOf, want := range map[[2]string]string{
		{"edit item", "214: Moves a team’s pages: one evening"}: "edited Moves a team’s pages: one evening",
		{"move item", "7: Gulls, to News in 413"}:               "moved Gulls, to News in 413",
		{"merge items", "7: Gulls into 8: Terns"}:               "merged Gulls into Terns",
		{"publish issue", "413"}:                                "published 413",
		{"correct issue", "413: Fog, not sun."}:                 "corrected 413: Fog, not sun.",
		{"hold back issue", "413: 413.2 has no note"}:           "held back 413: 413.2 has no note",
		{"add curator", "ines@letter.example"}:                  "added as curator ines@letter.example",
		{"change their name", ""}:                               "changed their name",
		{"invent something", "new"}:                             "invent something: new",
		{"invent something", ""}:                                "invent something",
	} {
		if got := (deed{Deed: postgres.Deed{Action: deedOf[0], Object: deedOf[1]}}).What(); got != want {
			t.Errorf("%v reads %q, want %q", deedOf, got, want)
		}
	}
}

// TestEveryDeedHasItsSentence finds what the program records, in its code.
func TestEveryDeedHasItsSentence(t *testing.T) {
	found := 0
	err := fs.WalkDir(os.DirFS(".."), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), "../"+path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok || len(call.Args) < 3 {
				return true
			}
			name, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !strings.HasPrefix(name.Sel.Name, "Audit") {
				return true
			}
			if action, ok := call.Args[2].(*ast.BasicLit); ok {
				found++
				if action, _ := strconv.Unquote(action.Value); pastTense[action] == "" {
					t.Errorf("%s records %q, which has no past tense", path, action)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || found < 15 {
		t.Errorf("%d deeds are recorded (%v)", found, err)
	}
}

// TestDeedsNameItemsWithoutTheirFullStop moves an item whose first words are a
// sentence.
func TestDeedsNameItemsWithoutTheirFullStop(t *testing.T) {
	w := newWorld(t)
	ids := w.ready(413)
	must(t, w.store.MoveItem(t.Context(), w.osman, ids[2], *endOf(413, "News"), 0))
	deeds, err := w.store.Deeds(t.Context(), 1)
	must(t, err)
	if said := (deed{Deed: deeds[0]}).What(); said != "moved Bring a coat, to News in 413" {
		t.Errorf("the last deed is %q", said)
	}
}
