package exchange

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

// fullIssue is an issue that uses everything an issue has.
func fullIssue() newsletter.Issue {
	return newsletter.Issue{
		Number: 12, Date: newsletter.Date{Year: 2019, Month: 3, Day: 3}, Title: "Swarms", Summary: "Counting & weighing",
		State: newsletter.Published, PublishedAt: time.Date(2019, 3, 3, 8, 0, 0, 0, time.UTC),
		Intro: "Spring is near, and *everything* hums.",
		Sections: []newsletter.Section{
			{Title: "Hive & Co sponsors this", Kind: newsletter.KindSponsor, Of: "Sponsor", Items: []newsletter.Item{
				{Place: 1, Note: "Hives that last.", Sponsored: true, State: newsletter.Placed,
					Links: []newsletter.Link{{URL: "https://hive.example/try", Text: "Try [one]"}}},
			}},
			{Title: "News", Kind: newsletter.KindLinks, Of: "News", Items: []newsletter.Item{
				{Place: 2, Note: "Bees count to four.\n\n\nhttps://bees.example\n# Not a heading of ours\n===", State: newsletter.Placed},
				{Place: 4, Title: "A day > out", EventOn: newsletter.Date{Year: 2019, Month: 5, Day: 1}, PlaceName: "Lyon", State: newsletter.Placed,
					Links: []newsletter.Link{{URL: "https://day.example"}, {URL: "https://day.example/map"}}},
			}},
			{Title: "Nothing here", Kind: newsletter.KindJobs},
		},
		Corrections: []newsletter.Correction{{At: time.Date(2019, 3, 4, 9, 0, 0, 0, time.UTC), Place: 2, Sentence: "Four, not five."}},
		Withdrawn:   []int{3},
	}
}

func fullIssues() []newsletter.Issue { return []newsletter.Issue{fullIssue()} }

func TestMarkdownLooksLikeThis(t *testing.T) {
	const want = `---
layout: post
title: Issue 12 - 3rd March 2019
date: 2019-03-03T08:00:00Z
working_title: "Swarms"
summary: "Counting & weighing"
withdrawn: [3]
corrections: [{"at":"2019-03-04T09:00:00Z","place":2,"sentence":"Four, not five."}]
---

## Issue 12 - 3rd March

Spring is near, and *everything* hums.


Hive & Co sponsors this
=======================
<!-- section {"of":"Sponsor"} -->

Hives that last.

[Try \[one\]](https://hive.example/try)


News
====

Bees count to four.

\
\https://bees.example
# Not a heading of ours
\===


<!-- item {"title":"A day \u003e out","event_on":"2019-05-01","place_name":"Lyon"} -->
https://day.example
https://day.example/map


Nothing here
============
<!-- section {"kind":"jobs","of":""} -->
`
	if diff := cmp.Diff(want, string(Markdown(fullIssue()))); diff != "" {
		t.Error(diff)
	}
}

// A plain issue has no line that the seed's post has not, but for the date.
func TestPlainMarkdownHasNoExtras(t *testing.T) {
	issue := newsletter.Issue{
		Number: 2, Date: newsletter.Date{Year: 2020, Month: 1, Day: 12}, State: newsletter.Published, Intro: "Hello there.",
		Sections: []newsletter.Section{{Title: "Sponsor", Kind: newsletter.KindSponsor, Of: "Sponsor", Items: []newsletter.Item{
			{Place: 1, Note: "Buy it.", Sponsored: true, Links: []newsletter.Link{{URL: "http://buy.example"}}},
		}}},
	}
	const want = "---\nlayout: post\ntitle: Issue 2 - 12th January 2020\ndate: 2020-01-12\n---\n\n## Issue 2 - 12th January\n\n_Hello there._\n\n\n" +
		"Sponsor\n=======\n\nBuy it.\n\nhttp://buy.example\n"
	if diff := cmp.Diff(want, string(Markdown(issue))); diff != "" {
		t.Error(diff)
	}
}

// Whoever edits a post by hand need not know the comments.
func TestMarkdownByHand(t *testing.T) {
	const source = "---\nlayout: post\ntitle: Issue 3 - 1st May 2020: the big one\n---\n\n## Issue 3 - 1st May\n\n_Hello_  \n\n\n\n" +
		"News  \n====\nOne note.\n\n[A text](http://a.example)\nhttp://b.example  \n\nMore of it.\n\n\n\n\nTwo.\n"
	doc, err := Read(strings.NewReader(strings.ReplaceAll(source, "\n", "\r\n")), FormatMarkdown)
	if err != nil {
		t.Fatal(err)
	}
	want := newsletter.Issue{
		Number: 3, Date: newsletter.Date{Year: 2020, Month: 5, Day: 1}, State: newsletter.Published, Title: "the big one",
		Intro: "Hello",
		Sections: []newsletter.Section{{Title: "News", Kind: newsletter.KindLinks, Of: "News", Items: []newsletter.Item{
			{Place: 1, Note: "One note.\n\nMore of it.", State: newsletter.Placed,
				Links: []newsletter.Link{{URL: "http://a.example", Text: "A text"}, {URL: "http://b.example"}}},
			{Place: 2, Note: "Two.", State: newsletter.Placed},
		}}},
	}
	if diff := cmp.Diff(want, doc.Issues[0]); diff != "" {
		t.Error(diff)
	}
}

func TestMarkdownThatIsWrong(t *testing.T) {
	const top = "---\nlayout: post\ntitle: Issue 3 - 1st May 2020\ndate: 2020-05-01\n"
	tests := map[string]struct{ source, want string }{
		"unknown field in a comment": {top + "---\n\nNews\n====\n\n<!-- item {\"colour\":1} -->\nA\n", `line 10: the field "colour" is not known`},
		"comment that breaks off":    {top + "---\n\nNews\n====\n\n<!-- item {\"title\":} -->\nA\n", "line 10: the JSON cannot be read"},
		"list that is none":          {top + "withdrawn: [1,\n---\n", "line 5: the JSON breaks off"},
		"correction without a time":  {top + "corrections: [{\"sentence\":\"x\"}]\n---\n", "line 5: a correction has no time"},
		"correction of no place":     {top + "corrections: [{\"at\":\"2020-05-01T00:00:00Z\",\"place\":-1}]\n---\n", "line 5: a correction concerns place -1"},
		"state that is none":         {top + "state: lost\n---\n", `line 5: state: is "lost"`},
		"item without anything":      {top + "---\n\nNews\n====\n\n<!-- item {\"sponsored\":true} -->\n", "line 10: sections[0].items[0]: is empty"},
		"place used twice":           {top + "withdrawn: [1,1]\n---\n", "line 5: withdrawn: names place 1 wrongly"},
		"time that is none":          {top + "scheduled_at: soon\n---\n", `line 5: the date "soon" does not exist`},
		"text over the limit":        {top + "---\n\nNews\n====\n\n" + strings.Repeat("word ", 2000) + "\n", "line 10: sections[0].items[0].note: has 10000 bytes; at most 8192"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Read(strings.NewReader(test.source), FormatMarkdown)
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want %s…", err, test.want)
			}
		})
	}
}

// Long front matter does not hide whose Markdown a file is.
func TestDetectLongFrontMatter(t *testing.T) {
	issue := fullIssue()
	for range 1000 {
		issue.Corrections = append(issue.Corrections, newsletter.Correction{At: issue.PublishedAt, Sentence: strings.Repeat("again ", 40)})
	}
	doc, err := Read(bytes.NewReader(Markdown(issue)), FormatAuto)
	if err != nil || doc.Format != FormatMarkdown {
		t.Fatalf("read as %q, %v", doc.Format, err)
	}
	if diff := cmp.Diff(issue, doc.Issues[0]); diff != "" {
		t.Error(diff)
	}
}
