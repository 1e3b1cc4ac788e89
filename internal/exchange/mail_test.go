package exchange

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

func wantMail() newsletter.Issue {
	return newsletter.Issue{
		Number: 12, Date: newsletter.Date{Year: 2019, Month: 3, Day: 3}, State: newsletter.Published,
		PublishedAt: time.Date(2019, 3, 4, 1, 30, 0, 0, time.UTC),
		Intro:       "Spring is near, see the hives and plan.",
		Sections: []newsletter.Section{
			{Title: "Sponsor", Kind: newsletter.KindSponsor, Items: []newsletter.Item{
				{Note: "Hives that last – long.", Sponsored: true, State: newsletter.Placed,
					Links: []newsletter.Link{{URL: "https://hive.example/try?a=1", Text: "Try one for a month"}}},
			}},
			{Title: "Tools", Kind: newsletter.KindLinks, Items: []newsletter.Item{
				{Note: "A scale for hives.", State: newsletter.Placed,
					Links: []newsletter.Link{{URL: "https://scale.example"}, {URL: "https://github.example/scale"}}},
			}},
		},
	}
}

const noticeWarning = "line 24 of the mail's text: the notice to subscribers at the end of the mail was left out"

func TestMail(t *testing.T) {
	head, body, _ := strings.Cut(letterMail, "\r\n\r\n")
	plain := strings.NewReplacer("=\r\n", "", "=3D", "=", "=2C", ",", "=E2=80=93", "–").Replace(body)
	encoded := base64.StdEncoding.EncodeToString([]byte(plain))
	variants := map[string]string{
		"as it is":         letterMail,
		"LF":               strings.ReplaceAll(letterMail, "\r\n", "\n"),
		"from a mail box":  "From bees@list.example Sun Mar  3 23:30:00 2019\n" + letterMail,
		"byte order mark":  "\ufeff" + letterMail,
		"more headers":     "Received: from a\r\n by b\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n" + letterMail,
		"8bit":             head + "\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + plain,
		"base64":           head + "\r\nContent-Transfer-Encoding: BASE64\r\n\r\n" + encoded[:80] + "\r\n" + encoded[80:] + "\r\n",
		"one of two parts": head + "\r\nContent-Type: multipart/alternative; boundary=b1\r\n\r\n--b1\r\nContent-Type: text/html\r\n\r\n<p>no\r\n--b1\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + body + "\r\n--b1--\r\n",
	}
	for name, source := range variants {
		t.Run(name, func(t *testing.T) {
			got, warnings := readPost(t, source)
			if diff := cmp.Diff(wantMail(), got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]string{noticeWarning}, warnings); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The text of a mail is an issue too; the number may stand in the subject alone.
func TestMailInParts(t *testing.T) {
	want := wantMail()
	_, body, _ := strings.Cut(letterMail, "\r\n\r\n")
	body = strings.NewReplacer("=\r\n", "", "=3D", "=", "=2C", ",", "=E2=80=93", "–").Replace(body)
	got, _ := readPost(t, body[:strings.Index(body, "Sponsor")])
	if got.Number != want.Number || got.Date != want.Date || got.Intro != want.Intro || !got.PublishedAt.IsZero() {
		t.Errorf("text alone: %+v", got)
	}
	got, warnings := readPost(t, strings.Replace(letterMail, "BEE KEEPERS WEEKLY\r\nISSUE #12 - 3rd March 2019\r\n", "", 1))
	if diff := cmp.Diff(want, got); diff != "" || len(warnings) != 1 {
		t.Error(diff, warnings)
	}
	got, _ = readPost(t, strings.Replace(letterMail, "BEE KEEPERS WEEKLY\r\n", "Hello,\r\nthis is it.\r\n", 1))
	if got.Number != 12 || !strings.HasPrefix(got.Intro, "Hello,\nthis is it.\nISSUE #12") {
		t.Errorf("words above the number: %q", got.Intro)
	}
	got, warnings = readPost(t, strings.Replace(letterMail, "=20#12", "=20#13", 1))
	if got.Number != 12 || len(warnings) != 2 || warnings[0] != "line 2 of the mail's text: the subject says 13; the issue is 12" {
		t.Errorf("issue %d, %q", got.Number, warnings)
	}
}

func TestBadMail(t *testing.T) {
	head, body, _ := strings.Cut(letterMail, "\r\n\r\n")
	tests := map[string]struct{ source, want string }{
		"cut in a letter":      {letterMail[:strings.Index(letterMail, "=E2=80")+5], "line 10 of the mail's text: the text is not UTF-8"},
		"cut between letters":  {letterMail[:strings.Index(letterMail, "=93")], "line 10 of the mail's text: the text is not UTF-8"},
		"cut in the headers":   {"Subject: Bees #12\r\nDate", "the mail's headers cannot be read"},
		"date of no use":       {strings.Replace(letterMail, "3 Mar 2019", "32 Mar 2019", 1), `the mail's date "Sun, 32 Mar 2019`},
		"no date at all":       {"Subject: Bees #12\r\n\r\nHello\r\n", "line 1 of the mail's text: the issue has no date"},
		"no number":            {"Subject: Bees\r\nDate: Sun, 3 Mar 2019 23:30:00 -0200\r\n\r\nHello\r\n", "line 1 of the mail's text: the title names no issue number"},
		"another charset":      {head + "\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\n" + body, "the mail's text is written in koi8-r"},
		"no plain text":        {head + "\r\nContent-Type: text/html\r\n\r\n" + body, "the mail has no plain text, only text/html"},
		"no plain part":        {head + "\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\nx\r\n--b--\r\n", "the mail has no part that is plain text"},
		"parts without an end": {head + "\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nx", "the mail's text breaks off"},
		"parts in parts": {head + strings.Repeat("\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b", 1000) + "\r\n",
			"the mail has no part that is plain text"},
		"base64 that is none": {head + "\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!", "the mail's text breaks off"},
		"binary":              {head + "\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA", "the file is not text"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Read(strings.NewReader(test.source), FormatAuto)
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want %s…", err, test.want)
			}
		})
	}
	// A line of any length may be quoted-printable.
	long := strings.Replace(letterMail, "Hives that", "Hives "+strings.Repeat("on and on ", 700)+"that", 1)
	if issue, _ := readPost(t, long); len(issue.Items()[0].Note) < 7000 {
		t.Errorf("note of %d bytes", len(issue.Items()[0].Note))
	}
}
