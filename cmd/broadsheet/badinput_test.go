package main

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"broadsheet/internal/pgtest"
	"broadsheet/internal/publish"
)

// badFile is a file as people give it and what the report says of it.
type badFile struct {
	text   string
	error  string          // why it failed
	kept   publish.Outcome // what became of its issue otherwise
	remark string          // what the report says about it then
}

// badFiles are the files by name. Those that can be kept are, with a remark.
func badFiles() map[string]badFile {
	item := func(number int, text string) string { return head(number) + "News\n====\n\n" + text + "\n" }
	posted := post(20)
	return map[string]badFile{
		"00-first.md":              {text: post(10), kept: publish.Added},
		"empty.md":                 {error: "the file is empty"},
		"picture.png":              {text: "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", error: "the file is not text"},
		"latin1.md":                {text: item(11, "caf\xe9"), error: "not UTF-8"},
		"fifty-megabytes.md":       {text: item(12, strings.Repeat("a heavy cart ", 4_000_000)), error: "16 MiB"},
		"fifty-megabytes.bin":      {text: strings.Repeat("\x00", 50_000_000), error: "the file is not text"},
		"fifty-megabytes.jsonl":    {text: `{"type":"` + strings.Repeat("a", 50_000_000), error: "16 MiB"},
		"cut.jsonl":                {text: line(13)[:200], error: "the JSON breaks off"},
		"cut-second-line.jsonl":    {text: line(14) + line(15)[:200], error: "line 2: the JSON breaks off"},
		"cut-front-matter.md":      {text: "---\ntitle: ORCHARD WEEKLY ISS", error: "the front matter has no end"},
		"cut.md":                   {text: posted[:len(posted)/2], kept: publish.Added, remark: "the last line has no end"},
		"crlf.md":                  {text: strings.ReplaceAll(post(21), "\n", "\r\n"), kept: publish.Added},
		"bom.md":                   {text: "\ufeff" + post(22), kept: publish.Added},
		"bom.jsonl":                {text: "\ufeff" + line(23), kept: publish.Added},
		"no-front-matter.md":       {text: "News\n====\n\nA pear.\n", error: "the shape of the file is not known"},
		"no-number.md":             {text: "---\ntitle: ORCHARD WEEKLY\ndate: 2018-01-07\n---\n\nA pear.\n", error: "no issue number"},
		"taken.md":                 {text: strings.Replace(post(10), "pears", "apples", 1), kept: publish.Differs, remark: "issue 10 exists with other content and was left as it is"},
		"taken-alike.md":           {text: post(10), kept: publish.Unchanged},
		"thirtieth-february.md":    {text: "---\ntitle: ORCHARD WEEKLY ISSUE \\#24 - 30th February 2018\n---\n\nA pear.\n", error: `"30th February 2018" is a date that does not exist`},
		"thirtieth-february.jsonl": {text: strings.Replace(line(25), `"date":"`+sunday(25).Format("2006-01-02"), `"date":"2018-02-30`, 1), error: "2018-02-30"},
		"script.md":                {text: item(26, "[press](javascript:alert(1))"), kept: publish.Added, remark: "a link to a javascript: address is no web address"},
		"script.jsonl":             {text: strings.Replace(line(27), "https://mulch.example/27?a=1&b=2", "javascript:alert(1)", 1), error: "is not a web address"},
		"long-address.md":          {text: item(28, "http://a.example/"+strings.Repeat("b", 10_000)), error: "one word of the text has 10017 bytes"},
		"long-address.jsonl":       {text: strings.Replace(line(29), "mulch.example/29", "mulch.example/"+strings.Repeat("b", 10_000), 1), error: "bytes"},
		"million-arrows.md":        {text: item(30, strings.Repeat(">", 1_000_000)), error: "one word of the text has 1000000 bytes"},
		"million-arrows-2.md":      {text: item(31, strings.Repeat("> ", 1_000_000)), error: "quotations"},
		"million-arrows.jsonl":     {text: strings.Replace(line(32), "Mulch is", strings.Repeat(">", 1_000_000), 1), error: "bytes"},
		"eight-thousand.jsonl":     {text: strings.Replace(line(33), "Mulch is", strings.Repeat(">", 8000), 1), error: "quotations"},
		"zero-byte.jsonl":          {text: strings.Replace(line(34), "Mulch is", `\u0000`, 1), error: "line 1"},
		"surrogate.jsonl":          {text: strings.Replace(line(35), "Mulch is", `\ud800`, 1), kept: publish.Added},
		"huge-number.jsonl":        {text: strings.Replace(line(36), `"number":36`, `"number":99999999999`, 1), error: "number"},
		"year-9999.jsonl":          {text: strings.Replace(line(37), `"published_at":"`, `"published_at":"9`, 1), error: "time"},
		"zz-last.md":               {text: post(40), kept: publish.Added},
	}
}

// TestBadInput imports a folder of all that people give. Each file gets its
// line, and nothing else suffers.
func TestBadInput(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	files, dir := badFiles(), t.TempDir()
	for name, file := range files {
		write(t, filepath.Join(dir, name), file.text)
	}
	report, r := importJSON(t, database, dir)
	if len(report.Files) != len(files) || r.status != 1 || report.Failed == 0 {
		t.Errorf("status %d, %d files reported of %d, %d failed", r.status, len(report.Files), len(files), report.Failed)
	}
	if strings.Count(r.stderr, "\n") != 1 || strings.Contains(r.stderr, "WARN") {
		t.Errorf("stderr is not one line: %q", r.stderr)
	}
	for _, got := range report.Files {
		want, remarks := files[filepath.Base(got.File)], strings.Join(got.Messages, "\n")
		switch {
		case want.error != "":
			if !strings.Contains(got.Error, want.error) || len(got.Error) > 400 || strings.ContainsAny(got.Error, "\n\x00") {
				t.Errorf("%s: the error is %q (%+v), want %q", filepath.Base(got.File), got.Error, got.Report, want.error)
			}
		case got.Error != "" || len(got.Issues) != 1 || got.Issues[0].Outcome != want.kept || !strings.Contains(remarks, want.remark):
			t.Errorf("%s: %+v, want %s with %q", filepath.Base(got.File), got, want.kept, want.remark)
		case want.remark == "" && remarks != "":
			t.Errorf("%s: there is nothing to say but %q", filepath.Base(got.File), remarks)
		}
	}
	checkBadArchive(t, database)
}

// checkBadArchive looks at the pages of what was kept.
func checkBadArchive(t *testing.T, database string) {
	t.Helper()
	p := serve(t, database)
	at := p.address(t)
	page(t, at+"/issues/10", 200, "Two ways to store pears")
	page(t, at+"/issues/14", 404) // of a file whose second line is cut
	for _, number := range []string{"21", "22", "40"} {
		page(t, at+"/issues/"+number, 200, "grafting knife")
	}
	if body := page(t, at+"/issues/26", 200); strings.Contains(body, `href="javascript`) {
		t.Errorf("a link runs a script:\n%s", body)
	}
	p.stop(t, syscall.SIGTERM)
}
