package site

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

var archivePage = page.Define[archiveView]("site/archive.html")

// archiveView is the archive: one year as lines, others as drawers of numbers.
type archiveView struct {
	page.Frame
	Box     page.SearchBox
	Years   []page.Entry
	Open    yearOfIssues
	Drawers []drawer
}

// Empty reports whether nothing was ever published.
func (v archiveView) Empty() bool { return len(v.Years) == 0 }

// Structured says to search engines what a year's page lists: its issues. The
// archive's own page is told as it is.
func (v archiveView) Structured() *page.Structured {
	if v.Path == address.Archive {
		return v.Frame.Structured()
	}
	var list []page.Structured
	for _, issue := range v.Open.Issues {
		list = append(list, page.Structured{URL: v.Base.Absolute(address.Issue(issue.Number))})
	}
	return v.Listing([]page.Entry{{Title: "Archive", Path: address.Archive}}, list)
}

// yearOfIssues is a year whose issues stand each on a line; those beyond
// maxLines are in a drawer.
type yearOfIssues struct {
	Year   int
	Issues []postgres.Head
	Rest   drawer
}

// drawer is a year's numbers by month.
type drawer struct {
	Year   int
	Months []month
}

// month is the numbers of one month, ascending.
type month struct {
	Name    time.Month
	Numbers []int
}

// Short returns the month's name in three letters, as the archive prints it.
func (m month) Short() string { return m.Name.String()[:3] }

// Bounds of one page of the archive, so that it stays small in an archive of
// any size. A weekly has 53 issues in a year and fills the drawers in 28 years.
const (
	maxLines   = 120
	maxNumbers = 1500
)

func (s *Site) archive(w http.ResponseWriter, r *http.Request) error {
	return s.hold(w, r, address.Archive, func(ctx context.Context, db snapshot) (answer, error) {
		span, err := db.Span(ctx)
		if err != nil {
			return answer{}, err
		}
		frame := db.frame("Archive", address.Archive)
		frame.Description = fmt.Sprintf("Every issue of %s, by year.", frame.Name())
		out := archiveView{Frame: frame, Box: searchBox(span, ""), Years: years(span, 0)}
		if len(span.Years) == 0 {
			return html(archivePage, out)
		}
		out.Years[0].Here = true
		if out.Open, err = openYear(ctx, db.Store, span.Years[0]); err != nil {
			return answer{}, err
		}
		out.Drawers, err = drawers(ctx, db.Store, span.Years[0])
		if err != nil {
			return answer{}, err
		}
		return html(archivePage, out)
	})
}

func (s *Site) year(w http.ResponseWriter, r *http.Request) error {
	year, err := newsletter.ParseNumber(chi.URLParam(r, "year"))
	if err != nil || year > 9999 {
		return s.missing(w, r)
	}
	return s.hold(w, r, address.Year(year), func(ctx context.Context, db snapshot) (answer, error) {
		span, err := db.Span(ctx)
		if err != nil {
			return answer{}, err
		}
		open, err := openYear(ctx, db.Store, year)
		if err != nil {
			return answer{}, err
		}
		if len(open.Issues) == 0 {
			return answer{}, newsletter.ErrNotFound
		}
		frame := db.frame("Archive of "+strconv.Itoa(year), address.Year(year))
		frame.Description = fmt.Sprintf("Every issue of %s in %d.", frame.Name(), year)
		return html(archivePage, archiveView{
			Frame: frame, Box: searchBox(span, ""), Years: years(span, year), Open: open,
		})
	})
}

// years returns the line of years, newest first.
func years(span postgres.Span, here int) []page.Entry {
	entries := make([]page.Entry, len(span.Years))
	for i, year := range span.Years {
		entries[i] = page.Entry{Title: strconv.Itoa(year), Path: address.Year(year), Here: year == here}
	}
	return entries
}

func openYear(ctx context.Context, store *postgres.Store, year int) (yearOfIssues, error) {
	heads, err := store.HeadsOfYear(ctx, year)
	if err != nil {
		return yearOfIssues{}, err
	}
	lines := min(len(heads), maxLines)
	return yearOfIssues{year, heads[:lines], drawerOf(year, heads[lines:])}, nil
}

// drawers returns the years before one as drawers, whole years up to maxNumbers.
// Years beyond are reached by the line of years.
func drawers(ctx context.Context, store *postgres.Store, before int) ([]drawer, error) {
	months, err := store.MonthsBefore(ctx, before, maxNumbers+1)
	var out []drawer
	numbers := 0
	for _, m := range months {
		if len(out) == 0 || out[len(out)-1].Year != m.Year {
			out = append(out, drawer{Year: m.Year})
		}
		last := &out[len(out)-1]
		last.Months = append(last.Months, month{m.Month, m.Numbers})
		numbers += len(m.Numbers)
	}
	if numbers > maxNumbers { // and the earliest year is not all there
		out = out[:len(out)-1]
	}
	return out, err
}

// drawerOf puts issues, newest first, into a drawer: months from January on,
// numbers ascending.
func drawerOf(year int, heads []postgres.Head) drawer {
	var numbers [13][]int
	for i := len(heads) - 1; i >= 0; i-- {
		m := heads[i].Date.Month
		numbers[m] = append(numbers[m], heads[i].Number)
	}
	d := drawer{Year: year}
	for name := time.January; name <= time.December; name++ {
		if len(numbers[name]) > 0 {
			d.Months = append(d.Months, month{name, numbers[name]})
		}
	}
	return d
}
