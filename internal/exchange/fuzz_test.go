package exchange

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"broadsheet/internal/markdown"
	"broadsheet/internal/newsletter"
)

// post is a Devops Weekly post in all its variety.
const post = `---
title: BEE KEEPERS WEEKLY ISSUE \#12 - 3rd March 2019
date: 2019-03-03T23:30:00-02:00
---

Spring is near, see [the calendar](https://bees.example/calendar) and plan.


>From our sponsor, Hive & Co
=====================

Hives that last.

Try one for a month: [https://hive.example/try](https://hive.example/try)


News
====

Bees count to four, it seems.
<br>[https://bees.example/count](https://bees.example/count)


Two talks on swarms, the second one<br>shorter.

The sound of the hall is poor.
<br>[https://talks.example/1_(long)](https://talks.example/1_(long))
<br>[The short one](https://talks.example/2)


Tools
=====

A scale for hives.
<br>[https://scale.example](https://scale.example)
`

// letterMail is an issue as it was mailed.
const letterMail = "Subject: =?utf-8?Q?Bee=20Keepers=20Weekly=20#12?=\r\nDate: Sun, 3 Mar 2019 23:30:00 -0200\r\n\r\n" +
	"BEE KEEPERS WEEKLY\r\nISSUE #12 - 3rd March 2019\r\n\r\nSpring is near=2C see the hives and pla=\r\nn.\r\n\r\n\r\n" +
	"Sponsor\r\n=3D=3D=3D=3D=3D=3D=3D\r\n\r\nHives that last =E2=80=93 long.\r\n\r\nTry one for a month: https://hive.example/try?a=3D1\r\n\r\n\r\n" +
	"Tools\r\n=3D=3D=3D=3D=3D\r\n\r\nA scale for hives.\r\n\r\nhttps://scale.example\r\nhttps://github.example/scale\r\n\r\n\r\n" +
	"If you received this email directly then you're already signed up=2C thanks!\r\n"

// seeds are the files that fuzzing starts from.
func seeds(f *testing.F) {
	f.Add([]byte(post))
	f.Add([]byte(letterMail))
	f.Add([]byte("---\nlayout: post\ntitle: Issue 3 - 1st May 2020\n---\n\n## Issue 3 - 1st May\n\n_Hello_\n\n\nNews\n====\n\nA\n\nhttp://a.example\n"))
	f.Add(Markdown(fullIssue()))
	f.Add(jsonl(f, Document{Issues: fullIssues()}))
	f.Add([]byte(`{"type":"redirect","from":"/a","to":"/issues/1"}`))
	f.Add([]byte("BEES\nIssue 4 - 2nd June 2020\n\nHello\n\n\nNews\n---\n\nA [b](javascript:alert(1))\n"))
	f.Add([]byte("Content-Type: multipart/alternative; boundary=x\r\nSubject: Bees #4\r\nDate: Tue, 2 Jun 2020 08:00:00 +0000\r\n\r\n--x\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nSXNzdWUgNCAtIDJuZCBKdW5lIDIwMjAK\r\n--x--\r\n"))
}

func FuzzDevopsWeekly(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := Read(bytes.NewReader(data), FormatDevopsWeekly)
		if err == nil {
			checkValid(t, doc)
			checkSame(t, doc)
		}
	})
}

func FuzzMarkdown(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := Read(bytes.NewReader(data), FormatMarkdown)
		if err == nil {
			checkValid(t, doc)
			checkSame(t, doc)
		}
	})
}

func FuzzJSONL(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := Read(bytes.NewReader(data), FormatJSONL)
		if err != nil {
			return
		}
		checkValid(t, doc)
		checkSame(t, doc)
		written := jsonl(t, doc)
		again, err := Read(bytes.NewReader(written), FormatAuto)
		if err != nil {
			t.Fatalf("%v in\n%s", err, written)
		}
		if diff := cmp.Diff(string(written), string(jsonl(t, again))); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzAuto(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		if doc, err := Read(bytes.NewReader(data), FormatAuto); err == nil {
			checkValid(t, doc)
		}
	})
}

// checkValid holds everything in a document against the rules of the domain.
func checkValid(t *testing.T, doc Document) {
	t.Helper()
	for _, issue := range doc.Issues {
		if err := issue.Validate(); err != nil {
			t.Fatal(err)
		}
		if doc.Format == FormatDevopsWeekly {
			checkPrintable(t, issue)
		}
	}
	for _, item := range doc.Items {
		if err := item.Validate(); err != nil {
			t.Fatal(err)
		}
	}
}

// checkSame writes each issue as our own Markdown and reads it again, twice.
func checkSame(t *testing.T, doc Document) {
	t.Helper()
	for _, issue := range doc.Issues {
		written := Markdown(issue)
		again, err := Read(bytes.NewReader(written), FormatMarkdown)
		if err != nil {
			t.Fatalf("%v in\n%q", err, written)
		}
		if second := Markdown(again.Issues[0]); !bytes.Equal(written, second) {
			t.Fatal(cmp.Diff(string(written), string(second)))
		}
	}
}

// checkPrintable renders every text of an issue that comes from elsewhere.
func checkPrintable(t *testing.T, issue newsletter.Issue) {
	t.Helper()
	if _, err := markdown.Intro(issue.Intro); err != nil {
		t.Fatal(err)
	}
	for _, item := range issue.Items() {
		if _, err := markdown.Note(item.Note); err != nil {
			t.Fatalf("%v: %q", err, item.Note)
		}
	}
}

// TestIntricate holds the quick look at a text against what it stands for.
func TestIntricate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SampledFrom([]string{"> ", ">", "- ", "* ", "+ ", "1. ", "2) ", "*", "_", "**", "[", "](x)", "![", "  ", "\n", "a", "`"})
		source := strings.Join(rapid.SliceOfN(pieces, 0, 60).Draw(t, "pieces"), "")
		if _, err := markdown.Note(source); err != nil && !intricate(source) {
			t.Fatalf("%v: %q", err, source)
		}
	})
	if _, err := markdown.Note(manyReferences); err == nil || !intricate(manyReferences) {
		t.Errorf("references: %v", err)
	}
	if intricate("A note of the usual kind - with a dash. And 2 sentences (or 3), and [a link](https://a.example/x-y_z).") {
		t.Error("a plain note is intricate")
	}
}

// manyReferences repeats one long address.
var manyReferences = "[a]: http://a.example/" + strings.Repeat("b", 8000) + "\n\n" + strings.Repeat("[a] ", 6)

func BenchmarkReadPost(b *testing.B) {
	b.SetBytes(int64(len(post)))
	for b.Loop() {
		if _, err := Read(strings.NewReader(post), FormatAuto); err != nil {
			b.Fatal(err)
		}
	}
}
