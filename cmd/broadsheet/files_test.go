package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// folder writes files into a new folder and returns it.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		write(t, filepath.Join(dir, name), text)
	}
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// sunday is the day of an invented issue: a week for each number.
func sunday(number int) time.Time {
	return time.Date(2018, time.January, 7+7*(number-1), 0, 0, 0, 0, time.UTC)
}

// head is the front matter of an invented issue.
func head(number int) string {
	day := sunday(number)
	return fmt.Sprintf("---\ntitle: ORCHARD WEEKLY ISSUE \\#%d - %s\ndate: %s\n---\n\n",
		number, day.Format("2 January 2006"), day.Format("2006-01-02")+"T11:45:10+00:00")
}

// post is an invented issue the way an archive of posts has it.
func post(number int) string {
	return head(number) + fmt.Sprintf(`Frost in week %[1]d, see [the forecast](https://frost.example/%[1]d).


Sponsor
=======

Ladders that stand by themselves.

Try one: [https://ladders.example/%[1]d](https://ladders.example/%[1]d)


News
====

A grafting knife that was lost in spring turned up inside trunk number %[1]d.
<br>[https://knives.example/%[1]d](https://knives.example/%[1]d)


Two ways to store pears, of which one works.
<br>[The cellar](https://cellar.example/%[1]d)
<br>[The attic](https://attic.example/%[1]d)


Events
======

Cider pressing by moonlight. Bring a bottle.
<br>[https://cider.example/%[1]d](https://cider.example/%[1]d)
`, number)
}

// own is an invented issue as our own Markdown.
func own(number int) string {
	day := sunday(number)
	return fmt.Sprintf(`---
layout: post
title: Issue %[1]d - %[2]s
date: %[3]s
---

## Issue %[1]d - %[2]s

_Wasps again._


Tools
=====

A sieve for %[1]d sorts of plum.

https://sieves.example/%[1]d
`, number, day.Format("2 January 2006"), day.Format(time.DateOnly))
}

// publication is an invented publication as a line of an export.
const publication = `{"type":"publication","name":"Orchard Weekly","tagline":"Trees, slowly","description":"For people with a ladder.",` +
	`"about":"Made in a *shed*.","language":"en","time_zone":"Europe/Dublin","weekday":0,"hour":9,` +
	`"sections":[{"title":"Sponsor","kind":"sponsor"},{"title":"News","kind":"links"},{"title":"Events","kind":"events"},{"title":"Tools","kind":"links"}]}` + "\n"

// line is an invented issue as a line of an export.
func line(number int) string {
	day := sunday(number).Format(time.DateOnly)
	return fmt.Sprintf(`{"type":"issue","number":%d,"date":"%s","title":"","summary":"A quiet week","state":"published","scheduled_at":null,`+
		`"published_at":"%sT08:00:00Z","intro":"Nothing *ripened*.","sections":[{"title":"News","kind":"links","of":"News","items":[`+
		`{"mark":"%[1]d.1","title":"On mulch","note":"Mulch is a blanket with worms.","sponsored":false,"event_on":"","event_until":"","place_name":"",`+
		`"links":[{"url":"https://mulch.example/%[1]d?a=1&b=2","text":"Worms"}]}]}],"corrections":[],"withdrawn":[]}`+"\n", number, day, day)
}
