package newsletter

import (
	"cmp"
	"strings"
)

// labelLength is the longest label, in characters: one line of a list.
const labelLength = 60

// Label names an item in one line of at most 60 characters, for lists and
// records: by its title, else the first words of its note as it was written,
// else its first link. It is empty for an item without any.
func (i Item) Label() string {
	words := cmp.Or(strings.TrimSpace(i.Title), strings.Join(strings.Fields(i.Note), " "))
	if words == "" && len(i.Links) > 0 {
		words = cmp.Or(i.Links[0].Text, i.Links[0].URL)
	}
	letters := []rune(words)
	if len(letters) <= labelLength {
		return words
	}
	short := string(letters[:labelLength-1])
	if space := strings.LastIndexByte(short, ' '); space > len(short)/2 {
		short = short[:space]
	}
	return short + "…"
}
