package site

import (
	"context"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

var searchPage = page.Define[searchView]("site/search.html")

// maxQuery is how many characters of a query are used. The longest title has
// 300; what a person types is far below.
const maxQuery = 200

// searchView is the search: empty, without a hit, or with its results.
type searchView struct {
	page.Frame
	Box     page.SearchBox
	Words   string
	Empty   bool // nothing has been published yet
	Cut     bool // the query was longer than maxQuery
	Lead    lead // what was asked for and never printed
	Filters []filter
	All     page.Entry    // all that was found, where nothing is left of it
	Found   string        // how much, or ""
	Hits    template.HTML // of this page
	Intros  template.HTML // found with the first page of these
	Pager   pager
	Browse  []page.Entry // sections, where there is nothing to show
	Sites   []page.Entry // the sites most linked to lately, before anything is searched for
}

// mostLinked is how many sites the empty search offers.
const mostLinked = 12

// readQuery reads a search from a request in its one canonical spelling, and
// whether its words were cut. Whatever is sent, it is bounded and valid UTF-8
// without control characters.
func readQuery(r *http.Request) (q address.Query, cut bool) {
	values := r.URL.Query()
	words := strings.Map(func(c rune) rune {
		if unreadable(c) {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(values.Get("q"), " "))
	words = strings.Join(strings.Fields(words), " ")
	if utf8.RuneCountInString(words) > maxQuery {
		words, cut = strings.TrimSpace(string([]rune(words)[:maxQuery])), true
	}
	q = address.Query{
		Words: words, Section: newsletter.Slug(values.Get("section")), Newest: values.Get("order") == "newest", Page: pageNumber(r),
	}
	if site := siteName(values.Get("site")); !strings.ContainsFunc(site, unreadable) && len(site) <= maxHost {
		q.Site = site
	}
	if year, err := strconv.Atoi(values.Get("year")); err == nil && year > 0 && year < 10_000 {
		q.Year = year
	}
	return q, cut
}

// maxHost is the length of the longest host name (RFC 1035, section 2.3.4).
const maxHost = 255

func (s *Site) search(w http.ResponseWriter, r *http.Request) error {
	q, cut := readQuery(r)
	if q.Page == noPage {
		return newsletter.ErrNotFound
	}
	if !slices.ContainsFunc(s.now.Publication().Sections, func(section newsletter.StandingSection) bool { return section.Slug() == q.Section }) {
		q.Section = "" // invented ones would each be held
	}
	key := address.Search
	if q.Words != "" {
		key = q.Address()
	}
	if cut {
		key += "&cut" // the page says so
	}
	return s.hold(w, r, key, func(ctx context.Context, db snapshot) (answer, error) {
		there, err := straight(ctx, db, q)
		if there.To != "" || err != nil {
			return answer{location: there.To}, err
		}
		span, err := db.Span(ctx)
		if err != nil {
			return answer{}, err
		}
		view := searchView{
			Frame: db.frame("Search", address.Search), Box: searchBox(span, q.Words), Words: q.Words, Cut: cut,
			Empty: span.Newest == 0, Lead: there,
		}
		if q.Words != "" {
			view.Title, view.Path, view.ListPage, view.NoIndex = "Search for "+q.Words, q.Address(), q.Page, true
			err = view.fill(ctx, db, q)
		}
		nothing := view.Hits == "" && view.Intros == ""
		if there.Bare && !nothing {
			view.Lead = lead{}
		}
		if err == nil && nothing {
			err = view.browse(ctx, db)
		}
		if err != nil {
			return answer{}, err
		}
		if q.Words == "" {
			return html(searchPage, view)
		}
		body, err := searchPage.Bytes(view)
		return answer{body: page.FleetingBody(htmlType, body)}, err
	})
}

// browse puts in where else to look: the sections and, before anything is
// searched for, the sites most linked to.
func (v *searchView) browse(ctx context.Context, db snapshot) error {
	if v.Empty {
		return nil
	}
	for _, section := range db.publication.Sections {
		v.Browse = append(v.Browse, sectionEntry(section))
	}
	if v.Words != "" {
		return nil
	}
	sites, err := db.MostLinked(ctx, mostLinked)
	for _, site := range sites {
		v.Sites = append(v.Sites, page.Entry{Title: site.Name, Path: address.Site(site.Name, 1)})
	}
	return err
}

// fill puts in what a query finds. A section that does not exist any more is
// left out of account.
func (v *searchView) fill(ctx context.Context, db snapshot, q address.Query) error {
	title := ""
	for _, section := range db.publication.Sections {
		if section.Slug() == q.Section {
			title = section.Title
		}
	}
	if title == "" {
		q.Section = ""
	}
	results, err := db.Search(ctx, postgres.Query{
		Words: q.Words, Section: title, Year: q.Year, Site: q.Site, Newest: q.Newest, Page: q.Page,
	})
	if err != nil {
		return err
	}
	pager, exists := paged(q.Page, results.Total, func(page int) string {
		q := q
		q.Page = page
		return q.Address()
	})
	if !exists {
		return newsletter.ErrNotFound
	}
	v.Pager = pager
	if results.All > 0 {
		v.Filters = filters(q, title, results)
	}
	if results.All > 0 && results.Total == 0 {
		v.All = page.Entry{Title: "All " + strconv.Itoa(results.All), Path: address.Query{Words: q.Words, Newest: q.Newest, Page: 1}.Address()}
	}
	return v.found(ctx, db, results)
}
