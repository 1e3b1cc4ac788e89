package exchange

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"

	"broadsheet/internal/address"
	"broadsheet/internal/markdown"
	"broadsheet/internal/newsletter"
)

// MaxPost is how many characters a post may have, its address among them: that
// is Bluesky's limit (300 graphemes, of which there are never more than
// characters), and Mastodon and others take more.
const MaxPost = 300

// maxPostLine is how many characters of a note stand in for a missing title.
const maxPostLine = 70

// Posts returns short texts that tell of a printed issue, each with its address
// and at most MaxPost characters long as long as that has room for the address:
// one with its summary, and, where there are any, one with its first items.
// What somebody paid for is in neither, as a post has no room for its label.
func Posts(revision newsletter.Revision, p newsletter.Publication, base address.Base) []string {
	end := "\n\n" + base.Absolute(address.Issue(revision.Number))
	room := MaxPost - utf8.RuneCountInString(end)
	posts := []string{cut(Subject(revision, p), room) + end}
	head := fmt.Sprintf("In %s %d:", p.Name, revision.Number)
	items := head
	for _, line := range postLines(revision) {
		if utf8.RuneCountInString(items+line) > room {
			break
		}
		items += line
	}
	if items != head {
		posts = append(posts, items+end)
	}
	return posts
}

// postLines names the items that a post may tell of, in order.
func postLines(revision newsletter.Revision) []string {
	var lines []string
	for _, section := range revision.Sections {
		for _, item := range section.Items {
			if line := postLine(item); line != "" {
				lines = append(lines, "\n– "+line)
			}
		}
	}
	return lines
}

// postLine names an item in a post, or is "" for one that is not told of.
func postLine(item newsletter.PrintedItem) string {
	if item.Sponsored || item.Withdrawn {
		return ""
	}
	text := ""
	if len(item.Links) > 0 {
		text = item.Links[0].Text
	}
	return cmp.Or(item.Title, markdown.FirstSentence(item.Note.Plain, maxPostLine), text)
}

// cut returns the beginning of a line up to a word and "…", at most so many
// characters in all, or the line where it is not longer.
func cut(line string, limit int) string {
	if utf8.RuneCountInString(line) <= limit {
		return line
	}
	short := string([]rune(line)[:max(limit-1, 0)])
	if end := strings.LastIndexByte(short, ' '); end > 0 {
		short = short[:end]
	}
	return short + "…"
}
