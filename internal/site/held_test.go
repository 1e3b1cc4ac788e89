package site

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/page"
)

func TestEverythingTurnsOverTogether(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	pages := []string{"/", "/archive", "/sections/news", "/search?q=gulls", "/feed.xml", "/atom.xml", "/sitemap.xml", "/issues/139"}
	for _, target := range pages {
		if body := w.get(target); strings.Contains(body, "140") {
			t.Fatalf("%s knows of 140 before it is out", target)
		}
	}
	w.publish(newslettertest.Issue(140))
	for _, target := range pages {
		if body := w.get(target); !strings.Contains(body, "140") {
			t.Errorf("%s does not know of 140", target)
		}
	}
}

func TestHeldPagesAnswerWithoutTheDatabase(t *testing.T) {
	cable := newCable(t)
	w := worldOn(t, cable.pool, newslettertest.Issue(139))
	held := []string{"/", "/issues/139", "/archive", "/search?q=gulls", "/feed.xml"}
	before := map[string]string{}
	for _, target := range held {
		before[target] = w.get(target)
	}
	cable.Cut()
	for _, target := range held {
		if w.get(target) != before[target] {
			t.Errorf("%s is another page with the database away", target)
		}
	}
	for _, target := range []string{"/about", "/issues/138", "/nothing"} {
		answer := w.ask(http.MethodGet, target, nil)
		if answer.Code != http.StatusServiceUnavailable || answer.Header().Get("Retry-After") == "" || !strings.Contains(answer.Body.String(), "The Harbour Letter") {
			t.Errorf("%s: %d, want a 503 page in the publication's frame\n%s", target, answer.Code, answer.Body)
		}
	}
	cable.cut.Store(false)
	w.get("/about")
}

// Something was published, and then the database went away before the page
// was made again: yesterday's page is better than none.
func TestOldPagesAnswerOnlyWhileTheDatabaseIsAway(t *testing.T) {
	cable := newCable(t)
	w := worldOn(t, cable.pool, newslettertest.Issue(139))
	before := w.get("/")
	w.publish(newslettertest.Issue(140))
	cable.Cut()
	if w.get("/") != before {
		t.Error("another page than the one that was held")
	}
	cable.cut.Store(false)
	w.holds("/", `id="number">140<`)
}

func TestWhatIsGoneIsNotHeld(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	var err error
	compose := func(context.Context, snapshot) (answer, error) {
		return answer{body: page.NewBody("text/plain", []byte("here"))}, err
	}
	ask := func() error {
		return w.site.hold(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/x", nil), "/x", compose)
	}
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	err = newsletter.ErrGone
	if err := ask(); err != nil {
		t.Errorf("held, but %v", err)
	}
	w.publish(newslettertest.Issue(140))
	if err := ask(); !errors.Is(err, newsletter.ErrGone) {
		t.Errorf("%v, want gone", err)
	}
	if _, found := w.site.held.answers.GetIfPresent("/x"); found {
		t.Error("a page that is gone is still held")
	}
}

func TestManyAskAndItIsMadeOnce(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	const readers = 40
	var made atomic.Int32
	waiting := make(chan struct{}, readers)
	compose := func(context.Context, snapshot) (answer, error) {
		made.Add(1)
		for range readers {
			<-waiting
		}
		return answer{body: page.NewBody("text/plain", []byte("words"))}, nil
	}
	var all sync.WaitGroup
	for range readers {
		all.Go(func() {
			waiting <- struct{}{}
			recorder := httptest.NewRecorder()
			err := w.site.hold(recorder, httptest.NewRequest(http.MethodGet, "/x", nil), "/x", compose)
			if err != nil || recorder.Body.String() != "words" {
				t.Errorf("%q, %v", recorder.Body, err)
			}
		})
	}
	all.Wait()
	if made.Load() != 1 {
		t.Errorf("made %d times, want once", made.Load())
	}
}

func TestOddQueriesMakeNoEntries(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	for _, target := range []string{"/issues/139?a=1", "/issues/139?b=2", "/issues/139?page=9", "/sections/news?y=2",
		"/sections/news?x=1", "/search?q=gulls", "/search?q=%20gulls+&utm=1", "/search?order=best&q=gulls", "/search?q=gulls&page=1", "/search?q=+",
		"/search?q=gulls&section=junk", "/search?q=gulls&section=more+junk"} {
		w.get(target)
	}
	for _, target := range []string{"/sections/news?page=abc", "/sections/news?page=-4", "/sections/news?page=01", "/search?q=gulls&page=-4"} {
		if answer := w.ask(http.MethodGet, target, nil); answer.Code == http.StatusOK {
			t.Errorf("%s is a page", target)
		}
	}
	w.site.held.answers.CleanUp()
	var keys []string
	for key := range w.site.held.answers.Keys() {
		keys = append(keys, key)
	}
	if len(keys) != 4 { // the issue, the section, the search, the empty search
		t.Errorf("held are %q, want 4", keys)
	}
}

func TestHeldAnswersAreBounded(t *testing.T) {
	const bound = 200_000
	held := newHeld(bound)
	body := page.NewBody("text/plain", make([]byte, 5_000))
	for i := range 1000 {
		held.answers.Set(strconv.Itoa(i), answer{body: body})
	}
	held.answers.CleanUp()
	if size := held.answers.WeightedSize(); size > bound || size < bound/2 {
		t.Errorf("%d bytes are held, want at most %d and not much less", size, bound)
	}
}

func TestConditionalRequests(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	for _, target := range []string{"/", "/issues/139", "/feed.xml", "/issues/139.md", "/search?q=gulls"} {
		first := w.ask(http.MethodGet, target, nil)
		etag := first.Header().Get("Etag")
		again := w.ask(http.MethodGet, target, http.Header{"If-None-Match": {etag}})
		if etag == "" || again.Code != http.StatusNotModified || again.Body.Len() != 0 {
			t.Errorf("%s: %d with the tag %q", target, again.Code, etag)
		}
		head := w.ask(http.MethodHead, target, nil)
		if head.Code != http.StatusOK || head.Body.Len() != 0 || head.Header().Get("Etag") != etag {
			t.Errorf("HEAD %s: %d, %d bytes", target, head.Code, head.Body.Len())
		}
		if header := first.Header(); header.Get("Set-Cookie") != "" || header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: %v", target, header)
		}
	}
	before := w.ask(http.MethodGet, "/", nil).Header().Get("Etag")
	w.publish(newslettertest.Issue(140))
	if after := w.ask(http.MethodGet, "/", http.Header{"If-None-Match": {before}}); after.Code != http.StatusOK {
		t.Errorf("a new page: %d for the old tag", after.Code)
	}
}
