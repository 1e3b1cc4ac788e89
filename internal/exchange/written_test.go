package exchange

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

// printed is a revision that uses everything a revision has.
func printed() newsletter.Revision {
	text := func(s string) newsletter.Text {
		return newsletter.Text{Markdown: "*" + s + "*", HTML: "<p><em>" + s + "</em></p>\n", Plain: s}
	}
	return newsletter.Revision{
		Number: 12, Ordinal: 2, Date: newsletter.Date{Year: 2019, Month: 3, Day: 3}, Summary: "Counting & weighing",
		PublishedAt: time.Date(2019, 3, 3, 8, 0, 0, 5, time.FixedZone("", 3600)), RevisedAt: time.Date(2019, 3, 4, 9, 0, 0, 0, time.UTC),
		Intro: text("Spring is near, and everything that has wings comes out to look at what is left of the winter’s stores."),
		Sections: []newsletter.PrintedSection{
			{Title: "Sponsor", Kind: newsletter.KindSponsor, Of: "Sponsor", Items: []newsletter.PrintedItem{
				{Place: 1, Note: text("Hives that last."), Sponsored: true, Links: []newsletter.Link{{URL: "https://hive.example/?a=1&b=2", Text: "Try one"}}},
			}},
			{Title: "Events", Kind: newsletter.KindEvents, Items: []newsletter.PrintedItem{
				{Place: 2, Withdrawn: true},
				{Place: 3, Title: "A day out", Note: text("> Come early, the honey goes fast and nobody has yet seen the end of a queue like this.\n\n- bring a jar, a lid and something to write on, as the labels are not printed before May\n- and a friend"),
					EventOn: newsletter.Date{Year: 2019, Month: 5, Day: 1}, EventUntil: newsletter.Date{Year: 2019, Month: 5, Day: 2}, PlaceName: "Lyon"},
			}},
			{Title: "Gone", Kind: newsletter.KindLinks, Items: []newsletter.PrintedItem{{Place: 4, Withdrawn: true}}},
		},
		Corrections: []newsletter.Correction{
			{At: time.Date(2019, 3, 4, 9, 0, 0, 0, time.UTC), Place: 3, Sentence: "Lyon, not Lille."},
			{At: time.Date(2019, 3, 4, 9, 0, 0, 0, time.UTC), Sentence: "A comma."},
		},
	}
}

func TestText(t *testing.T) {
	const want = `Bee Keepers Weekly
Issue 12 - 3rd March 2019

Spring is near, and everything that has wings comes out to look at what
is left of the winter’s stores.


Sponsor
=======

Paid placement

Hives that last.

Try one:
https://hive.example/?a=1&b=2


Events
======

A day out

1st May 2019 to 2nd May 2019, Lyon

> Come early, the honey goes fast and nobody has yet seen the end of a
> queue like this.

- bring a jar, a lid and something to write on, as the labels are not
  printed before May
- and a friend


Corrections
===========

12.3, 4th March 2019: Lyon, not Lille.

4th March 2019: A comma.


Until *Sunday*.
`
	got := string(Text(printed(), newsletter.Publication{Name: "Bee Keepers Weekly", Closing: "Until *Sunday*."}))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	bare := string(Text(newsletter.Revision{Number: 1, Date: newsletter.Date{Year: 2020, Month: 1, Day: 1}}, newsletter.Publication{Name: "Bees"}))
	if bare != "Bees\nIssue 1 - 1st January 2020\n" {
		t.Errorf("an empty issue: %q", bare)
	}
}

// The letter of an issue can be imported as the mail it is like.
func TestTextIsRead(t *testing.T) {
	revision := printed()
	revision.Corrections = nil
	issue, _ := readPost(t, string(Text(revision, newsletter.Publication{Name: "Bees"})))
	if issue.Number != 12 || len(issue.Sections) != 2 || len(issue.Sections[0].Items) != 1 ||
		issue.Sections[0].Items[0].Links[0].URL != "https://hive.example/?a=1&b=2" {
		t.Errorf("%+v", issue)
	}
}

func TestWrap(t *testing.T) {
	long := "https://a.example/" + strings.Repeat("b", 100)
	tests := map[string]string{
		"":                             "",
		"one\ntwo\n\n\tthree":          "one\ntwo\n\nthree",
		"See " + long + " for all":     "See\n" + long + "\nfor all",
		strings.Repeat("abcdefgh ", 9): strings.TrimSpace(strings.Repeat("abcdefgh ", 8)) + "\nabcdefgh",
		strings.Repeat("äöüäöüäö ", 9): strings.TrimSpace(strings.Repeat("äöüäöüäö ", 8)) + "\näöüäöüäö",
	}
	for text, want := range tests {
		if diff := cmp.Diff(want, wrap(text)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestJSON(t *testing.T) {
	const want = `{
  "number": 12,
  "url": "https://bees.example/issues/12",
  "date": "2019-03-03",
  "summary": "Counting & weighing",
  "published_at": "2019-03-03T07:00:00Z",
  "revised_at": "2019-03-04T09:00:00Z",
  "intro": {
    "markdown": "*Hello*",
    "html": "<p>Hello</p>"
  },
  "sections": [
    {
      "title": "Events",
      "kind": "events",
      "of": "",
      "items": [
        {
          "mark": "12.3",
          "url": "https://bees.example/issues/12#3",
          "title": "A day out",
          "note": {
            "markdown": "Come early",
            "html": "<p>Come early</p>"
          },
          "sponsored": true,
          "event_on": "2019-05-01",
          "event_until": "2019-05-02",
          "place_name": "Lyon",
          "links": []
        }
      ]
    }
  ],
  "corrections": [
    {
      "at": "2019-03-04T09:00:00Z",
      "mark": "12.3",
      "sentence": "Lyon, not Lille."
    },
    {
      "at": "2019-03-04T09:00:00Z",
      "mark": "",
      "sentence": "A comma."
    }
  ],
  "withdrawn": [
    "12.2"
  ]
}
`
	revision := printed()
	revision.Intro = newsletter.Text{Markdown: "*Hello*", HTML: "<p>Hello</p>"}
	revision.Sections = revision.Sections[1:2]
	revision.Sections[0].Items[1].Note = newsletter.Text{Markdown: "Come early", HTML: "<p>Come early</p>"}
	revision.Sections[0].Items[1].Sponsored = true
	if diff := cmp.Diff(want, string(JSON(revision, "https://bees.example"))); diff != "" {
		t.Error(diff)
	}
}

// Others hold on to the names and the order of these fields.
func TestJSONLLooksLikeThis(t *testing.T) {
	issue := fullIssue()
	issue.Sections = []newsletter.Section{{Title: "News", Kind: newsletter.KindLinks, Of: "News", Items: []newsletter.Item{
		{Place: 2, Note: "A <b> & more", Links: []newsletter.Link{{URL: "http://a.example/?a&b"}}}, {Note: "No link"},
	}}}
	item := newsletter.Item{State: newsletter.Declined, Reason: "not ours", Note: "Old", SubmittedBy: "Ada", SubmittedAt: issue.PublishedAt}
	publication := newsletter.Publication{
		Name: "Bees", Tagline: "a", Description: "b", About: "c", Closing: "d", Contact: "e", Subscribe: "https://f.example",
		Language: "en", TimeZone: "Europe/London", Weekday: time.Friday, Hour: 8,
		Sections: []newsletter.StandingSection{{Title: "News", Kind: newsletter.KindLinks}},
	}
	doc := Document{
		Publication: &publication, Issues: []newsletter.Issue{issue}, Items: []newsletter.Item{item},
		Redirects: []newsletter.Redirect{{From: "/old", To: "/issues/12"}},
	}
	want := strings.Join([]string{
		`{"type":"publication","name":"Bees","tagline":"a","description":"b","about":"c","closing":"d","contact":"e","subscribe":"https://f.example","language":"en","time_zone":"Europe/London","weekday":5,"hour":8,"sections":[{"title":"News","kind":"links"}]}`,
		`{"type":"issue","number":12,"date":"2019-03-03","title":"Swarms","summary":"Counting & weighing","state":"published","scheduled_at":null,"published_at":"2019-03-03T08:00:00Z","intro":"Spring is near, and *everything* hums.","sections":[{"title":"News","kind":"links","of":"News","items":[` +
			`{"mark":"12.2","title":"","note":"A <b> & more","sponsored":false,"event_on":"","event_until":"","place_name":"","links":[{"url":"http://a.example/?a&b","text":""}]},` +
			`{"mark":"","title":"","note":"No link","sponsored":false,"event_on":"","event_until":"","place_name":"","links":[]}]}],` +
			`"corrections":[{"at":"2019-03-04T09:00:00Z","mark":"12.2","sentence":"Four, not five."}],"withdrawn":["12.3"]}`,
		`{"type":"item","state":"declined","reason":"not ours","title":"","note":"Old","links":[],"submitted_by":"Ada","submitted_at":"2019-03-03T08:00:00Z","sponsored":false,"event_on":"","event_until":"","place_name":""}`,
		`{"type":"redirect","from":"/old","to":"/issues/12"}`,
	}, "\n") + "\n"
	if diff := cmp.Diff(want, string(jsonl(t, doc))); diff != "" {
		t.Error(diff)
	}
	empty := newsletter.Issue{Number: 1, Date: issue.Date, State: newsletter.Draft}
	if got := string(jsonl(t, Document{Issues: []newsletter.Issue{empty}})); !strings.HasSuffix(got, `"sections":[],"corrections":[],"withdrawn":[]}`+"\n") {
		t.Error(got)
	}
}
