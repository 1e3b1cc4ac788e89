package desk

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/address"
	"broadsheet/internal/feed"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// ready opens a draft that nothing stands in the way of, and returns its items.
func (w *world) ready(number int) []int64 {
	w.t.Helper()
	must(w.t, w.store.CreateIssue(w.t.Context(), w.ines, newsletter.Issue{Number: number, Date: newsletter.Date{Year: 2026, Month: 11, Day: 15}}, ""))
	ids := []int64{
		w.add(newsletter.Item{Note: "Rope by [us](https://rope.example/x).", Sponsored: true, Links: linkTo("https://rope.example/")}, endOf(number, "Sponsor")),
		w.add(newsletter.Item{Title: "Gulls", Note: "**Counted**.", Links: []newsletter.Link{{URL: "https://gulls.example/new", Text: "The count"}}}, endOf(number, "News")),
		w.add(newsletter.Item{Note: "Bring a coat.", EventOn: newsletter.Date{Year: 2126, Month: 6, Day: 12}, PlaceName: "Bergen"}, endOf(number, "Events")),
	}
	board := w.written(number)
	words := board.Issue()
	words.Intro = "Fog all week.\n\n_Ines, Bergen_"
	must(w.t, w.store.SaveIssue(w.t.Context(), w.ines, number, board.Version, words))
	return ids
}

var (
	articlePattern = regexp.MustCompile(`(?s)<article.*</article>`)
	contentPattern = regexp.MustCompile(`(?s)<content.*</content>`)
)

func TestPreviewIsThePrintedPage(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.ready(413)
	preview := w.get(w.ines, "/desk/issues/413/preview").is(200, "Preview of 413", "Nothing is printed yet", `href="/desk/issues/413"`, `href="/desk/issues/413/publish"`,
		`<meta name="robots" content="noindex">`, "<p>Until Sunday.</p>", "Every issue by mail: ", `<a href="/issues/139" rel="prev">`).lacks("Sign out").Body.String()
	text := w.get(w.ines, "/desk/issues/413/preview?as=text").is(200).Body.String()
	mail := w.get(w.ines, "/desk/issues/413/preview?as=mail").is(200)
	entry := w.get(w.ines, "/desk/issues/413/preview?as=feed").is(200, "<feed ", "<entry>").Body.String()
	if mail.Header().Get("Content-Security-Policy") != letterPolicy || !strings.Contains(preview, `href="/desk/issues/413/preview?as=text"`) {
		t.Error("the preview leads to no text, or its mail is a page like others")
	}
	w.post(w.ines, "/desk/issues/413/publish", form("when", "now")).leads("/desk/issues/413/published")
	out := w.get(w.ines, "/desk/issues/413/published").is(200)
	if out.held("text") != text || out.held("html") != mail.Body.String() {
		t.Errorf("the letter of the preview is not the one that is sent:\n%s", text)
	}
	revision, err := w.store.Revision(t.Context(), 413)
	must(t, err)
	source := feed.Source{Publication: w.now.Publication(), Base: "https://letter.example"}
	atom, err := source.Issues([]feed.Entry{source.Issue(revision)}).Page(1, 1).Atom()
	must(t, err)
	if content := contentPattern.FindString(entry); content == "" || content != contentPattern.FindString(string(atom)) {
		t.Errorf("the entry of the preview is not the one in the feed:\n%s", content)
	}
	printed, err := page.Define[page.Issue]("site/issue.html").Bytes(page.NewIssue(page.Frame{}, revision, 139, 0))
	must(t, err)
	if diff := cmp.Diff(articlePattern.FindString(string(printed)), articlePattern.FindString(preview)); diff != "" || !strings.Contains(preview, "413.3") {
		t.Errorf("the preview is not what was printed:\n%s", diff)
	}
	for _, user := range []newsletter.User{w.tove, w.emil} {
		w.get(user, "/desk/issues/413/preview").is(403)
	}
	w.get(w.ines, "/desk/issues/413/preview").leads("/issues/413")
	w.get(w.ines, "/desk/issues/7/preview").is(404)
}

// version returns the fingerprint that the publish page carries.
func (w *world) version(number int) string {
	w.t.Helper()
	body := w.get(w.ines, address.DeskIssueTo(number, "publish")).Body.String()
	found := regexp.MustCompile(`name="version" value="([0-9a-f]+)"`).FindStringSubmatch(body)
	if found == nil {
		w.t.Fatalf("the page has no version:\n%s", body)
	}
	return found[1]
}

func TestPublish(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.ready(413)
	generation := w.now.Generation()
	w.get(w.ines, "/desk/issues/413/publish").is(200, "Publishing prints 413", "Sunday, 15 November 2026", "three items in three sections",
		"The printed date is 15 November 2026, which is not the day of publication", `href="/desk/issues/413?edit=head#date"`, "<button class=\"button\">Publish 413</button>").lacks("In the way", "override")
	version := w.version(413)
	w.post(w.osman, "/desk/issues/413/publish", form("when", "now", "version", version)).leads("/desk/issues/413/published") // Ines changed it last
	w.get(w.ines, "/desk/issues/413/published").is(200, "<h1>413 is out</h1>", `href="/issues/413"`, "just now")
	if w.now.Generation() == generation {
		t.Error("this process does not know of it yet")
	}
	if board := w.written(413); board.State != newsletter.Published || board.Sections[1].Items[0].Place != 2 {
		t.Errorf("the board is %+v", board)
	}
	w.post(w.ines, "/desk/issues/413/publish", form("when", "now", "version", version)).is(409, "413 is out already", "Osman published it", "just now")
	w.get(w.osman, "/desk/issues/413/publish").leads("/desk/issues/413/published")
	w.get(w.ines, "/desk/issues/413").is(200, "Published", "413.2").lacks("Before publishing")
}

func TestPublishingAtOnceHappensOnce(t *testing.T) {
	w := newWorld(t)
	w.ready(413)
	version := w.version(413)
	codes := make([]int, 4)
	var all sync.WaitGroup
	for i, user := range []newsletter.User{w.ines, w.osman, w.ines, w.osman} {
		all.Go(func() {
			codes[i] = w.post(user, "/desk/issues/413/publish", form("when", "now", "version", version)).Code
		})
	}
	all.Wait()
	count := map[int]int{}
	for _, code := range codes {
		count[code]++
	}
	if count[http.StatusSeeOther] != 1 || count[http.StatusConflict] != 3 {
		t.Errorf("the answers are %v", codes)
	}
}

func TestPublishSaysWhatIsInTheWay(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.draft(413)
	w.get(w.ines, "/desk/issues/413/publish").is(200, "The issue has no items", `href="/desk/issues/413#inbox"`, "The introduction is empty", `href="/desk/issues/413?edit=intro#intro"`, `name="override"`)
	bare := w.add(newsletter.Item{Title: "Ferry", Links: linkTo("https://ferry.example/")}, endOf(413, "News"))
	past := w.add(newsletter.Item{Note: "A regatta.", EventOn: newsletter.Date{Year: 2020, Month: 6, Day: 12}}, endOf(413, "Events"))
	again := w.add(newsletter.Item{Note: "Gulls.", Links: linkTo("https://gulls.example/139")}, endOf(413, "News"))
	at := func(id int64) string { return fmt.Sprintf(`href="/desk/issues/413#item-%d"`, id) }
	w.get(w.ines, "/desk/issues/413/publish").is(200, "In the way", at(bare), "has no note", at(past), "ended on 12 June 2020", at(again), `<a href="/issues/139#2">139.2</a>`)

	w.post(w.ines, "/desk/issues/413/publish", form("when", "now", "version", w.version(413))).
		is(422, "<title>Error: Publish 413", "Why publish all the same is empty", "has no note")
	w.post(w.ines, "/desk/issues/413/publish", form("when", "now", "version", w.version(413), "override", "   ")).is(422)
	w.post(w.ines, "/desk/issues/413/publish", form("when", "now", "version", w.version(413), "override", strings.Repeat("x", 301))).is(422, "has 301 characters", "xxxx")
	w.post(w.ines, "/desk/issues/413/publish", form("when", "now", "override", "a\x00b")).is(422, "holds characters", "a\uFFFDb")
	w.post(w.ines, "/desk/issues/413/publish", form("when", "tomorrow")).is(422, "When is neither now nor at a time")
	w.postKept(w.ines, "/desk/issues/413/publish", form("when", "now", "override", "It is short.")).is(200, `value="It is short."`)
	if w.written(413).State != newsletter.Draft {
		t.Fatal("it was published all the same")
	}
	w.post(w.ines, "/desk/issues/413/publish", form("when", "now", "version", w.version(413), "override", "It is short.")).leads("/desk/issues/413/published")
	w.get(w.osman, "/desk/activity").is(200, "413, overriding: It is short.")
}

func TestPublishPrintsWhatWasSeen(t *testing.T) {
	w := newWorld(t)
	ids := w.ready(413)
	version := w.version(413)
	must(t, w.store.MoveItem(t.Context(), w.emil, ids[1], postgres.Target{Issue: 413, Section: "Tools", After: postgres.Last}, w.written(413).Order))
	w.post(w.ines, "/desk/issues/413/publish", form("when", "now", "version", version, "override", "Kept.")).
		is(409, "413 has changed since you looked", "Nothing was published", `name="version" value="`).lacks(`value="` + version + `"`)
	if w.written(413).State != newsletter.Draft {
		t.Error("it was published all the same")
	}
}

func TestPublishIsForCurators(t *testing.T) {
	w := newWorld(t)
	w.ready(413)
	for _, user := range []newsletter.User{w.tove, w.emil} {
		w.post(user, "/desk/issues/413/publish", form("when", "now")).is(403)
		w.get(user, "/desk/issues/413/publish").is(403)
	}
	w.get(w.ines, "/desk/issues/413/published").is(404)
	w.get(w.ines, "/desk/issues/7/publish").is(404)
	w.post(w.ines, "/desk/issues/7/publish", form("when", "now")).is(404)
}

func TestTextsThatCannotBePrintedAreNamed(t *testing.T) {
	w := newWorld(t)
	ids := w.ready(413)
	_, err := w.pool.Exec(t.Context(), "UPDATE items SET note = $2 WHERE id = $1", ids[1], strings.Repeat("> ", 12)+"deep")
	must(t, err)
	w.get(w.ines, "/desk/issues/413/preview").leads("/desk/issues/413/publish")
	w.get(w.ines, "/desk/issues/413/publish").is(200, "413.2 the text has quotations")
	w.post(w.ines, "/desk/issues/413/publish", form("when", "now", "version", w.version(413))).is(422, "413.2 the text has quotations")
	w.get(w.ines, "/desk/issues/413").is(200, "deep")
	if time.Since(w.written(413).PublishedAt) < time.Hour {
		t.Error("it was published all the same")
	}
}

// TestThePublishPageNamesWhoIsTold, by the host alone: the rest of the address is
// a secret.
func TestThePublishPageNamesWhoIsTold(t *testing.T) {
	w := newWorld(t)
	w.ready(413)
	w.get(w.ines, "/desk/issues/413/publish").is(200, "the search show it at once, and its number").lacks("is told")
	w.post(w.osman, "/desk/webhook", form("address", "https://hooks.example/T0/secret-path")).secretOn()
	w.get(w.ines, "/desk/issues/413/publish").is(200, "the search show it at once, hooks.example is told, and its number").lacks("secret-path")
}
