// Package page turns views into pages: it holds the frame around every page,
// the mapping of errors to pages, and the printed issue as readers and the
// desk's preview see it. HTTP stops here.
package page

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/web"
)

// Page is a page whose template shows a T.
type Page[T any] struct {
	file     string
	template func() (*template.Template, error)
}

// Define returns the page of a template file such as "site/archive.html". The
// file defines the template "main", and the view embeds [Frame]; those in the
// folders desk and account embed [DeskFrame]. The template is read when the
// page is first made. No file may be called like one of those all pages share.
func Define[T any](file string) Page[T] {
	return Page[T]{file, sync.OnceValues(func() (*template.Template, error) { return parse(file) })}
}

// Template reads the page's template anew, for tests that check it against its
// view: one that has made a page is no longer what was written.
func (p Page[T]) Template() (*template.Template, error) { return parse(p.file) }

// Bytes returns the page as HTML. An error is a fault of the program.
func (p Page[T]) Bytes(view T) ([]byte, error) { return p.execute(frameOf(p.file), view) }

// drafts are where pages are made, which have grown to the size that pages have.
var drafts = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// execute makes the part of the page that a template of it names.
func (p Page[T]) execute(part string, view T) ([]byte, error) {
	t, err := p.template()
	if err != nil {
		return nil, err
	}
	out := drafts.Get().(*bytes.Buffer)
	defer drafts.Put(out)
	out.Reset()
	if err := t.ExecuteTemplate(out, part, view); err != nil {
		return nil, fmt.Errorf("make the page %s: %w", p.file, err)
	}
	return bytes.Clone(out.Bytes()), nil
}

// FragmentHeader is sent by the desk's modules with the value "1". They get the
// fragment of a page that they put into the one they have: its title and its
// main part, without the frame.
const FragmentHeader = "X-Desk"

// Fragment reports whether a module asks, and not a browser that follows a link
// or sends a form.
func Fragment(r *http.Request) bool { return r.Header.Get(FragmentHeader) == "1" }

// Render answers with the page, or with its fragment. It is made whole before a
// byte is sent, so that a fault is still answered with a page of its own.
func (p Page[T]) Render(w http.ResponseWriter, r *http.Request, status int, view T) error {
	part := frameOf(p.file)
	if part == deskFrame && Fragment(r) {
		part = "fragment"
	}
	body, err := p.execute(part, view)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a reader who has gone is no fault of ours
	}
	return nil
}

// shared reads what all pages have in common once; each page adds its own file
// to a copy.
var shared = sync.OnceValues(func() (*template.Template, error) {
	return template.New("frame.html").Funcs(functions).ParseFS(web.Templates(), "base/*.html", "partials/*.html")
})

func parse(file string) (*template.Template, error) {
	base, err := shared()
	if err != nil {
		return nil, fmt.Errorf("read the shared templates: %w", err)
	}
	t, err := base.Clone()
	if err != nil {
		return nil, fmt.Errorf("copy the shared templates: %w", err)
	}
	if t, err = t.ParseFS(web.Templates(), file); err != nil {
		return nil, fmt.Errorf("read the template %s: %w", file, err)
	}
	return t.Lookup(frameOf(file)), nil
}

// deskFrame is the shared file around the pages of the desk and the sign-in.
const deskFrame = "desk.html"

// frameOf returns the shared file that stands around a page.
func frameOf(file string) string {
	if strings.HasPrefix(file, "desk/") || strings.HasPrefix(file, "account/") {
		return deskFrame
	}
	return "frame.html"
}

// functions are what templates may call beside the methods of their views.
var functions = template.FuncMap{
	"asset":   web.Asset,
	"issue":   address.Issue,
	"issues":  issueLinks,
	"entries": entryLinks,
	"item":    address.Item,
	"cited":   Cited,
	"year":    address.Year,
	"day":     Day,
	"dated":   Dated,
	"longDay": LongDay,
	"count":   Count,
	"capital": Capital,
	"mark":    func(issue, place int) newsletter.Mark { return newsletter.Mark{Issue: issue, Place: place} },
}

// issueLinks returns links to issues by their numbers, as the archive has them by
// the thousand: a template would look at each number in each of its two places.
func issueLinks(numbers []int) template.HTML {
	var b strings.Builder
	for _, number := range numbers {
		fmt.Fprintf(&b, "<a href=\"%s\">%d</a> ", address.Issue(number), number)
	}
	return template.HTML(b.String()) // digits alone
}

// entryLinks returns places to go as lines of a list: a search has two dozen of
// them. The one that is shown is no link.
func entryLinks(entries []Entry) template.HTML {
	var b strings.Builder
	for _, entry := range entries {
		title := template.HTMLEscapeString(entry.Title)
		if entry.Here {
			b.WriteString("\n<li><span aria-current=\"true\">" + title + "</span></li>")
		} else {
			b.WriteString("\n<li><a href=\"" + Href(entry.Path) + "\">" + title + "</a></li>")
		}
	}
	return template.HTML(b.String()) // of tags and what was escaped
}

// Cited returns the link that an item's mark is. What lists hold by the dozen is
// made at once: a template would look at each part of it in its place.
func Cited(mark newsletter.Mark) template.HTML {
	return template.HTML(`<a class="mark" href="` + address.Item(mark) + `">` + mark.String() + "</a>") // digits alone
}

// Dated returns a day as people write it and as programs do.
func Dated(day newsletter.Date) template.HTML {
	return template.HTML(`<time datetime="` + day.String() + `">` + Day(day) + "</time>") // digits and names of months
}
