package site

import (
	"context"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
	"golang.org/x/sync/singleflight"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// held keeps finished answers by address, each with the generation it was made
// in. What is older than the public state is made anew when it is asked for;
// it is given once more only while the database cannot be reached.
type held struct {
	answers *otter.Cache[string, answer]
	making  singleflight.Group
	away    atomic.Int64 // until when the database counts as away, in Unix nanoseconds
}

// awayFor is how long nobody waits for a database that was silent, where there
// is something to give instead.
const awayFor = 5 * time.Second

// answer is a body, or a redirect.
type answer struct {
	body       page.Body
	location   string // of a redirect, else ""
	forever    bool   // the redirect holds for good
	generation int64
}

// overhead is about what an answer takes beside its bytes and its address.
const overhead = 512

func newHeld(maxBytes uint64) *held {
	return &held{answers: otter.Must(&otter.Options[string, answer]{
		MaximumWeight: maxBytes,
		Weigher: func(address string, a answer) uint32 {
			return uint32(overhead + len(address) + a.body.Size())
		},
	})}
}

func (a answer) serve(w http.ResponseWriter, r *http.Request) {
	switch {
	case a.location == "":
		a.body.Serve(w, r)
	case a.forever:
		w.Header().Set("Cache-Control", "public, max-age=86400") // an old address may be given another page
		http.Redirect(w, r, a.location, http.StatusPermanentRedirect)
	default:
		w.Header().Set("Cache-Control", "no-cache")
		http.Redirect(w, r, a.location, http.StatusFound)
	}
}

const htmlType = "text/html; charset=utf-8"

// html returns the answer of a page.
func html[T any](p page.Page[T], view T) (answer, error) {
	body, err := p.Bytes(view)
	return answer{body: page.NewBody(htmlType, body)}, err
}

// snapshot is one unchanging state of the database, and the publication.
type snapshot struct {
	*postgres.Store
	publication newsletter.Publication
	site        *Site
	generation  int64 // that it is of, or older
}

// span is the extent of the archive as of a generation.
type span struct {
	postgres.Span
	generation int64
}

// Span returns the extent of the archive. It is looked up once in a generation:
// nearly every page shows it.
func (s snapshot) Span(ctx context.Context) (postgres.Span, error) {
	if known := s.site.span.Load(); known != nil && known.generation == s.generation {
		return known.Span, nil
	}
	found, err := s.Store.Span(ctx)
	if err == nil {
		s.site.span.Store(&span{found, s.generation})
	}
	return found, err
}

// frame returns the frame of a page with its title and canonical path.
func (s snapshot) frame(title, path string) page.Frame {
	return page.Frame{Publication: s.publication, Base: s.site.base, Title: title, Path: path}
}

// compose makes an answer from a snapshot.
type compose func(ctx context.Context, db snapshot) (answer, error)

// makeTime is the most that making an answer may take, with the database slow
// or away. The visitor gets a clear answer within five seconds.
const makeTime = 4 * time.Second

// hold answers with what is held under an address, and makes it first where
// nothing is held, or something from before the last public change. Addresses
// are canonical: whatever else a request carries, it makes no second entry.
// However many ask at once, it is made once; errors are not held.
func (s *Site) hold(w http.ResponseWriter, r *http.Request, address string, compose compose) error {
	generation := s.now.Generation()
	old, found := s.held.answers.GetIfPresent(address)
	if found && (old.generation >= generation || time.Now().UnixNano() < s.held.away.Load()) {
		old.serve(w, r)
		return nil
	}
	began := time.Now()
	made, err, _ := s.held.making.Do(strconv.FormatInt(generation, 10)+address, func() (any, error) {
		// Whoever asked first may leave; the others still wait for the answer.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), makeTime)
		defer cancel()
		return s.make(ctx, address, generation, compose)
	})
	if err != nil {
		if found && page.Status(err) == http.StatusServiceUnavailable {
			if time.Since(began) > time.Second { // a refusal costs nobody time
				s.held.away.Store(time.Now().Add(awayFor).UnixNano())
			}
			old.serve(w, r)
			return nil
		}
		return err
	}
	made.(answer).serve(w, r)
	return nil
}

// Held answers with what is held under the very address that is asked for, as
// it is almost always; next answers everything else. It comes before the router
// and whatever else takes time.
func (s *Site) Held(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			if found, ok := s.held.answers.GetIfPresent(r.RequestURI); ok && found.generation >= s.now.Generation() {
				found.serve(w, r)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// make makes an answer in one snapshot of the database and holds it, unless
// somebody has done so since it was looked for.
func (s *Site) make(ctx context.Context, address string, generation int64, compose compose) (answer, error) {
	if made, found := s.held.answers.GetIfPresent(address); found && made.generation >= generation {
		return made, nil
	}
	var made answer
	err := s.store.View(ctx, func(store *postgres.Store) (err error) {
		made, err = compose(ctx, snapshot{store, s.now.Publication(), s, generation})
		return err
	})
	if err != nil {
		if page.Status(err) != http.StatusServiceUnavailable {
			s.held.answers.Invalidate(address)
		}
		return answer{}, err
	}
	made.generation = generation
	s.held.answers.Set(address, made)
	return made, nil
}
