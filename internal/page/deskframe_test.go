package page

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
)

// testDesk is a page of the desk that is one form.
type testDesk struct {
	DeskFrame
	Form Form
}

// deskTest is any page of its shape.
var deskTest = Define[testDesk]("account/set_up.html")

func deskBody(t *testing.T, view testDesk) string {
	t.Helper()
	body, err := deskTest.Bytes(view)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func lacks(t *testing.T, body string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(body, text) {
			t.Errorf("the page has %q:\n%s", text, body)
		}
	}
}

func has(t *testing.T, body string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(body, text) {
			t.Errorf("the page lacks %q:\n%s", text, body)
		}
	}
}

func TestDeskFrame(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/desk/inbox", nil)
	who := newsletter.User{ID: 7, Name: "Wren <Moss>", Role: newsletter.Owner, Theme: newsletter.ThemeDark}
	frame := NewDeskFrame(r.WithContext(WithUser(r.Context(), who)), Frame{Publication: newslettertest.Publication()}, "Inbox")
	frame.Draft, frame.Inbox = 413, 9
	has(t, deskBody(t, testDesk{DeskFrame: frame}),
		`<html lang="en" data-theme="dark">`, "<title>Inbox · The Harbour Letter</title>", `content="noindex"`,
		`<a href="/desk/issues/413">Issue 413</a>`, `<a href="/desk/inbox" aria-current="page">Inbox 9</a>`, `<a href="/desk/people">People</a>`,
		`<form class="paste" action="/desk/items/new" method="get"`, `name="url"`, "Wren &lt;Moss&gt;", `<form action="/sign-out" method="post">`, `<a href="/desk/activity">Activity</a>`)
	frame.User.Role, frame.Draft, frame.Inbox = newsletter.Contributor, 0, 0
	body := deskBody(t, testDesk{DeskFrame: frame})
	lacks(t, body, "/desk/people", "/desk/settings", "/desk/activity", "/desk/sections")
	has(t, body, `<a href="/desk">Desk</a>`, ">Inbox</a>")
	lacks(t, deskBody(t, testDesk{DeskFrame: NewDeskFrame(r, Frame{}, "Sign in")}), `href="/desk`, "/desk/", "/sign-out", "paste")
}

func TestProblemsComeFirst(t *testing.T) {
	fields := []Field{{Name: "title", Label: "Title", Hint: "Short."}, {Name: "url", ID: "url-2", Label: "Second link", Value: "javascript:x"}}
	problems := Mark(fields, newsletter.Invalid{
		{Field: "url", Message: "is not a web address"}, {Field: "title", Message: "is empty; give one"},
		{Field: "title", Message: "is bad besides"}, {Field: "event_on", Message: "is missing"}, {Message: "E-mail or password is not right."},
	})
	want := []Problem{
		{"title", "Title is empty; give one"}, {"url-2", "Second link is not a web address"},
		{"main", "Title is bad besides"}, {"main", "Event on is missing"}, {"main", "E-mail or password is not right."},
	}
	if diff := cmp.Diff(want, problems); diff != "" {
		t.Error(diff)
	}
	view := testDesk{DeskFrame{Frame: Frame{Title: "Item"}, Problems: problems}, Form{Action: "/there", Fields: fields, Button: "Save"}}
	body := deskBody(t, view)
	has(t, body, "<title>Error: Item</title>", `<a href="#url-2">Second link is not a web address</a>`, `<input type="text" id="url-2" name="url" value="javascript:x" aria-describedby="url-2-wrong" aria-invalid="true">`,
		`<p class="wrong" id="title-wrong"><span class="hidden">Error: </span>Title is empty; give one</p>`, `aria-describedby="title-hint title-wrong"`)
	if strings.Index(body, "There is a problem") > strings.Index(body, "<h1>") {
		t.Error("the summary stands below the heading")
	}
	if view.Status() != http.StatusUnprocessableEntity || (DeskFrame{}).Status() != http.StatusOK {
		t.Error("the status does not follow the problems")
	}
}

func TestFieldsAsControls(t *testing.T) {
	form := Form{Action: "/there?a=1&b=2", Hidden: []Hidden{{"version", "3"}}, Button: "Save", Fields: []Field{
		{Name: "note", Label: "Note", Rows: 6, Printed: true, Value: "\n<b>one</b>"},
		{Name: "section", Label: "Section", Options: Choose("b", Option{Value: "a", Label: "A"}, Option{Value: "b", Label: "B"})},
		{Name: "theme", Label: "Look", Type: "radio", Options: Choose("x", Option{Value: "x", Label: "X"}, Option{Value: "y", Label: "Y"})},
		{Name: "sponsored", Label: "Paid", Type: "checkbox", Checked: true},
		{Name: "password", Label: "Password", Type: "password", Value: "never shown"},
	}}
	body := deskBody(t, testDesk{Form: form})
	has(t, body, `action="/there?a=1&amp;b=2" method="post"`, `<input type="hidden" name="version" value="3">`,
		"rows=\"6\" class=\"printed\">\n\n&lt;b&gt;one&lt;/b&gt;</textarea>", // HTML drops the first line feed of a textarea
		`<option value="b" selected>B</option>`, `<label for="section">Section</label>`, `<legend>Look</legend>`,
		`<input type="radio" id="theme" name="theme" value="x" checked>`, `<input type="radio" id="theme-1" name="theme" value="y">`, `<label for="theme-1">Y</label>`,
		`<input type="checkbox" id="sponsored" name="sponsored" value="on" checked>`)
	lacks(t, body, "never shown", `<option value="a" selected`)
}

func TestRefusalsSayWhoMayAndHowLong(t *testing.T) {
	for _, test := range []struct {
		err    error
		status int
		words  string
	}{
		{&newsletter.Forbidden{Action: newsletter.PublishIssue}, 403, "A curator or an owner may publish the issue. An owner can change what you may do.</p>"},
		{&newsletter.Forbidden{Action: newsletter.EditItem, Object: newsletter.Object{Issue: newsletter.Scheduled}}, 403, "The issue is scheduled and closed to all but curators.</p>"},
		{&newsletter.Forbidden{Action: newsletter.CorrectIssue, Object: newsletter.Object{Issue: newsletter.Draft}}, 403, "The issue is not printed; change it on its board.</p>"},
		{newsletter.ErrForbidden, 403, "Your role does not allow it."},
		{&TooMany{Wait: 61e9}, 429, "Wait two minutes, then try again."},
		{&TooMany{Wait: 1e6}, 429, "Wait one minute, then try again."},
	} {
		w := httptest.NewRecorder()
		Errors{}.Handle(func(http.ResponseWriter, *http.Request) error { return test.err })(w, httptest.NewRequest(http.MethodGet, "/issues/1", nil))
		if strings.Contains(w.Body.String(), `href="/desk"`) {
			t.Errorf("%v: readers are led to the desk", test.err)
		}
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.words) {
			t.Errorf("%v: %d without %q:\n%s", test.err, w.Code, test.words, w.Body)
		}
		if retry := w.Header().Get("Retry-After"); (retry != "") != (test.status == 429) || retry == "0" {
			t.Errorf("%v: Retry-After %q", test.err, retry)
		}
	}
}

func TestFormsThatWereKept(t *testing.T) {
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	if Kept(r.Context()) || !Kept(WithKept(r.Context())) {
		t.Error("a form is taken for what it is not")
	}
	if !bytes.Contains([]byte(NewDeskFrame(r.WithContext(WithKept(r.Context())), Frame{}, "x").Notice), []byte("Nothing is lost")) {
		t.Error("the page does not say that the session had ended")
	}
}
