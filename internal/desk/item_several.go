package desk

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// takeAddresses takes a text with several web addresses apart: the addresses
// in order, each with the words that stand before it on its line as its text
// (behind the line's last one, too), and what is left, line by line. Nothing
// but punctuation and list numbers is dropped, and an address that stands
// twice is there twice. A text with fewer than two addresses has none here;
// see [takeAddress].
func takeAddresses(pasted string) (links []newsletter.Link, rest string) {
	var kept []string
	for line := range strings.Lines(pasted) {
		found, words := addressesIn(line)
		links, kept = append(links, found...), append(kept, words)
	}
	if len(links) < 2 {
		return nil, strings.TrimFunc(pasted, blank)
	}
	return links, strings.TrimFunc(strings.Join(kept, ""), blank)
}

// addressesIn takes one line apart. Words are the whole line when there is no
// address in it, and what is too long for a link's text.
func addressesIn(line string) (links []newsletter.Link, words string) {
	from, long := 0, []string{}
	name := func(link *newsletter.Link, text string) {
		text = around(text)
		if joined := joinWords(link.Text, text); fitsTitle(joined) {
			link.Text = joined
		} else {
			long = append(long, text+"\n")
		}
	}
	for look := 0; ; {
		at := webStart.FindStringIndex(line[look:])
		if at == nil {
			break
		}
		start, scheme := look+at[0], at[1]-at[0]
		url := trimPunctuation(line[start:endOfAddress(line, start+scheme)])
		if look = start + max(scheme, len(url)); len(url) <= scheme { // nothing behind it: it is a word
			continue
		}
		links = append(links, newsletter.Link{URL: url})
		name(&links[len(links)-1], line[from:start])
		from = look
	}
	if len(links) == 0 {
		return nil, line
	}
	name(&links[len(links)-1], line[from:])
	return links, strings.Join(long, "")
}

// endOfAddress returns where an address ends whose scheme ends at from: where
// white space does, or where the next one begins. Lists are pasted with commas
// between, or with nothing at all where a field of one line swallowed the line
// breaks. An address inside another stays there: it stands behind a mark such
// as "=" or "/".
func endOfAddress(line string, from int) int {
	end := from + strings.IndexFunc(line[from:]+" ", ends)
	for _, next := range webStart.FindAllStringIndex(line[from:end], -1) {
		if before := line[:from+next[0]]; glued.MatchString(before) && !escaped.MatchString(before) {
			return from + next[0]
		}
	}
	return end
}

var (
	glued      = regexp.MustCompile(`[\p{L}\p{N},;|)\]]$`)
	escaped    = regexp.MustCompile(`(?i)%[0-9a-f]{2}$`)
	listNumber = regexp.MustCompile(`^\(?[0-9]{1,3}[.):]?$`)
)

// around returns the words around an address without what sets them apart from
// it: quotation marks, commas, a list's number, brackets of which the other
// half is gone.
func around(words string) string {
	apart := func(marks string) func(rune) bool {
		return func(r rune) bool { return blank(r) || unicode.IsControl(r) || strings.ContainsRune(marks, r) }
	}
	words = strings.TrimLeftFunc(words, apart(`<>()[]"'“”‘’,;:|*•–—-`))
	for before := ""; before != words; {
		before, words = words, strings.TrimRightFunc(words, apart(`<>(["'“”‘’,;:|*•–—-`))
		for _, pair := range []string{"()", "[]"} {
			if strings.Count(words, pair[:1]) < strings.Count(words, pair[1:]) {
				words = strings.TrimSuffix(words, pair[1:])
			}
		}
	}
	if listNumber.MatchString(words) {
		return ""
	}
	return strings.Join(strings.Fields(words), " ")
}

// spread gives every address that was pasted into one field a field of its own.
// Words that belong to none go to the note.
func (f *itemForm) spread() {
	var urls, labels []string
	for i, url := range f.URLs {
		links, rest := takeAddresses(url)
		if len(links) == 0 {
			urls, labels = append(urls, url), append(labels, f.Labels[i])
			continue
		}
		f.Several = true
		if links[0].Text == "" {
			links[0].Text = f.Labels[i]
		} else {
			rest = joinLines(f.Labels[i], rest)
		}
		for _, link := range links {
			urls, labels = append(urls, link.URL), append(labels, link.Text)
		}
		f.Note = joinLines(f.Note, rest)
	}
	f.URLs, f.Labels = urls, labels
}

// joinLines puts one text below another.
func joinLines(above, below string) string {
	if above == "" || below == "" {
		return above + below
	}
	return above + "\n\n" + below
}

// each returns the items that the form's item becomes when each of its links
// gets one of its own: the link's text is its title, the note goes with the
// first.
func (f itemForm) each(whole newsletter.Item) []newsletter.Item {
	items := make([]newsletter.Item, len(whole.Links))
	for i, link := range whole.Links {
		items[i] = whole
		items[i].Title, items[i].Note, items[i].Links = link.Text, "", []newsletter.Link{{URL: link.URL}}
	}
	if items[0].Note = whole.Note; whole.Title != "" {
		items[0].Title, items[0].Links = whole.Title, whole.Links[:1]
	}
	return items
}

// createEach stores an item for each link of the form.
func (d *Desk) createEach(w http.ResponseWriter, r *http.Request, form itemForm, whole newsletter.Item, to *postgres.Target) error {
	ids, err := d.store.CreateItems(r.Context(), page.User(r.Context()), form.each(whole), to, form.Key, publish.LinksOf)
	if _, is := errors.AsType[*postgres.ItemConflict](err); is {
		form.Key = "" // what stands in the form now can be saved besides
		return d.showNew(w, r, http.StatusConflict, form, nil, newItemView{Again: true})
	}
	if err != nil {
		return d.notCreated(w, r, form, to, err)
	}
	query := url.Values{"done": {"added"}, "n": {strconv.Itoa(len(ids))}}
	if to != nil {
		query.Set("in", form.Issue)
		query.Set("to", form.Section)
	}
	return seeOther(w, r, address.Inbox+"?"+query.Encode())
}

// severalFault says that a field held several addresses, of which one item can
// be made, or several.
func (f itemForm) severalFault() newsletter.Invalid {
	n := len(f.urls())
	return newsletter.Invalid{{Field: rowName("url", 0), Message: fmt.Sprintf(
		"and what follows were pasted as one text with several addresses; save them as one item with %d links, or as %d items", n, n)}}
}
