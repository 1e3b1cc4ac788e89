package exchange

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"broadsheet/internal/markdown"
	"broadsheet/internal/newsletter"
)

// draft is an issue while it is being read: what has been found so far, which
// line each part stands in, and what the report should name.
type draft struct {
	issue    newsletter.Issue
	warnings []string
	lines    map[string]int    // line of "title", "intro", "sections[0].items[2]", …
	inMail   bool              // lines are counted in a mail's text, not in its file
	name     string            // of the file, "" where it has none
	front    fields            // its front matter, nil where it has none
	entries  map[string][]line // of lists in it, by field
}

// at says where line number no is.
func (d *draft) at(no int) string {
	if d.inMail {
		return fmt.Sprintf("line %d of the mail's text", no)
	}
	return fmt.Sprintf("line %d", no)
}

func (d *draft) warn(no int, format string, args ...any) {
	d.warnings = append(d.warnings, d.at(no)+": "+fmt.Sprintf(format, args...))
}

func (d *draft) errorf(no int, format string, args ...any) error {
	return fmt.Errorf("%s: %w", d.at(no), fmt.Errorf(format, args...))
}

// section begins a section under a heading of the given line and returns it.
func (d *draft) section(no int, s newsletter.Section) *newsletter.Section {
	d.lines[fmt.Sprintf("sections[%d]", len(d.issue.Sections))] = no
	d.issue.Sections = append(d.issue.Sections, s)
	return &d.issue.Sections[len(d.issue.Sections)-1]
}

// item adds an item of the given line to the last section.
func (d *draft) item(no int, item newsletter.Item) {
	s := len(d.issue.Sections) - 1
	section := &d.issue.Sections[s]
	d.lines[fmt.Sprintf("sections[%d].items[%d]", s, len(section.Items))] = no
	item.State = newsletter.Placed
	section.Items = append(section.Items, item)
}

// validate checks the issue by the rules of the domain. Its error names the
// line of the first field that is wrong, where that is known.
func (d *draft) validate() error {
	err := d.issue.Validate()
	wrong, ok := errors.AsType[newsletter.Invalid](err)
	if !ok || len(wrong) == 0 {
		return err
	}
	for part := wrong[0].Field; part != ""; part = part[:max(0, strings.LastIndexByte(part, '.'))] {
		if no := d.lines[part]; no > 0 {
			return d.errorf(no, "%w", newsletter.Invalid(wrong[:1]))
		}
	}
	return newsletter.Invalid(wrong[:1])
}

// oddScheme finds links in Markdown to addresses that will not be printed.
// A bare address is one only where it stands alone on its line.
var oddScheme = regexp.MustCompile(`(?im)\]\(\s*([a-z][a-z0-9+.-]*):|^\s*(javascript|vbscript|data|file|ftp|blob):\S+\s*$`)

// inspect looks at a text of a foreign shape before it is kept: it warns of
// links that will not be links, and refuses what cannot be printed.
func (d *draft) inspect(no int, text string, render func(string) (markdown.Text, error)) error {
	for _, found := range oddScheme.FindAllStringSubmatch(text, -1) {
		switch scheme := strings.ToLower(found[1] + found[2]); scheme {
		case "http", "https", "mailto":
		default:
			d.warn(no, "a link to a %s: address is no web address; it was kept as text", clip(scheme))
		}
	}
	if !intricate(text) {
		return nil
	}
	if _, err := render(text); err != nil {
		return d.errorf(no, "%w", err)
	}
	return nil
}

// intricate reports whether package markdown might refuse a text for what is
// nested in it or repeated by reference: that takes more than ten marks, or a
// reference. Hardly any text has them, which spares an import from rendering
// everything twice.
func intricate(text string) bool {
	const most = 10
	marks := 0
	for i := range len(text) {
		switch c := text[i]; c {
		case '>', '*', '_', '[', '<', '`':
			marks++
		case '-', '+', '.', ')': // of a list
			if i+1 == len(text) || strings.IndexByte(" \t\n", text[i+1]) >= 0 {
				marks++
			}
		}
	}
	return marks > most || strings.Contains(text, "]:")
}
