package desk

import (
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/exchange"
	"broadsheet/internal/newsletter"
)

// copies are what is pasted elsewhere once an issue is out.
type copies struct {
	Address string // of the issue, absolute
	Posts   []copied
	Subject copied
	HTML    copied
	Text    copied
}

// copied is a text to be copied, in a control that holds all of it.
type copied struct {
	ID, Label, Text string
	Rows            int
	ByLine          bool   // its lines end where they end, however wide they are
	Page            string // address of a page that is the text alone, where it is too long for this one; Text is empty then
}

// mostCopied is how long a text may be, in bytes as the page holds it, to stand on
// the page that says that an issue is out: with both forms of the mail that stays
// below 60 KB.
const mostCopied = 18 << 10

// orPage leaves a text that is too long to a page of its own.
func (c copied) orPage(path string) copied {
	if len(template.HTMLEscapeString(c.Text)) > mostCopied {
		c.Text, c.Page = "", path
	}
	return c
}

// copiesOf makes the copies from what was printed last.
func (d *Desk) copiesOf(revision newsletter.Revision) *copies {
	p := d.now.Publication()
	made := copies{
		Address: d.base.Absolute(address.Issue(revision.Number)),
		Subject: copied{ID: "subject", Label: "Subject", Text: exchange.Subject(revision, p)},
		HTML:    copied{ID: "html", Label: "As HTML", Text: string(exchange.LetterHTML(revision, p, d.base)), Rows: 8, ByLine: true},
		Text:    copied{ID: "text", Label: "As plain text", Text: string(exchange.Text(revision, p)), Rows: 12, ByLine: true},
	}
	made.HTML = made.HTML.orPage(address.DeskIssueTo(revision.Number, "mail.html?source=1"))
	made.Text = made.Text.orPage(address.Issue(revision.Number) + ".txt")
	labels := []string{"With its summary", "With its first items"}
	for k, post := range exchange.Posts(revision, p, d.base) {
		made.Posts = append(made.Posts, copied{ID: "post-" + strconv.Itoa(k+1), Label: labels[k], Text: post, Rows: strings.Count(post, "\n") + 4})
	}
	return &made
}

// letterPolicy lets a letter in HTML have its styles, which stand at its
// elements, and nothing else: no script, no picture, no form, no frame, and an
// origin of its own. The sandbox would let scripts run for what examines pages
// from within a browser; a page's own ones the policy does not let run at all.
const letterPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox allow-scripts"

// mailHTML is a printed issue as HTML for a mail, from its newest revision. It
// is a page of its own: to be looked at and saved, or, with "source", the HTML as
// text, to be copied.
func (d *Desk) mailHTML(w http.ResponseWriter, r *http.Request) error {
	number, err := issueNumber(r)
	if err != nil {
		return err
	}
	revision, err := d.store.Revision(r.Context(), number)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("source") == "" {
		return d.writeMail(w, revision)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err = w.Write(exchange.LetterHTML(revision, d.now.Publication(), d.base))
	return err
}

// writeMail answers with a revision as HTML for a mail, to be looked at.
func (d *Desk) writeMail(w http.ResponseWriter, revision newsletter.Revision) error {
	w.Header().Set("Content-Security-Policy", letterPolicy)
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err := w.Write(exchange.LetterHTML(revision, d.now.Publication(), d.base))
	return err
}
