package exchange

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

// corpus returns the folder of real issues that BROADSHEET_CORPUS names, or ""
// where there is none.
func corpus(t *testing.T) string {
	folder := os.Getenv("BROADSHEET_CORPUS")
	if folder == "" {
		t.Log("BROADSHEET_CORPUS is not set; the real issues are not looked at")
	}
	return folder
}

// readFile reads one issue the way import does.
func readFile(t *testing.T, path string) (newsletter.Issue, []string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	doc, err := Read(file, FormatAuto)
	if err != nil {
		t.Fatalf("%s: %v", filepath.Base(path), err)
	}
	if doc.Format != FormatDevopsWeekly {
		t.Errorf("%s was read as %s", filepath.Base(path), doc.Format)
	}
	return doc.Issues[0], doc.Warnings
}

// counted is what another program found in a post.
type counted struct {
	File       string           `json:"file"`
	Number     int              `json:"number"`
	Date       string           `json:"date"`
	IntroChars int              `json:"intro_chars"`
	Sections   []countedSection `json:"sections"`
}

type countedSection struct {
	Title string        `json:"title"`
	Items []countedItem `json:"items"`
}

type countedItem struct {
	Starts string   `json:"starts"`
	Links  []string `json:"links"`
}

func TestCorpusPosts(t *testing.T) {
	folder := corpus(t)
	if folder == "" {
		return
	}
	data, err := os.ReadFile(filepath.Join(folder, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var posts []counted
	if err := json.Unmarshal(data, &posts); err != nil {
		t.Fatal(err)
	}
	for _, want := range posts {
		issue, warnings := readFile(t, filepath.Join(folder, "devops-weekly/posts", want.File))
		got := count(issue)
		got.File = want.File
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", want.File, diff)
		}
		if issue.PublishedAt.IsZero() || issue.Title != "" {
			t.Errorf("%s: time %v, title %q", want.File, issue.PublishedAt, issue.Title)
		}
		for _, w := range warnings {
			t.Logf("%s: %s", want.File, w)
		}
	}
	t.Logf("%d posts", len(posts))
}

func count(issue newsletter.Issue) counted {
	c := counted{Number: issue.Number, Date: issue.Date.String(), IntroChars: len([]rune(issue.Intro))}
	for _, s := range issue.Sections {
		section := countedSection{Title: s.Title}
		for _, item := range s.Items {
			links := []string{}
			for _, link := range item.Links {
				links = append(links, link.URL)
			}
			first, _, _ := strings.Cut(item.Note, "\n")
			starts := []rune(first)
			section.Items = append(section.Items, countedItem{string(starts[:min(len(starts), 40)]), links})
		}
		c.Sections = append(c.Sections, section)
	}
	return c
}

// TestCorpusMails holds each mail against the post of the same number. Lines of
// mails are wrapped, and posts have a text for a link where a mail has words.
func TestCorpusMails(t *testing.T) {
	folder := corpus(t)
	if folder == "" {
		return
	}
	mails, err := filepath.Glob(filepath.Join(folder, "devops-weekly/mail/*.mail.txt"))
	if err != nil || len(mails) == 0 {
		t.Fatalf("%d mails, %v", len(mails), err)
	}
	for _, path := range mails {
		number := strings.TrimSuffix(filepath.Base(path), ".mail.txt")
		posts, err := filepath.Glob(filepath.Join(folder, "devops-weekly/posts/*-"+number+".md"))
		if err != nil || len(posts) != 1 {
			t.Fatalf("%d posts of number %s, %v", len(posts), number, err)
		}
		want, _ := readFile(t, posts[0])
		got, warnings := readFile(t, path)
		if diff := cmp.Diff(unwrapped(want), unwrapped(got)); diff != "" {
			t.Errorf("%s (-post +mail):\n%s", filepath.Base(path), diff)
		}
		for _, w := range warnings {
			t.Logf("%s: %s", number, w)
		}
	}
}

// unwrapped returns an issue whose texts are one line each.
func unwrapped(issue newsletter.Issue) newsletter.Issue {
	issue.Intro = strings.Join(strings.Fields(issue.Intro), " ")
	for _, section := range issue.Sections {
		for i := range section.Items {
			section.Items[i].Note = strings.Join(strings.Fields(section.Items[i].Note), " ")
		}
	}
	return issue
}

func TestCorpusSeed(t *testing.T) {
	folder := corpus(t)
	if folder == "" {
		return
	}
	issue, warnings := readFile(t, filepath.Join(folder, "seed-2013-09-01-issue-139.md"))
	if issue.Number != 139 || issue.Date.String() != "2013-09-01" {
		t.Errorf("issue %d of %s", issue.Number, issue.Date)
	}
	var shape []string
	for _, s := range issue.Sections {
		for _, item := range s.Items {
			line := s.Title + strings.Repeat(" link", len(item.Links))
			if item.Sponsored {
				line += " sponsored"
			}
			shape = append(shape, line)
		}
	}
	want := append([]string{"Sponsor link sponsored"}, strings.Split(strings.Repeat("News link,", 7)+"Events link,Tools link link,Tools link link", ",")...)
	if diff := cmp.Diff(want, shape); diff != "" {
		t.Error(diff)
	}
	if !strings.HasPrefix(issue.Intro, "If you") || !strings.HasSuffix(issue.Intro, "November.") {
		t.Errorf("introduction %q", issue.Intro)
	}
	if len(warnings) > 0 {
		t.Errorf("warnings %q", warnings)
	}

	// Written as our own Markdown it is the same post but for its date line,
	// white space and the lengths of the rows of "=".
	data, err := os.ReadFile(filepath.Join(folder, "seed-2013-09-01-issue-139.md"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range issue.Sections {
		issue.Sections[i].Of = issue.Sections[i].Title
	}
	issue.NumberPlaces()
	fields := func(s string) []string { return strings.Fields(regexp.MustCompile(`=+\n`).ReplaceAllString(s, "=\n")) }
	written := strings.Replace(string(Markdown(issue)), "date: 2013-09-01\n", "", 1)
	if diff := cmp.Diff(fields(string(data)), fields(written)); diff != "" {
		t.Error(diff)
	}
}
