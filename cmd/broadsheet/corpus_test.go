package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/pgtest"
)

// corpus returns the folder of real issues that BROADSHEET_CORPUS names, or ""
// where there is none.
func corpus(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("BROADSHEET_CORPUS")
	if dir == "" {
		t.Log("BROADSHEET_CORPUS is not set; the real issues are not imported")
	}
	return dir
}

// expected is what another program found in a post. Titles of sections and the
// first characters of notes stand for the whole.
type expected struct {
	Number   int               `json:"number"`
	Date     string            `json:"date"`
	Sections []expectedSection `json:"sections"`
}

type expectedSection struct {
	Title string         `json:"title"`
	Items []expectedItem `json:"items"`
}

type expectedItem struct {
	Starts string   `json:"starts"`
	Links  []string `json:"links"`
}

// exported is an issue as an export has it.
type exported struct {
	Type, Date, State, Intro string
	Number                   int
	Sections                 []struct {
		Title, Kind, Of string
		Items           []struct {
			Mark, Note string
			Sponsored  bool
			Links      []struct{ URL string }
		}
	}
}

// exportedIssues returns the issues of a database by number.
func exportedIssues(t *testing.T, database string) map[int]exported {
	t.Helper()
	issues := map[int]exported{}
	for l := range strings.Lines(exportAllOf(t, database)) {
		var issue exported
		if !strings.HasPrefix(l, `{"type":"issue"`) {
			continue
		}
		if err := json.Unmarshal([]byte(l), &issue); err != nil {
			t.Fatal(err)
		}
		issues[issue.Number] = issue
	}
	return issues
}

// inShort returns what the other program would have found.
func (issue exported) inShort() expected {
	short := expected{Number: issue.Number, Date: issue.Date}
	for _, s := range issue.Sections {
		section := expectedSection{Title: s.Title}
		for _, i := range s.Items {
			first, _, _ := strings.Cut(i.Note, "\n")
			starts := []rune(first)
			item := expectedItem{string(starts[:min(len(starts), 40)]), []string{}}
			for _, link := range i.Links {
				item.Links = append(item.Links, link.URL)
			}
			section.Items = append(section.Items, item)
		}
		short.Sections = append(short.Sections, section)
	}
	return short
}

// TestCorpus imports the real posts and holds what is read back against what
// another program found in them.
func TestCorpus(t *testing.T) {
	t.Parallel()
	dir := corpus(t)
	if dir == "" {
		return
	}
	var want []expected
	if err := json.Unmarshal([]byte(read(t, filepath.Join(dir, "expected.json"))), &want); err != nil {
		t.Fatal(err)
	}
	database, posts := pgtest.NewBlank(t), filepath.Join(dir, "devops-weekly/posts")
	for _, outcome := range []string{"added", "unchanged"} {
		report, r := importJSON(t, database, posts)
		if len(report.Files) != len(want) || report.Failed != 0 || r.status != 0 {
			t.Errorf("%d files of %d, %d failed, status %d", len(report.Files), len(want), report.Failed, r.status)
		}
		for _, file := range report.Files {
			if len(file.Issues) != 1 || string(file.Issues[0].Outcome) != outcome {
				t.Errorf("%s: %+v, want it %s", file.File, file.Report, outcome)
			}
		}
	}
	got := exportedIssues(t, database)
	if len(got) != len(want) {
		t.Errorf("%d issues, want %d", len(got), len(want))
	}
	for _, issue := range want {
		if diff := cmp.Diff(issue, got[issue.Number].inShort()); diff != "" || got[issue.Number].State != "published" {
			t.Errorf("issue %d, %s (-want +got):\n%s", issue.Number, got[issue.Number].State, diff)
		}
	}

	lines := exportAllOf(t, database)
	empty := pgtest.URL(t)
	succeed(t, "import", "--database-url", empty, filepath.Join(folder(t, map[string]string{"all": lines}), "all"))
	if again := exportAllOf(t, empty); again != lines {
		t.Errorf("lines, imported and exported again:\n%s", cmp.Diff(lines, again))
	}
	searchCorpus(t, empty, got)
}

// TestCorpusSeed imports the issue that the program is made for.
func TestCorpusSeed(t *testing.T) {
	t.Parallel()
	dir := corpus(t)
	if dir == "" {
		return
	}
	database := pgtest.URL(t)
	succeed(t, "import", "--database-url", database, filepath.Join(dir, "seed-2013-09-01-issue-139.md"))
	issues := exportedIssues(t, database)
	seed := issues[139]
	var shape []string
	for _, section := range seed.Sections {
		line := section.Title + " of " + section.Of + " (" + section.Kind + "):"
		for _, item := range section.Items {
			line += " " + item.Mark + strings.Repeat("+", len(item.Links))
			if item.Sponsored {
				line += " paid"
			}
		}
		shape = append(shape, line)
	}
	want := []string{
		"Sponsor of Sponsor (sponsor): 139.1+ paid",
		"News of News (links): 139.2+ 139.3+ 139.4+ 139.5+ 139.6+ 139.7+ 139.8+",
		"Events of Events (events): 139.9+",
		"Tools of Tools (links): 139.10++ 139.11++",
	}
	if diff := cmp.Diff(want, shape); diff != "" || len(issues) != 1 || seed.Date != "2013-09-01" {
		t.Errorf("%d issues, of %s:\n%s", len(issues), seed.Date, diff)
	}
	if strings.Contains(seed.Intro, "_") || !strings.HasPrefix(seed.Intro, "If you") {
		t.Errorf("the introduction is %q", seed.Intro)
	}
}
