package exchange

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"broadsheet/internal/newsletter"
)

func TestMarkdownIsLossless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyIssue().Draw(t, "issue")
		if err := want.Validate(); err != nil {
			t.Fatalf("the generated issue is not valid: %v", err)
		}
		written := Markdown(want)
		doc, err := Read(bytes.NewReader(written), FormatAuto)
		if err != nil {
			t.Fatalf("%v in\n%s", err, written)
		}
		if doc.Format != FormatMarkdown || len(doc.Warnings) > 0 || !doc.Complete {
			t.Fatalf("read as %s with the warnings %q:\n%s", doc.Format, doc.Warnings, written)
		}
		if diff := cmp.Diff(want, doc.Issues[0]); diff != "" {
			t.Fatalf("(-want +got):\n%s\n%s", diff, written)
		}
	})
}

// Texts that read as something else, each as introduction, heading and note.
func TestMarkdownEscapes(t *testing.T) {
	texts := []string{
		"_all of it_", "_in_word_", "_two_ and _three_", " _spaced_ ", "_", "__", "back\\", "\\", "\\_x_", "*star*",
		`<!-- item {"title":"x"} -->`, ` <!-- section {"kind":"jobs"} -->`, "<!-- item {", "<!-- a remark -->",
		"====", "====\n====", "a\n====\nb", "a\n----\nb", "## Issue 5 - 1st May", "---", "---\nlayout: post\n---",
		"http://a.example", " http://a.example ", "[a](http://a.example)", "[a](b)", "- [a](http://a.example)",
		"\n", "\n\n\n", "a\n\n\n\nb", "\na\n", "a\n \nb", "\t", "\u00a0", "\ufeff", ">From here", "> quoted",
	}
	for _, text := range texts {
		want := newsletter.Issue{
			Number: 5, Date: newsletter.Date{Year: 2020, Month: 5, Day: 1}, State: newsletter.Published, Intro: text,
			Sections: []newsletter.Section{{Title: "News", Kind: newsletter.KindLinks, Of: "News", Items: []newsletter.Item{
				{Place: 1, Note: text, Links: []newsletter.Link{{URL: "http://b.example"}}, State: newsletter.Placed},
			}}},
		}
		if heading := strings.ReplaceAll(text, "\n", " "); !blank(heading) && !strings.Contains(heading, "\t") {
			want.Sections = append(want.Sections, newsletter.Section{Title: heading, Kind: newsletter.KindOfHeading(heading), Of: heading})
		}
		doc, err := Read(bytes.NewReader(Markdown(want)), FormatAuto)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, doc.Issues[0]); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestJSONLIsTheSameBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		publication := newsletter.Publication{
			Name: "The Bee & Honey", About: text(4).Draw(t, "about"), Closing: "<b>Goodbye</b>", Contact: "post@bees.example",
			Subscribe: "https://bees.example/?a=1&b=2", Language: "en", TimeZone: "Europe/London", Weekday: time.Friday, Hour: 8,
			Blockers: rapid.SampledFrom([][]newsletter.FindingKind{nil, {}, {newsletter.Twice, newsletter.NoIntro}}).Draw(t, "blockers"),
			Accent:   newsletter.Accent{Dark: rapid.SampledFrom([]string{"", "#ffd1dc", "#86C5EE"}).Draw(t, "accent")},
			Sections: []newsletter.StandingSection{{Title: "News", Kind: newsletter.KindLinks}},
		}
		issue := anyIssue().Draw(t, "issue")
		item := anyItem().Draw(t, "item")
		item.State = rapid.SampledFrom([]newsletter.ItemState{newsletter.Inbox, newsletter.Held, newsletter.Declined}).Draw(t, "state")
		item.Reason, item.SubmittedBy, item.SubmittedAt = "not ours", "Ada", anyMoment().Draw(t, "submitted")
		redirect := newsletter.Redirect{From: "/2013/09/1.html?a=<b>", To: "/issues/139"}

		var first bytes.Buffer
		w := NewJSONL(&first)
		for _, err := range []error{w.Publication(publication), w.Issue(issue), w.Item(item), w.Redirect(redirect)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if said := strings.Contains(first.String(), `"blockers"`); said != (publication.Blockers != nil) {
			t.Fatalf("%v in\n%s", publication.Blockers, first.String())
		}
		if said := strings.Contains(first.String(), `"accent_dark"`); said != (publication.Accent.Dark != "") || strings.Contains(first.String(), `"accent_light"`) {
			t.Fatalf("%v in\n%s", publication.Accent, first.String())
		}
		doc, err := Read(bytes.NewReader(first.Bytes()), FormatAuto)
		if err != nil {
			t.Fatalf("%v in\n%s", err, first.String())
		}
		if diff := cmp.Diff(issue, doc.Issues[0]); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(publication, *doc.Publication); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(first.String(), string(jsonl(t, doc))); diff != "" {
			t.Fatal(diff)
		}
	})
}

// jsonl writes all of a document.
func jsonl(t interface{ Fatal(...any) }, doc Document) []byte {
	var b bytes.Buffer
	w := NewJSONL(&b)
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if doc.Publication != nil {
		check(w.Publication(*doc.Publication))
	}
	for _, issue := range doc.Issues {
		check(w.Issue(issue))
	}
	for _, item := range doc.Items {
		check(w.Item(item))
	}
	for _, r := range doc.Redirects {
		check(w.Redirect(r))
	}
	return b.Bytes()
}

// Moments are exported in UTC and whole seconds, whatever zone they come in.
func TestMomentsAreWholeSeconds(t *testing.T) {
	london := time.FixedZone("", 3600)
	issue := newsletter.Issue{
		Number: 1, Date: newsletter.Date{Year: 2013, Month: 9, Day: 1}, State: newsletter.Published,
		PublishedAt: time.Date(2013, 9, 1, 0, 45, 10, 999, london),
	}
	want := "2013-08-31T23:45:10Z"
	if got := string(Markdown(issue)); !strings.Contains(got, "\ndate: "+want+"\n") {
		t.Error(got)
	}
	if got := string(jsonl(t, Document{Issues: []newsletter.Issue{issue}})); !strings.Contains(got, `"published_at":"`+want+`"`) {
		t.Error(got)
	}
}
