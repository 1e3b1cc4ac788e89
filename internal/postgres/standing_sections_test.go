package postgres_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/postgres"
)

// anyID compares default sections by what they say.
var anyID = cmpopts.IgnoreFields(newsletter.StandingSection{}, "ID")

// resection saves the default sections that change makes of today's.
func resection(t *testing.T, store *postgres.Store, change func([]newsletter.StandingSection) []newsletter.StandingSection) error {
	t.Helper()
	p, err := store.Publication(t.Context())
	must(t, err)
	p.Sections = change(p.Sections)
	return store.SavePublication(t.Context(), p)
}

// retitled gives sections other titles.
func retitled(titles map[string]string) func([]newsletter.StandingSection) []newsletter.StandingSection {
	return func(sections []newsletter.StandingSection) []newsletter.StandingSection {
		for k, section := range sections {
			if title := titles[section.Title]; title != "" {
				sections[k].Title = title
			}
		}
		return sections
	}
}

// without takes a section out.
func without(title string) func([]newsletter.StandingSection) []newsletter.StandingSection {
	return func(sections []newsletter.StandingSection) []newsletter.StandingSection {
		return slices.DeleteFunc(sections, func(s newsletter.StandingSection) bool { return s.Title == title })
	}
}

// added puts one more at the end.
func added(title string) func([]newsletter.StandingSection) []newsletter.StandingSection {
	return func(sections []newsletter.StandingSection) []newsletter.StandingSection {
		return append(sections, newsletter.StandingSection{Title: title, Kind: newsletter.KindLinks})
	}
}

// under returns the marks of what was printed under a standing section, and
// its title.
func under(t *testing.T, store *postgres.Store, slug string) (title string, marks []string) {
	t.Helper()
	section, n, err := store.Section(t.Context(), slug)
	if errors.Is(err, newsletter.ErrNotFound) {
		return "", nil
	}
	must(t, err)
	items, err := store.SectionItems(t.Context(), slug, 1)
	must(t, err)
	for _, item := range items {
		marks = append(marks, item.Mark().String()+" "+item.Section)
	}
	if n != len(items) {
		t.Errorf("%s counts %d items and lists %d", slug, n, len(items))
	}
	return section.Title, marks
}

// ofs returns which standing sections an issue's sections are of, for readers
// and for the desk.
func ofs(t *testing.T, store *postgres.Store, number int) (list []string) {
	t.Helper()
	issue, err := store.Issue(t.Context(), number)
	must(t, err)
	board, err := store.Board(t.Context(), number)
	must(t, err)
	for k, section := range issue.Sections {
		if list = append(list, section.Of); board.Sections[k].Of != section.Of {
			t.Errorf("the board has %s of %q, the issue of %q", section.Title, board.Sections[k].Of, section.Of)
		}
	}
	return list
}

func TestRenamedSectionKeepsEverythingInIt(t *testing.T) {
	store := fill(t, newslettertest.Issue(100))
	must(t, resection(t, store, retitled(map[string]string{"News": "Tidings"})))
	title, marks := under(t, store, "tidings")
	if diff := cmp.Diff([]string{"100.2 Tidings", "100.3 Tidings", "100.5 Tidings"}, marks); diff != "" || title != "Tidings" {
		t.Errorf("under %q stands:\n%s", title, diff)
	}
	if diff := cmp.Diff([]string{"Sponsor", "Tidings", "Jobs", ""}, ofs(t, store, 100)); diff != "" {
		t.Error(diff)
	}
	for from, want := range map[string]string{"/sections/news": "/sections/tidings", "/sections/news/feed.xml": "/sections/tidings/feed.xml"} {
		if r, err := store.Redirect(t.Context(), from); err != nil || r.To != want {
			t.Errorf("%s leads to %q (%v), want %s", from, r.To, err, want)
		}
	}
	must(t, resection(t, store, retitled(map[string]string{"Tidings": "News"}))) // and back
	if _, err := store.Redirect(t.Context(), "/sections/news"); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("the section's own address leads elsewhere (%v)", err)
	}
	if r, err := store.Redirect(t.Context(), "/sections/tidings"); err != nil || r.To != "/sections/news" {
		t.Errorf("the name from between leads to %q (%v)", r.To, err)
	}
}

func TestSectionsChangeNamesAtOneGo(t *testing.T) {
	store := fill(t, newslettertest.Issue(100))
	must(t, resection(t, store, retitled(map[string]string{"News": "Sponsor", "Sponsor": "News"})))
	if _, marks := under(t, store, "news"); !slices.Equal(marks, []string{"100.1 News"}) {
		t.Errorf("under News, which was Sponsor, stands %v", marks)
	}
	if redirects, err := store.Redirects(t.Context()); err != nil || len(redirects) != 0 {
		t.Errorf("addresses that are pages lead elsewhere: %v (%v)", redirects, err)
	}
}

func TestRemovedSectionIsRetired(t *testing.T) {
	store := fill(t, newslettertest.Issue(100))
	_, before := under(t, store, "news")
	must(t, resection(t, store, without("News")))
	must(t, resection(t, store, without("Tools")))                                 // nothing stands under it
	must(t, resection(t, store, retitled(map[string]string{"Events": "Meetups"}))) // it stays as it is through other changes
	p, err := store.Publication(t.Context())
	must(t, err)
	if slices.ContainsFunc(p.Sections, func(s newsletter.StandingSection) bool { return s.Title == "News" || s.Title == "Tools" }) || len(p.Sections) != 3 {
		t.Errorf("the default sections are %v", p.Sections)
	}
	if title, marks := under(t, store, "news"); title != "News" || !slices.Equal(marks, before) {
		t.Errorf("under %q stands %v, want %v", title, marks, before)
	}
	if title, _ := under(t, store, "tools"); title != "" {
		t.Errorf("the unused section %q is still there", title)
	}
	if diff := cmp.Diff([]string{"Sponsor", "News", "Jobs", ""}, ofs(t, store, 100)); diff != "" {
		t.Error(diff)
	}
	add(t, store, newslettertest.Issue(101)) // printed under a section that is retired
	_, marks := under(t, store, "news")
	if diff := cmp.Diff(append([]string{"101.2 News", "101.3 News", "101.5 News"}, before...), marks); diff != "" {
		t.Error(diff)
	}

	err = resection(t, store, retitled(map[string]string{"Jobs": "News"}))
	wantInvalid(t, err, "sections[2].title", "taken out, and issues have it still")

	must(t, resection(t, store, added("news"))) // comes back with what it had
	if title, back := under(t, store, "news"); title != "news" || len(back) != len(marks) {
		t.Errorf("under %q stands %v", title, back)
	}
}

func TestNewIssuesDoNotCopyARetiredSection(t *testing.T) {
	d := newDesk(t)
	d.issue(t, 412)
	must(t, resection(t, d.Store, without("News")))
	d.issue(t, 413)
	if got := headings(t, d, 413); got != "Sponsor/sponsor/Sponsor Events/events/Events Tools/links/Tools Jobs/jobs/Jobs" {
		t.Errorf("the sections are %s", got)
	}
}

func TestIssueOfASectionRetiredElsewhereKeepsIt(t *testing.T) {
	issue := newslettertest.Issue(100)
	issue.Sections[1].Of, issue.Sections[2].Of = "Gulls", "…"
	store := fill(t, issue)
	if diff := cmp.Diff([]string{"Sponsor", "Gulls", "", ""}, ofs(t, store, 100)); diff != "" {
		t.Error(diff)
	}
	if title, marks := under(t, store, "gulls"); title != "Gulls" || len(marks) != 3 {
		t.Errorf("under %q stands %v", title, marks)
	}
	if p, err := store.Publication(t.Context()); err != nil || !cmp.Equal(p.Sections, newslettertest.Publication().Sections, anyID) {
		t.Errorf("the default sections are %v (%v)", p.Sections, err)
	}
}

func TestSectionThatIsNoMoreIsMadeAgain(t *testing.T) {
	store := fill(t)
	must(t, resection(t, store, func(sections []newsletter.StandingSection) []newsletter.StandingSection {
		sections[0].ID, sections[1].ID, sections[1].Title = 999, sections[2].ID, "Gulls" // one that is gone, and one twice
		return sections
	}))
	p, err := store.Publication(t.Context())
	must(t, err)
	var titles []string
	for _, section := range p.Sections {
		titles = append(titles, section.Title)
	}
	if diff := cmp.Diff([]string{"Sponsor", "Gulls", "Events", "Tools", "Jobs"}, titles); diff != "" {
		t.Error(diff)
	}
}
