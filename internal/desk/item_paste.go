package desk

import (
	"regexp"
	"strings"
	"unicode"
)

// webStart finds where a web address begins in other text.
var webStart = regexp.MustCompile(`(?i)https?://`)

// bareHost is a web address that lost its scheme: a host with a top-level
// domain of letters, and perhaps a port and what follows it.
var bareHost = regexp.MustCompile(`(?i)^([\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}]{2,}(:[0-9]{1,5})?([/?#].*)?$`)

// takeAddress takes anything that was pasted apart into the first web address
// in it and the words around that, as share sheets put both into one text. An
// address by itself stays letter for letter; one without its scheme gets
// https. Without any address it returns "" and the text.
func takeAddress(pasted string) (url, words string) {
	pasted = strings.TrimFunc(pasted, blank)
	at := webStart.FindStringIndex(pasted)
	switch {
	case at == nil && bareHost.MatchString(pasted) && !strings.ContainsFunc(pasted, unicode.IsSpace):
		return "https://" + pasted, ""
	case at == nil:
		return "", pasted
	case at[0] == 0 && !strings.ContainsFunc(pasted, ends):
		return pasted, ""
	}
	rest := pasted[at[0]:]
	end := strings.IndexFunc(rest, ends)
	if end < 0 {
		end = len(rest)
	}
	url = trimPunctuation(rest[:end])
	before := strings.TrimRight(pasted[:at[0]], "<(\"'“‘ \t\r\n")
	after := strings.TrimLeft(rest[len(url):], ">)\"'”’")
	return url, joinWords(before, after)
}

// blank reports what is worth nothing at either end of a pasted text:
// white space, and the invisible marks that some programs copy along.
func blank(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200b' || r == '\u200e' || r == '\u200f' || r == '\u2060' || r == '\ufeff'
}

// ends reports whether an address ends before r in other text.
func ends(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`<>"“”`, r)
}

// trimPunctuation takes off what belongs to the sentence an address stands in.
// A bracket stays when it was opened in the address.
func trimPunctuation(url string) string {
	for {
		cut := strings.TrimRight(url, ".,;:!?'’*_…")
		for _, pair := range []string{"()", "[]"} {
			if strings.HasSuffix(cut, pair[1:]) && strings.Count(cut, pair[:1]) < strings.Count(cut, pair[1:]) {
				cut = cut[:len(cut)-1]
			}
		}
		if cut == url {
			return url
		}
		url = cut
	}
}

// joinWords puts together what stood before and behind an address. What is
// punctuation alone is left out.
func joinWords(before, after string) string {
	var kept []string
	for _, part := range []string{before, after} {
		part = strings.TrimSpace(part)
		if strings.ContainsFunc(part, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, " ")
}

// takePasted gives every address that was pasted into a row of links a link of
// its own, behind those there are, as [takeAddresses] takes them apart. Words
// that belong to none go to the end of the note.
func (f *itemForm) takePasted() {
	links, rest := takeAddresses(f.Pasted)
	f.Pasted = ""
	if len(links) > 0 {
		f.URLs, f.Labels = f.URLs[:f.filled()], f.Labels[:f.filled()]
	}
	for _, link := range links {
		f.URLs, f.Labels = append(f.URLs, link.URL), append(f.Labels, link.Text)
	}
	f.Note = joinLines(f.Note, rest)
}
