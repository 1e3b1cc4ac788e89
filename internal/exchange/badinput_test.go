package exchange

import (
	"io"
	"strings"
	"testing"
	"time"
)

// dated is a post's front matter that has nothing wrong.
const dated = "---\ntitle: Issue 139 - 1st September 2013\n---\n\n"

// badFile is a file that cannot be read and how the line of its report begins.
type badFile struct{ source, want string }

// refused checks that each file is one clear line of the report.
func refused(t *testing.T, files map[string]badFile) {
	for name, file := range files {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := Read(strings.NewReader(file.source), FormatAuto)
			if err == nil || !strings.HasPrefix(err.Error(), file.want) {
				t.Fatalf("got %v, want %s…", err, file.want)
			}
			if strings.Contains(err.Error(), "\n") || len(err.Error()) > 400 {
				t.Errorf("not one short line: %q", err)
			}
			t.Logf("%v: %v", time.Since(start), err)
		})
	}
}

func TestBadPosts(t *testing.T) {
	refused(t, map[string]badFile{
		"empty":                {"", "the file is empty"},
		"only white space":     {"\ufeff \r\n\t\n", "the file is empty"},
		"not text":             {"\x7fELF\x02\x01\x00\x00", "the file is not text"},
		"picture":              {"\x89PNG\r\n\x1a\nIHDR", "the shape of the file is not known"},
		"not text further on":  {dated + strings.Repeat("word\n", 20_000) + "\x00", "the file is not text"},
		"not UTF-8":            {dated + "caf\xe9\n", "line 5: the text is not UTF-8"},
		"some other text":      {"Dear all,\n\nhello.\n", "the shape of the file is not known"},
		"without front matter": {"News\n====\n\nA\n", "the shape of the file is not known"},
		"front matter cut":     {"---\ntitle: Issue 139 - 1st Sep", "line 1: the front matter has no end"},
		"front matter that rambles": {"---\ntitle: Issue 139\nhello\n---\n",
			"line 3: front matter is lines such as"},
		"no title":                 {"---\ndate: 2013-09-01\n---\nA\n", "line 1: the title names no issue number"},
		"no number":                {"---\ntitle: Weekly - 1st September 2013\n---\nA\n", "line 2: the title names no issue number"},
		"number of twenty digits":  {"---\ntitle: Issue 13900000000000000000 - 1st May 2013\n---\n", "line 2: the title names no issue number"},
		"number zero":              {"---\ntitle: Issue 0 - 1st May 2013\n---\n", "line 2: the title names no issue number"},
		"no date":                  {"---\ntitle: Issue 139\n---\nA\n", "line 2: the issue has no date"},
		"day that does not exist":  {"---\ntitle: Issue 139 - 32nd September 2013\n---\nA\n", `line 2: "32nd September 2013" is a date that does not exist`},
		"date that does not exist": {"---\ntitle: Issue 139\ndate: 2013-02-30\n---\nA\n", `line 3: the date "2013-02-30" does not exist`},
		"year 0":                   {"---\ntitle: Issue 139\ndate: 0000-01-01\n---\nA\n", `line 3: the date "0000-01-01" does not exist`},
		"a million >":              {dated + "News\n====\n\n" + strings.Repeat(">", 1_000_000) + "\n", "line 8: one word of the text has 1000000 bytes"},
		"a million > in a row":     {dated + "News\n====\n\n" + strings.Repeat("> ", 1_000_000) + "\n", "line 8: the text has quotations, lists"},
		"a million > at the start": {strings.Repeat(">", 1_000_000), "the shape of the file is not known"},
		"a million newlines":       {strings.Repeat("\n", 1_000_000), "the file is empty"},
		"a million lines":          {dated + strings.Repeat("a\n", 1_000_000), "line 200001: the file has more than 200000 lines"},
		"a line of 10 MB":          {dated + "News\n====\n\n" + strings.Repeat("bee keeping ", 850_000) + "\n", "items: are 1246; at most 500"},
		"a word of 10 MB":          {dated + strings.Repeat("b", 10_000_000) + "\n", "line 5: one word of the text has 10000000 bytes"},
		"a million brackets":       {dated + "News\n====\n\n" + strings.Repeat("](", 500_000) + ")\n", "line 8: one word of the text has 1000001 bytes"},
		"a million open brackets":  {dated + "News\n====\n\n" + strings.Repeat("[", 1_000_000) + "](http://a.example)\n", "line 8: one word of the text has 999999 bytes"},
		"address of 10 kB":         {dated + "News\n====\n\nhttp://a.example/" + strings.Repeat("b", 10_000) + "\n", "line 8: one word of the text has 10017 bytes"},
		"501 items":                {dated + "News\n====\n" + strings.Repeat("\n\nA\n", 501), "items: are 501; at most 500"},
		"61 sections":              {dated + strings.Repeat("News\n====\n", 61), "sections: are 61; at most 60"},
	})
}

func TestBadJSONL(t *testing.T) {
	jsonLine := string(jsonl(t, Document{Issues: fullIssues()}))
	refused(t, map[string]badFile{
		"JSON cut":            {jsonLine[:len(jsonLine)/2], "line 1: the JSON breaks off"},
		"second line cut":     {jsonLine + `{"type":"redirect","fr`, "line 2: the JSON breaks off"},
		"JSON that is none":   {`{"type":redirect}`, "line 1: the JSON cannot be read"},
		"JSON without a type": {"{}\n", `line 1: the type "" is not known`},
		"unknown type":        {"\n{\"type\":\"poem\"}\n", `line 2: the type "poem" is not known`},
		"unknown field":       {`{"type":"redirect","from":"/a","to":"/b","when":1}`, `line 1: the field "when" is not known`},
		"field of other kind": {`{"type":"issue","number":"12"}`, `line 1: the field "number" cannot be string`},
		"two on a line":       {`{"type":"redirect","from":"/a","to":"/b"} {}`, "line 1: the JSON cannot be read"},
		"redirect elsewhere":  {`{"type":"redirect","from":"/a","to":"//evil.example"}`, "line 1: to: is not an address of this site"},
		"redirect of nothing": {jsonLine + `{"type":"redirect","from":"old","to":"/b"}`, "line 2: from: is not an address of this site"},
		"redirect to itself":  {`{"type":"redirect","from":"/a/","to":"/a"}`, "line 1: to: is the old address itself"},
		"redirect of a bell":  {`{"type":"redirect","from":"/a\u0007","to":"/b"}`, "line 1: from: holds control characters"},
		"time that is none":   {`{"type":"item","state":"inbox","note":"x","submitted_at":"soon"}`, `line 1: the JSON cannot be read ("soon" is not a time`},
		"item in an issue":    {`{"type":"item","state":"placed","note":"x"}`, `line 1: the state "placed" is none of an item outside issues`},
		"empty item":          {`{"type":"item","state":"inbox"}`, "line 1: item: is empty"},
		"script as address":   {`{"type":"item","state":"inbox","links":[{"url":"javascript:alert(1)"}]}`, "line 1: item.links[0].url: is not a web address"},
		"address of 10 kB in JSON": {`{"type":"item","state":"inbox","links":[{"url":"http://a.example/` + strings.Repeat("b", 10_000) + `"}]}`,
			"line 1: item.links[0].url: has 10017 bytes"},
		"date in JSON":            {`{"type":"issue","number":1,"date":"2013-02-30","state":"draft"}`, `line 1: the JSON cannot be read ("2013-02-30" is not a date`},
		"correction without time": {strings.Replace(jsonLine, `"at":"2019-03-04T09:00:00Z"`, `"at":null`, 1), "line 1: a correction has no time"},
		"issue twice":             {jsonLine + jsonLine, "line 2: issue 12 is in line 1 too"},
		"mark of another":         {strings.Replace(jsonLine, `"mark":"12.1"`, `"mark":"13.1"`, 1), "line 1: the mark 13.1 is not one of issue 12"},
		"JSON not UTF-8":          {"{\"type\":\"poem\xff\"}", "line 1: the text is not UTF-8"},
		"line over 16 MiB":        {jsonLine + `{"type":"` + strings.Repeat("a", MaxFile), "line 2: the line has more than 16 MiB"},
		"two publications":        {publicationLine + publicationLine, "line 2: this is a second publication"},
		"publication wrong":       {strings.Replace(publicationLine, "Europe/London", "Nowhere", 1), "line 1: time_zone: is"},
		"no such blocker":         {strings.Replace(publicationLine, `"sections"`, `"blockers":["rain"],"sections"`, 1), "line 1: blockers: name"},
		"deep JSON":               {`{"type":` + strings.Repeat("[", 1_000_000), "line 1: the JSON cannot be read"},
	})
}

const publicationLine = `{"type":"publication","name":"Bees","language":"en","time_zone":"Europe/London","weekday":0,"hour":8,"sections":[]}` + "\n"

// TestOddInput gives what can be kept: nothing is lost, and the report says
// what looked odd.
func TestOddInput(t *testing.T) {
	long := "http://a.example/" + strings.Repeat("b", 3000)
	tests := map[string]struct{ text, note, warning string }{
		"javascript link":   {"[click](javascript:alert(1))", "[click](javascript:alert(1))", "line 8: a link to a javascript: address is no web address"},
		"javascript line":   {"javascript:alert(1)", "javascript:alert(1)", "line 8: a link to a javascript: address is no web address"},
		"address of 3 kB":   {"Read\n" + long, "Read\n" + long, "line 9: the address \"http://a.example/bbb"},
		"address of no use": {"[a](http://[::bad)", "[a](http://[::bad)", "line 8: the address \"http://[::bad\" is not one"},
		"heading of 1 kB":   {strings.Repeat("long ", 200) + "\n====", strings.TrimSpace(strings.Repeat("long ", 200)) + "\n====", "line 8: a heading is longer than 300 characters"},
		"cut":               {"A scale for hi\x00", "A scale for hi", "line 8: the last line has no end"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			source := dated + "News\n====\n\n" + test.text + "\n"
			if cut, _, ok := strings.Cut(source, "\x00"); ok {
				source = cut
			}
			issue, warnings := readPost(t, source)
			if got := issue.Items()[0].Note; got != test.note {
				t.Errorf("note %q", got)
			}
			if len(warnings) != 1 || !strings.HasPrefix(warnings[0], test.warning) {
				t.Errorf("warnings %q, want %s…", warnings, test.warning)
			}
		})
	}
}

func TestOddFrontMatter(t *testing.T) {
	issue, warnings := readPost(t, "---\ntitle: 'Issue 139 - 1st January 2013'\ndate: 2013-09-01 12:45\nsponsor:\n    link: x\nauthor: me\n---\nA\n")
	if issue.Date.String() != "2013-09-01" || !issue.PublishedAt.IsZero() {
		t.Errorf("%s, %s", issue.Date, issue.PublishedAt)
	}
	want := []string{`line 4: "sponsor"`, `line 5: "link"`, `line 6: "author"`, "line 2: the title gives another date"}
	for i, w := range want {
		if len(warnings) != len(want) || !strings.HasPrefix(warnings[i], w) {
			t.Fatalf("warnings %q", warnings)
		}
	}
}

// endless is a file without an end. It counts what was read.
type endless struct {
	start string
	read  int
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.start)
	e.start = e.start[n:]
	for i := n; i < len(p); i++ {
		p[i] = 'a'
	}
	e.read += len(p)
	return len(p), nil
}

// What is too large is refused without being read whole.
func TestTooLarge(t *testing.T) {
	tests := map[string]string{dated: "the file has more than 16 MiB", `{"type":"`: "line 1: the line has more than 16 MiB"}
	for start, want := range tests {
		file := &endless{start: start}
		_, err := Read(file, FormatAuto)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s…", err, want)
		}
		if file.read > 2*MaxFile {
			t.Errorf("%d bytes were read", file.read)
		}
	}
	var e endless
	if _, err := Read(io.LimitReader(&e, 50_000_000), FormatAuto); err == nil || e.read > MaxFile {
		t.Errorf("50 MB of one letter: %v after %d bytes", err, e.read)
	}
}

func TestUnknownFormat(t *testing.T) {
	if _, err := Read(strings.NewReader(post), "poem"); err == nil || !strings.Contains(err.Error(), `"poem"`) {
		t.Error(err)
	}
}
