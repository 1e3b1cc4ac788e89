package exchange

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"broadsheet/internal/newsletter"
)

// readJSONL reads JSON lines one by one. A field or a type of line that it does
// not know is an error: leaving it out would lose something.
func readJSONL(r io.Reader) (Document, error) {
	limited := &io.LimitedReader{R: r, N: MaxJSONL + 1}
	scanner := bufio.NewScanner(limited)
	scanner.Buffer(make([]byte, 0, detectSize), MaxFile)
	reader := lineReader{document: Document{Format: FormatJSONL, Complete: true}, numbers: map[int]int{}}
	for no := 1; scanner.Scan(); no++ {
		data := scanner.Bytes()
		if no == 1 {
			data = bytes.TrimPrefix(data, byteOrderMark)
		}
		if data = bytes.TrimSpace(data); len(data) == 0 {
			continue
		}
		if err := reader.line(no, data); err != nil {
			return Document{}, fmt.Errorf("line %d: %w", no, err)
		}
		reader.lines = no
	}
	switch err := scanner.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return Document{}, fmt.Errorf("line %d: the line has more than %d MiB; give one object per line", reader.lines+1, MaxFile>>20)
	case err != nil:
		return Document{}, fmt.Errorf("the file cannot be read: %w", err)
	case limited.N <= 0:
		return Document{}, fmt.Errorf("the file has more than %d MiB; split it at its lines", MaxJSONL>>20)
	case reader.lines == 0:
		return Document{}, errEmpty
	}
	return reader.document, nil
}

// lineReader collects what JSON lines hold.
type lineReader struct {
	document Document
	lines    int         // the last one with an object
	numbers  map[int]int // line of each issue, by number
}

func (l *lineReader) line(no int, data []byte) error {
	if bytes.IndexByte(data, 0) >= 0 {
		return errBinary
	}
	if !utf8.Valid(data) {
		return errors.New("the text is not UTF-8; save it as UTF-8")
	}
	var head struct {
		Type string `json:"type"`
	}
	if err := plainJSON(json.Unmarshal(data, &head)); err != nil {
		return err
	}
	switch head.Type {
	case "publication":
		return l.publication(data)
	case "issue":
		return l.issue(no, data)
	case "item":
		return l.item(data)
	case "redirect":
		return l.redirect(data)
	case "feed_id":
		return l.feedID(data)
	}
	return fmt.Errorf("the type %q is not known; it is publication, issue, item, redirect or feed_id", clip(head.Type))
}

func (l *lineReader) publication(data []byte) error {
	var record publicationRecord
	if err := strictJSON(data, &record); err != nil {
		return err
	}
	if l.document.Publication != nil {
		return errors.New("this is a second publication; a file holds one, so split it")
	}
	p := newsletter.Publication{
		Name: record.Name, Tagline: record.Tagline, Description: record.Description, About: record.About,
		Closing: record.Closing, Contact: record.Contact, Subscribe: record.Subscribe, Language: record.Language,
		TimeZone: record.TimeZone, Weekday: record.Weekday, Hour: record.Hour, Blockers: record.Blockers,
		Accent: newsletter.Accent{Light: record.AccentLight, Dark: record.AccentDark},
	}
	for _, s := range record.Sections {
		p.Sections = append(p.Sections, newsletter.StandingSection{Title: s.Title, Kind: s.Kind})
	}
	l.document.Publication = &p
	return firstWrong(p.Validate())
}

func (l *lineReader) issue(no int, data []byte) error {
	var record issueRecord
	if err := strictJSON(data, &record); err != nil {
		return err
	}
	if before, seen := l.numbers[record.Number]; seen {
		return fmt.Errorf("issue %d is in line %d too; take one of them out", record.Number, before)
	}
	l.numbers[record.Number] = no
	issue, err := record.issue()
	if err != nil {
		return err
	}
	l.document.Issues = append(l.document.Issues, issue)
	return firstWrong(issue.Validate())
}

func (r issueRecord) issue() (newsletter.Issue, error) {
	issue := newsletter.Issue{
		Number: r.Number, Date: r.Date, Title: r.Title, Summary: r.Summary, State: r.State,
		ScheduledAt: r.ScheduledAt.Time, PublishedAt: r.PublishedAt.Time, Intro: r.Intro,
	}
	for _, s := range r.Sections {
		section := newsletter.Section{Title: s.Title, Kind: s.Kind, Of: s.Of}
		for _, item := range s.Items {
			place, err := item.Mark.placeIn(r.Number)
			if err != nil {
				return issue, err
			}
			section.Items = append(section.Items, newsletter.Item{
				Place: place, Title: item.Title, Note: item.Note, Links: absent(item.Links), Sponsored: item.Sponsored,
				EventOn: item.EventOn, EventUntil: item.EventUntil, PlaceName: item.PlaceName, State: newsletter.Placed,
			})
		}
		issue.Sections = append(issue.Sections, section)
	}
	for _, c := range r.Corrections {
		place, err := c.Mark.placeIn(r.Number)
		if err != nil {
			return issue, err
		}
		if c.At.IsZero() {
			return issue, errNoTime
		}
		issue.Corrections = append(issue.Corrections, newsletter.Correction{At: c.At.Time, Place: place, Sentence: c.Sentence})
	}
	for _, mark := range r.Withdrawn {
		place, err := mark.placeIn(r.Number)
		if err != nil {
			return issue, err
		}
		issue.Withdrawn = append(issue.Withdrawn, place)
	}
	return issue, nil
}

func (l *lineReader) item(data []byte) error {
	var r itemRecord
	if err := strictJSON(data, &r); err != nil {
		return err
	}
	item := newsletter.Item{
		State: r.State, Reason: r.Reason, Title: r.Title, Note: r.Note, Links: absent(r.Links),
		SubmittedBy: r.SubmittedBy, SubmittedAt: r.SubmittedAt.Time,
		Sponsored: r.Sponsored, EventOn: r.EventOn, EventUntil: r.EventUntil, PlaceName: r.PlaceName,
	}
	if !item.State.Loose() {
		return fmt.Errorf("the state %q is none of an item outside issues; it is inbox, held or declined", clip(string(item.State)))
	}
	l.document.Items = append(l.document.Items, item)
	return firstWrong(item.Validate())
}

func (l *lineReader) redirect(data []byte) error {
	var r redirectRecord
	if err := strictJSON(data, &r); err != nil {
		return err
	}
	redirect := newsletter.Redirect{From: r.From, To: r.To}
	l.document.Redirects = append(l.document.Redirects, redirect)
	return firstWrong(redirect.Validate())
}

func (l *lineReader) feedID(data []byte) error {
	var r feedIDRecord
	if err := strictJSON(data, &r); err != nil {
		return err
	}
	id := newsletter.FeedID{Issue: r.Issue, ID: r.ID}
	l.document.FeedIDs = append(l.document.FeedIDs, id)
	return firstWrong(id.Validate())
}

var errNoTime = errors.New("a correction has no time; add one such as \"at\":\"2013-09-01T11:45:10Z\"")

// absent returns links that are nil where there are none, as everywhere else.
func absent(links []newsletter.Link) []newsletter.Link {
	if len(links) == 0 {
		return nil
	}
	return links
}

// firstWrong returns the first thing that is wrong, as one is enough for a line.
func firstWrong(err error) error {
	if wrong, ok := errors.AsType[newsletter.Invalid](err); ok {
		return wrong[:1]
	}
	return err
}

// strictJSON reads data, one JSON value and nothing else, into v. Unknown
// fields are errors.
func strictJSON(data []byte, v any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := plainJSON(decoder.Decode(v)); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something stands behind the JSON object; give one object per line")
	}
	return nil
}

// plainJSON turns an error of package json into words for the report.
func plainJSON(err error) error {
	wrong, isType := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF), strings.HasSuffix(err.Error(), "unexpected end of JSON input"):
		return errors.New("the JSON breaks off; if the file was cut, give the whole")
	case isType:
		return fmt.Errorf("the field %q cannot be %s; correct it", wrong.Field, wrong.Value)
	case strings.HasPrefix(err.Error(), "json: unknown field "):
		return fmt.Errorf("the field %s is not known; take it out", strings.TrimPrefix(err.Error(), "json: unknown field "))
	}
	return fmt.Errorf("the JSON cannot be read (%s); correct it", clip(strings.TrimPrefix(err.Error(), "json: ")))
}
