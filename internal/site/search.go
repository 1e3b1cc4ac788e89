package site

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"
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
	Filters []page.Entry
	Groups  []group
	Pager   pager
	Browse  []page.Entry // sections, where there is nothing to show
	Sites   []page.Entry // the sites most linked to, before anything is searched for
}

// mostLinked is how many sites the empty search offers.
const mostLinked = 12

// query is a search as it is asked for, in its one canonical spelling.
type query struct {
	words  string
	cut    bool
	slug   string
	newest bool
	page   int
}

// readQuery reads a search from a request. Whatever is sent, it is bounded and
// valid UTF-8 without control characters.
func readQuery(r *http.Request) query {
	values := r.URL.Query()
	words := strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || c == utf8.RuneError {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(values.Get("q"), " "))
	words = strings.Join(strings.Fields(words), " ")
	q := query{slug: newsletter.Slug(values.Get("section")), newest: values.Get("order") == "newest", page: pageNumber(r)}
	if utf8.RuneCountInString(words) > maxQuery {
		words, q.cut = strings.TrimSpace(string([]rune(words)[:maxQuery])), true
	}
	q.words = words
	return q
}

// at returns the address of another page of the same search.
func (q query) at(page int) string { return address.SearchFor(q.words, q.slug, q.newest, page) }

func (s *Site) search(w http.ResponseWriter, r *http.Request) error {
	q := readQuery(r)
	if !slices.ContainsFunc(s.now.Publication().Sections, func(section newsletter.StandingSection) bool { return section.Slug() == q.slug }) {
		q.slug = "" // invented ones would each be held
	}
	key := address.Search
	if q.words != "" {
		key = q.at(q.page)
	}
	if q.cut {
		key += "&cut" // the page says so
	}
	return s.hold(w, r, key, func(ctx context.Context, db snapshot) (answer, error) {
		span, err := db.Span(ctx)
		if err != nil {
			return answer{}, err
		}
		view := searchView{
			Frame: db.frame("Search", address.Search), Box: searchBox(span, q.words), Words: q.words, Cut: q.cut,
			Empty: span.Issues == 0,
		}
		if q.words != "" {
			view.Title, view.NoIndex = "Search for "+q.words, true
			err = view.fill(ctx, db, q)
		}
		if err == nil && len(view.Groups) == 0 {
			err = view.browse(ctx, db)
		}
		if err != nil {
			return answer{}, err
		}
		return html(searchPage, view)
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
	sites, err := db.Sites(ctx, mostLinked)
	for _, site := range sites {
		v.Sites = append(v.Sites, page.Entry{Title: site.Name, Path: address.Site(site.Name, 1)})
	}
	return err
}

// fill puts in what a query finds. A section that does not exist any more is
// left out of account.
func (v *searchView) fill(ctx context.Context, db snapshot, q query) error {
	title := ""
	for _, section := range db.publication.Sections {
		if section.Slug() == q.slug {
			title = section.Title
		}
	}
	if title == "" {
		q.slug = ""
	}
	results, err := db.Search(ctx, postgres.Query{Words: q.words, Section: title, Newest: q.newest, Page: q.page})
	if err != nil {
		return err
	}
	pager, exists := paged(q.page, results.Total, q.at)
	if !exists {
		return newsletter.ErrNotFound
	}
	v.Pager = pager
	if results.All > 0 {
		v.Filters = filters(q, results)
	}
	if len(results.Hits) > 0 {
		v.Groups = []group{{Name: resultCount(results.Total), Items: hits(results.Hits)}}
	}
	return nil
}

// filters are the sections a search found something in, with counts, and the
// other order.
func filters(q query, results postgres.Results) []page.Entry {
	entries := []page.Entry{{
		Title: "All " + strconv.Itoa(results.All),
		Path:  address.SearchFor(q.words, "", q.newest, 1), Here: q.slug == "",
	}}
	for _, section := range results.Sections {
		slug := newsletter.Slug(section.Name)
		entries = append(entries, page.Entry{
			Title: section.Name + " " + strconv.Itoa(section.Items),
			Path:  address.SearchFor(q.words, slug, q.newest, 1), Here: q.slug == slug,
		})
	}
	order := "Newest first"
	if q.newest {
		order = "Best first"
	}
	return append(entries, page.Entry{Title: order, Path: address.SearchFor(q.words, q.slug, !q.newest, 1)})
}

func resultCount(n int) string {
	if n == 1 {
		return "1 result"
	}
	return strconv.Itoa(n) + " results"
}

// hits returns what was found as it is listed, with the matches marked.
func hits(hits []postgres.Hit) []listed {
	items := make([]postgres.Found, len(hits))
	for i, hit := range hits {
		items[i] = hit.Found
	}
	out := list(items, "")
	for i, hit := range hits {
		out[i].Found = &found{pieces(hit.Title), pieces(hit.Note)}
	}
	return out
}
