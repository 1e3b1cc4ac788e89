package exchange

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
)

// fields is a file's front matter: values by name, as they were written but
// for quotation marks.
type fields map[string]line

// frontMatter splits a file's lines after the front matter between its two
// "---". Without any it returns no fields and all lines. The entries of a list,
// each on a line after "- ", are kept apart: see [draft.values].
func (d *draft) frontMatter(lines []line) (fields, []line, error) {
	rest := trimBlank(lines)
	if len(rest) == 0 || strings.TrimRight(rest[0].text, " \t") != "---" {
		return nil, lines, nil
	}
	found, last := fields{}, ""
	d.entries = map[string][]line{}
	for i, l := range rest[1:] {
		text := strings.TrimSpace(l.text)
		if text == "---" || text == "..." {
			d.front = found
			return found, rest[i+2:], nil
		}
		name, value, ok := strings.Cut(text, ":")
		entry, listed := strings.CutPrefix(text, "- ")
		inner := strings.TrimRight(l.text, " \t") != text // it belongs to the field before
		switch {
		case text == "" || strings.HasPrefix(text, "#"):
		case listed && last != "" && found[last].text == "":
			d.entries[last] = append(d.entries[last], line{l.no, unquote(strings.TrimSpace(entry))})
		case !ok:
			return nil, nil, d.errorf(l.no, "front matter is lines such as \"title: …\" up to a line \"---\", and this is neither; mend it, or give the whole file if it was cut")
		case inner && found[strings.TrimSpace(name)].no != 0: // that one is the post's own
		default:
			last = strings.TrimSpace(name)
			found[last] = line{l.no, unquote(strings.TrimSpace(value))}
		}
	}
	return nil, nil, d.errorf(rest[0].no, "the front matter has no end; close it with a line \"---\", or give the whole file if it was cut")
}

// values returns what a field of front matter lists: entries on lines of their
// own, or between brackets, or the one value it has.
func (d *draft) values(name string) []line {
	field := d.front[name]
	inner, begun := strings.CutPrefix(field.text, "[")
	inner, ended := strings.CutSuffix(inner, "]")
	if field.text == "" {
		return d.entries[name]
	}
	if !begun || !ended {
		return []line{field}
	}
	var list []line
	for value := range strings.SplitSeq(inner, ",") {
		if value = unquote(strings.TrimSpace(value)); value != "" {
			list = append(list, line{field.no, value})
		}
	}
	return list
}

// unquote takes the quotation marks off a value of front matter.
func unquote(s string) string {
	if len(s) < 2 || s[0] != s[len(s)-1] {
		return s
	}
	switch s[0] {
	case '"':
		var text string
		if json.Unmarshal([]byte(s), &text) == nil {
			return text
		}
		return s[1 : len(s)-1]
	case '\'':
		return strings.ReplaceAll(s[1:len(s)-1], "''", "'")
	}
	return s
}

// warnUnknown names the fields that are not among the known ones and make no
// address: they have no place in an issue.
func (d *draft) warnUnknown(found fields, known ...string) {
	byLine := func(a, b string) int { return found[a].no - found[b].no }
	for _, name := range slices.SortedFunc(maps.Keys(found), byLine) {
		addresses := slices.Contains(addressFields, name) || name == "slug" && jekyllPost.MatchString(path.Base(d.name))
		if !addresses && !slices.Contains(known, name) {
			d.warn(found[name].no, "%q of the front matter has no place in an issue; it was left out", clip(name))
		}
	}
}

// addressFields are those of front matter that say where a page was.
var addressFields = []string{"permalink", "url", "aliases", "redirect_from"}

// momentLayouts are the ways a time is written in front matter. Those without a
// zone name a day, not a moment.
var momentLayouts = []struct {
	layout string
	zoned  bool
}{
	{time.RFC3339, true},
	{"2006-01-02 15:04:05 -0700", true},
	{"2006-01-02 15:04:05 -07:00", true},
	{"2006-01-02 15:04 -0700", true},
	{time.DateOnly, false},
	{time.DateTime, false},
	{"2006-01-02T15:04:05", false},
	{"2006-01-02 15:04", false},
}

// moment reads a time of front matter: the day it names where it was written,
// and the moment in UTC and whole seconds, zero where no zone is given.
func (d *draft) moment(l line) (newsletter.Date, time.Time, error) {
	for _, known := range momentLayouts {
		t, err := time.Parse(known.layout, l.text)
		if err != nil || !plausible(t) {
			continue
		}
		if !known.zoned {
			return newsletter.DateOf(t), time.Time{}, nil
		}
		return newsletter.DateOf(t), wholeSeconds(t), nil
	}
	return newsletter.Date{}, time.Time{}, d.errorf(l.no, "the date %q does not exist or cannot be read; write it like 2013-09-01 or 2013-09-01T12:45:10+01:00", clip(l.text))
}

// plausible reports whether t is in a year of four digits, in its own zone and
// in UTC, so that it can be written again.
func plausible(t time.Time) bool {
	return min(t.Year(), t.UTC().Year()) >= 1000 && max(t.Year(), t.UTC().Year()) <= 9999
}

// wholeSeconds returns t in UTC without fractions of a second; zero stays zero.
func wholeSeconds(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Second)
}

// clip shortens a text that is quoted in a message.
func clip(s string) string {
	const most = 60
	runes := []rune(s[:min(len(s), 4*most)])
	if len(runes) <= most {
		return s
	}
	return string(runes[:most]) + "…"
}
