package address_test

import (
	"testing"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

func TestPaths(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{address.Year(2013), "/archive/2013"},
		{address.Issue(139), "/issues/139"},
		{address.IssueAs(139, "md"), "/issues/139.md"},
		{address.IssueCard(139), "/issues/139/card.png"},
		{address.Item(newsletter.Mark{Issue: 139, Place: 4}), "/issues/139#4"},
		{address.Section("tools", 1), "/sections/tools"},
		{address.Section("tools", 2), "/sections/tools?page=2"},
		{address.Section("größe/x", 1), "/sections/gr%C3%B6%C3%9Fe%2Fx"},
		{address.ListFeed(address.Section("tools", 1), address.Atom), "/sections/tools/atom.xml"},
		{address.Site("github.com", 1), "/sites/github.com"},
		{address.Query{Words: "a&b", Page: 1}.Address(), "/search?q=a%26b"},
		{address.Query{Words: "a", Section: "tools", Year: 2013, Site: "a.example", Newest: true, Page: 3}.Address(), "/search?order=newest&page=3&q=a&section=tools&site=a.example&year=2013"},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

func TestParseBase(t *testing.T) {
	for raw, want := range map[string]address.Base{
		"https://weekly.example":     "https://weekly.example",
		"https://weekly.example/":    "https://weekly.example",
		"http://127.0.0.1:8080":      "http://127.0.0.1:8080",
		"http://[::1]:8080":          "http://[::1]:8080",
		"weekly.example":             "",
		"ftp://weekly.example":       "",
		"https://":                   "",
		"https://weekly.example/sub": "",
		"https://weekly.example?a=1": "",
		"https://weekly.example#top": "",
		"https://me@weekly.example":  "",
		"":                           "",
	} {
		got, err := address.ParseBase(raw)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("ParseBase(%q) = %q, %v; want %q", raw, got, err, want)
		}
	}
}

func TestTagNamesAnEntryWhateverThePort(t *testing.T) {
	day := newsletter.Date{Year: 2013, Month: 9, Day: 1}
	for base, want := range map[address.Base]string{
		"https://weekly.example":     "tag:weekly.example,2013-09-01:139",
		"http://weekly.example:8080": "tag:weekly.example,2013-09-01:139",
		"http://[::1]:8080":          "tag:--1,2013-09-01:139",
	} {
		if got := base.Tag(day, "139"); got != want {
			t.Errorf("%s: got %q, want %q", base, got, want)
		}
	}
}
