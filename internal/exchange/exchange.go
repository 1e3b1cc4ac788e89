// Package exchange reads and writes issues in other shapes: posts and mails of
// Devops Weekly, our own Markdown, one JSON object per line, the plain-text
// letter and the JSON of an issue. There is one file per shape.
//
// Reading loses nothing: what fits no rule is kept as the note of an item under
// its heading and named in the warnings, and a file that cannot be kept whole
// is an error. Every reader takes time linear in the size of its file.
package exchange

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"broadsheet/internal/newsletter"
)

// Format is the name of a shape, as it is given on the command line.
type Format string

// The shapes that can be read.
const (
	FormatAuto         Format = "auto"          // told by the content, see [Detect]
	FormatDevopsWeekly Format = "devops-weekly" // a post, a mail, or the mail's text alone
	FormatMarkdown     Format = "markdown"      // what [Markdown] writes
	FormatJSONL        Format = "jsonl"         // what [JSONL] writes
)

// The most bytes that are read. An issue at all its limits at once is under
// 5 MiB; a file of JSON lines holds a whole archive.
const (
	MaxFile  = 16 << 20  // of a file with one issue, and of one JSON line
	MaxJSONL = 512 << 20 // of a file of JSON lines
)

// detectSize is how much of a file [Read] looks at to tell its shape.
const detectSize = 64 << 10

// Document is everything one file holds. All of it is valid by the rules of
// package newsletter.
type Document struct {
	Format      Format                  // the shape it was read as, never auto
	Publication *newsletter.Publication // nil when the file does not say
	Issues      []newsletter.Issue
	Items       []newsletter.Item // outside issues
	Redirects   []newsletter.Redirect
	FeedIDs     []newsletter.FeedID

	// OldAddresses are where the issues were before, as far as the file says or
	// its name tells. Unlike the Redirects of an export they may be pages of
	// today, and are for whoever imports the file to judge.
	OldAddresses []newsletter.Redirect

	// Complete is whether the file says everything about its issues. Where it
	// is false PublishedAt may be missing, Section.Of and Item.Place always
	// are, and whoever imports the file fills them in.
	Complete bool

	// Warnings name, each with its line, what was kept whole, split or looked
	// odd, in sentences for the person who imports.
	Warnings []string
}

// Read reads one file in the given shape. Its error is one line for the
// report: what is wrong, where the place is known by "line N", and what to do.
// It never reads more than the limits, whatever r holds. The document of a file that
// fails has its shape alone, where that is known.
func Read(r io.Reader, format Format) (Document, error) { return ReadNamed("", r, format) }

// ReadNamed is [Read] for a file whose name is known, which may tell where its
// issue was before.
func ReadNamed(name string, r io.Reader, format Format) (Document, error) {
	buffered := bufio.NewReaderSize(r, detectSize)
	if format == FormatAuto {
		head, err := buffered.Peek(detectSize)
		if err != nil && !errors.Is(err, io.EOF) {
			return Document{}, fmt.Errorf("the file cannot be read: %w", err)
		}
		if format, err = Detect(head); err != nil {
			return Document{}, err
		}
	}
	doc, err := readAs(name, buffered, format)
	doc.Format = format
	return doc, err
}

// readAs reads a file whose shape is told.
func readAs(name string, r io.Reader, format Format) (Document, error) {
	switch format {
	case FormatJSONL:
		return readJSONL(r)
	case FormatMarkdown:
		return readIssue(name, r, format, readMarkdown)
	case FormatDevopsWeekly:
		return readIssue(name, r, format, readDevopsWeekly)
	}
	return Document{}, fmt.Errorf("the format %q is not known; use auto, devops-weekly, markdown or jsonl", format)
}

// readIssue reads a file that holds one issue.
func readIssue(name string, r io.Reader, format Format, read func([]byte, *draft) error) (Document, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return Document{}, fmt.Errorf("the file cannot be read: %w", err)
	}
	if len(data) > MaxFile {
		return Document{}, fmt.Errorf("the file has more than %d MiB; one issue is far smaller, so give another file", MaxFile>>20)
	}
	if blank(string(data)) {
		return Document{}, errEmpty
	}
	d := &draft{lines: map[string]int{}, name: name}
	if err := read(data, d); err != nil {
		return Document{}, err
	}
	if err := d.validate(); err != nil {
		return Document{}, err
	}
	was := d.oldAddresses() // which may add to the warnings
	return Document{
		Format: format, Issues: []newsletter.Issue{d.issue}, OldAddresses: was, Warnings: d.warnings,
		Complete: format == FormatMarkdown,
	}, nil
}

var (
	errEmpty   = errors.New("the file is empty; leave it out")
	errBinary  = errors.New("the file is not text; give the text it was made from")
	errUnknown = errors.New("the shape of the file is not known: it begins with neither front matter (---), mail headers, an issue's number and date nor a JSON object; name its shape with --format")
)

// byteOrderMark stands at the start of files that some editors write.
var byteOrderMark = []byte("\ufeff")

// Detect tells the shape of a file by its first 64 KiB. A file with front
// matter that is not our own Markdown is taken for a Devops Weekly post, whose
// reader then says what it misses.
func Detect(head []byte) (Format, error) {
	head = bytes.TrimPrefix(head, byteOrderMark)
	start := bytes.TrimSpace(head)
	switch {
	case len(start) == 0:
		return "", errEmpty
	case bytes.IndexByte(head, 0) >= 0:
		return "", errBinary
	case start[0] == '{':
		return FormatJSONL, nil
	case ownMarkdown.Match(head):
		return FormatMarkdown, nil
	case bytes.HasPrefix(start, []byte("---")), isMail(head), isLetter(head):
		return FormatDevopsWeekly, nil
	}
	return "", errUnknown
}
