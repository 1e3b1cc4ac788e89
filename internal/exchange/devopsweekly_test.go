package exchange

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

// wantPost is what post says.
func wantPost() newsletter.Issue {
	return newsletter.Issue{
		Number: 12, Date: newsletter.Date{Year: 2019, Month: 3, Day: 3}, State: newsletter.Published,
		PublishedAt: time.Date(2019, 3, 4, 1, 30, 0, 0, time.UTC),
		Intro:       "Spring is near, see [the calendar](https://bees.example/calendar) and plan.",
		Sections: []newsletter.Section{
			{Title: "From our sponsor, Hive & Co", Kind: newsletter.KindSponsor, Items: []newsletter.Item{
				{Note: "Hives that last.", Sponsored: true, State: newsletter.Placed,
					Links: []newsletter.Link{{URL: "https://hive.example/try", Text: "Try one for a month"}}},
			}},
			{Title: "News", Kind: newsletter.KindLinks, Items: []newsletter.Item{
				{Note: "Bees count to four, it seems.", State: newsletter.Placed,
					Links: []newsletter.Link{{URL: "https://bees.example/count"}}},
				{Note: "Two talks on swarms, the second one\n<br>shorter.\n\nThe sound of the hall is poor.", State: newsletter.Placed,
					Links: []newsletter.Link{{URL: "https://talks.example/1_(long)"}, {URL: "https://talks.example/2", Text: "The short one"}}},
			}},
			{Title: "Tools", Kind: newsletter.KindLinks, Items: []newsletter.Item{
				{Note: "A scale for hives.", State: newsletter.Placed, Links: []newsletter.Link{{URL: "https://scale.example"}}},
			}},
		},
	}
}

func readPost(t *testing.T, source string) (newsletter.Issue, []string) {
	t.Helper()
	doc, err := Read(strings.NewReader(source), FormatAuto)
	if err != nil {
		t.Fatal(err)
	}
	if doc.Format != FormatDevopsWeekly || doc.Complete {
		t.Errorf("read as %s, complete %v", doc.Format, doc.Complete)
	}
	return doc.Issues[0], doc.Warnings
}

// The same issue comes out however its lines end and its white space runs.
func TestPost(t *testing.T) {
	variants := map[string]func(string) string{
		"as it is":          func(s string) string { return s },
		"CRLF":              func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"CR":                func(s string) string { return strings.ReplaceAll(s, "\n", "\r") },
		"byte order mark":   func(s string) string { return "\ufeff" + s },
		"trailing spaces":   func(s string) string { return strings.ReplaceAll(s, "\n", " \t\n") },
		"closed <br />":     func(s string) string { return strings.ReplaceAll(s, "\n<br>", "\n<BR />") },
		"no <br>":           func(s string) string { return strings.ReplaceAll(s, "\n<br>", "\n") },
		"<br> at the end":   func(s string) string { return strings.ReplaceAll(s, "\n<br>[", "<br>\n[") },
		"link on the line":  func(s string) string { return strings.ReplaceAll(s, "\n<br>[h", "<br>[h") },
		"many blank lines":  func(s string) string { return strings.ReplaceAll(s, "\n\n\n", "\n\n\n\n\n\n") },
		"longer underlines": func(s string) string { return strings.ReplaceAll(s, "\n====", "\n=======") },
		"other underlines":  func(s string) string { return strings.ReplaceAll(s, "\n====\n", "\n-------\n") },
		"tight headings":    func(s string) string { return strings.ReplaceAll(s, "====\n\n", "====\n") },
		"plain addresses": func(s string) string {
			return strings.ReplaceAll(s, "<br>[https://scale.example](https://scale.example)", "https://scale.example")
		},
		"quoted title": func(s string) string {
			return strings.Replace(s, `BEE KEEPERS WEEKLY ISSUE \#12 - 3rd March 2019 `, `"Bee Keepers Weekly issue 12: March 3, 2019"`, 1)
		},
		"hash headings": func(s string) string { return strings.ReplaceAll(s, "News\n====\n", "## News\n") },
		"italic introduction": func(s string) string {
			return strings.Replace(strings.Replace(s, "Spring", "## Issue 12 - 3rd March\n\n_Spring", 1), "plan.", "plan._", 1)
		},
	}
	for name, change := range variants {
		t.Run(name, func(t *testing.T) {
			want, source := wantPost(), change(post)
			if name == "<br> at the end" || name == "link on the line" {
				source = strings.ReplaceAll(source, "one<br>shorter", "one\n<br>shorter")
			}
			got, warnings := readPost(t, source)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if len(warnings) > 0 {
				t.Errorf("warnings %q", warnings)
			}
		})
	}
}

// TestPostTexts reads the text between "News" and the end of a post.
func TestPostTexts(t *testing.T) {
	note := func(s string) newsletter.Item { return newsletter.Item{Note: s, State: newsletter.Placed} }
	tests := map[string]struct {
		text string
		want []newsletter.Item
	}{
		"nothing":        {"", nil},
		"no link":        {"A note.\n\nMore of it.", []newsletter.Item{note("A note.\n\nMore of it.")}},
		"words and bare": {"Read it at http://a.example", []newsletter.Item{note("Read it at http://a.example")}},
		"image":          {"![a bee](http://a.example/bee.png)", []newsletter.Item{note("![a bee](http://a.example/bee.png)")}},
		"mid-sentence":   {"As [they](http://a.example) say.", []newsletter.Item{note("As [they](http://a.example) say.")}},
		"not a heading":  {"#Bees are\n=", []newsletter.Item{note("#Bees are\n=")}},
		"mail address":   {"[Write](mailto:a@b.example)", []newsletter.Item{note("[Write](mailto:a@b.example)")}},
		"only a link":    {"<http://a.example>", []newsletter.Item{{State: newsletter.Placed, Links: []newsletter.Link{{URL: "http://a.example"}}}}},
		"words around": {"First.\n\nMore: [http://a.example](http://a.example)\nAnd write to us.", []newsletter.Item{
			{Note: "First.\n\nAnd write to us.", State: newsletter.Placed, Links: []newsletter.Link{{URL: "http://a.example", Text: "More"}}}}},
		"link behind a link": {"See [one](http://a.example) and [two](http://b.example)", []newsletter.Item{
			{Note: "See [one](http://a.example) and", State: newsletter.Placed, Links: []newsletter.Link{{URL: "http://b.example", Text: "two"}}}}},
		"escaped": {`[a\_b \[c\]](http://a.example/x\_y)`, []newsletter.Item{
			{State: newsletter.Placed, Links: []newsletter.Link{{URL: "http://a.example/x_y", Text: "a_b [c]"}}}}},
		"escaped address": {`[http://a.example/x\_y](http://a.example/x_y)`, []newsletter.Item{
			{State: newsletter.Placed, Links: []newsletter.Link{{URL: "http://a.example/x_y"}}}}},
		"bracket too many": {"[a](http://a.example)b)", []newsletter.Item{note("[a](http://a.example)b)")}},
		"bracket too few":  {"[a](http://a.example/(b)", []newsletter.Item{note("[a](http://a.example/(b)")}},
		"bracket in both": {"[http://a.example/(b](http://a.example/(b)", []newsletter.Item{
			{State: newsletter.Placed, Links: []newsletter.Link{{URL: "http://a.example/(b"}}}}},
		"list": {"* [one](http://a.example)\n* Slides: [two](http://b.example)", []newsletter.Item{
			{State: newsletter.Placed, Links: []newsletter.Link{{URL: "http://a.example", Text: "one"}, {URL: "http://b.example", Text: "Slides: two"}}}}},
		"long words": {strings.Repeat("long ", 80) + "[more](http://a.example)", []newsletter.Item{
			{Note: strings.TrimSpace(strings.Repeat("long ", 80)), State: newsletter.Placed, Links: []newsletter.Link{{URL: "http://a.example", Text: "more"}}}}},
		"long text": {"[" + strings.Repeat("long ", 80) + "](http://a.example)", []newsletter.Item{
			{Note: strings.TrimSpace(strings.Repeat("long ", 80)), State: newsletter.Placed, Links: []newsletter.Link{{URL: "http://a.example"}}}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			issue, _ := readPost(t, "---\ntitle: Issue 1 - 1st May 2020\n---\n\nNews\n====\n\n"+test.text+"\n")
			if diff := cmp.Diff(test.want, issue.Sections[0].Items); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPostSections(t *testing.T) {
	issue, _ := readPost(t, "---\ntitle: Issue 1 - 1st May 2020\n---\nNews\n====\nA\n\n\nTraining\n=====\n\n\nNews\n====\n\nB\nJobs\n====\nC\n")
	want := []newsletter.Section{
		{Title: "News", Kind: newsletter.KindLinks, Items: []newsletter.Item{{Note: "A", State: newsletter.Placed}}},
		{Title: "Training", Kind: newsletter.KindEvents},
		{Title: "News", Kind: newsletter.KindLinks, Items: []newsletter.Item{{Note: "B", State: newsletter.Placed}}},
		{Title: "Jobs", Kind: newsletter.KindJobs, Items: []newsletter.Item{{Note: "C", State: newsletter.Placed}}},
	}
	if diff := cmp.Diff(want, issue.Sections); diff != "" {
		t.Error(diff)
	}
	if issue, _ := readPost(t, "---\ntitle: Issue 1 - 1st May 2020\n---\n\nOne.\n\n\nTwo.\n"); issue.Intro != "One.\n\nTwo." || issue.Sections != nil {
		t.Errorf("without sections: %+v", issue)
	}
}

// Texts over the limits become several items; every word is kept, in order.
func TestPostOverTheLimits(t *testing.T) {
	paragraph := strings.TrimSpace(strings.Repeat("paragraph ", 300))
	long := strings.TrimSpace(strings.Repeat("line ", 2000))
	words := strings.Join([]string{paragraph, paragraph, paragraph, long, paragraph}, "\n\n")
	links := strings.Repeat("http://a.example\n", newsletter.MaxLinks+1)
	issue, warnings := readPost(t, "---\ntitle: Issue 1 - 1st May 2020\n---\n\n"+strings.Repeat(paragraph+"\n\n", 8)+
		"\nSponsor\n=======\n\n"+words+"\n\n"+links)

	if len(issue.Sections) != 2 || issue.Sections[0].Title != overflow {
		t.Fatalf("sections %+v", issue.Sections)
	}
	intro := issue.Intro
	for _, item := range issue.Sections[0].Items {
		intro += "\n\n" + item.Note
	}
	if want := strings.TrimSpace(strings.Repeat(paragraph+"\n\n", 8)); intro != want {
		t.Errorf("introduction of %d bytes, want %d", len(intro), len(want))
	}
	var notes []string
	n := 0
	for _, item := range issue.Sections[1].Items {
		notes = append(notes, item.Note)
		if n += len(item.Links); !item.Sponsored {
			t.Error("a piece of a sponsored item is not sponsored")
		}
	}
	if got := strings.Fields(strings.Join(notes, " ")); !cmp.Equal(got, strings.Fields(words)) {
		t.Errorf("%d words, want %d", len(got), len(strings.Fields(words)))
	}
	if n != newsletter.MaxLinks+1 {
		t.Errorf("%d links", n)
	}
	if len(warnings) != 3 {
		t.Errorf("warnings %q", warnings)
	}
}

func TestTitles(t *testing.T) {
	day := newsletter.Date{Year: 2013, Month: 9, Day: 1}
	tests := map[string]masthead{
		`DEVOPS WEEKLY ISSUE \#139 - 1st September 2013 `: {number: 139, date: day},
		"Issue 139 - September 1st, 2013":                 {number: 139, date: day},
		"issue #139 (1 Sept 2013)":                        {number: 139, date: day},
		"Weekly #139, 2013-09-01":                         {number: 139, date: day},
		"Issue 139 - 1st September":                       {number: 139},
		"Issue 139: Bees! - 1st of September 2013":        {number: 139, date: day, rest: "Bees!"},
		"Issue 139 - 31st September 2013":                 {number: 139, wrong: "31st September 2013"},
		"Issue 139 - 1st Nonember 2013":                   {number: 139, wrong: "1st Nonember 2013"},
		"Issue 1390000000000 - 1st September 2013":        {date: day},
		"1st September 2013":                              {date: day},
		"":                                                {},
	}
	for title, want := range tests {
		if got := parseMasthead(title); got != want {
			t.Errorf("%q: got %+v, want %+v", title, got, want)
		}
	}
	for n, want := range map[int]string{1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 30: "30th"} {
		if got := ordinal(n); got != want {
			t.Errorf("%d: got %s", n, got)
		}
	}
}
