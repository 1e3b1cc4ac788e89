package page

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

type testForm struct {
	Title string          `form:"title"`
	Role  newsletter.Role `form:"role"`
	Note  string          `form:"note,text"`
	Key   string          `form:"key,raw"`
	URLs  []string        `form:"url"`
	Day   newsletter.Date `form:"day"`
	Paid  bool            `form:"paid"`
	Count int             `form:"count"`
	ID    int64           `form:"id"`
	Other string          // no field of the form
}

func sent(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/?title=query&role=owner", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func TestDecodeForm(t *testing.T) {
	body := url.Values{
		"title": {"  Two views\u00a0"}, "role": {"editor"}, "note": {"a\r\nb\rc\n\td "}, "key": {" as it is "},
		"url": {"https://b.example", "", " https://a.example"}, "day": {"2026-02-28"}, "paid": {"on"}, "count": {"-3"}, "id": {"9007199254740993"},
		"Other": {"x"}, "other": {"x"}, "state": {"published"}, "version": {"7"},
	}.Encode()
	var got testForm
	if err := DecodeForm(sent(body), &got); err != nil {
		t.Fatal(err)
	}
	want := testForm{
		Title: "Two views", Role: newsletter.Editor, Note: "a\nb\nc\n\td ", Key: " as it is ",
		URLs: []string{"https://b.example", "", "https://a.example"}, Day: date("2026-02-28"), Paid: true, Count: -3, ID: 9007199254740993,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeFormOfNothing(t *testing.T) {
	got := testForm{Title: "before", Paid: true, Day: date("2026-02-28")}
	if err := DecodeForm(sent(""), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(testForm{URLs: []string{}}, got); diff != "" {
		t.Errorf("what is not sent is not empty: %s", diff)
	}
}

func TestDecodeFormReadsTheQueryOfGET(t *testing.T) {
	var got testForm
	if err := DecodeForm(httptest.NewRequest(http.MethodGet, "/?title=query&url=a&url=b", nil), &got); err != nil {
		t.Fatal(err)
	}
	if got.Title != "query" || len(got.URLs) != 2 {
		t.Errorf("got %+v", got)
	}
}

func TestDecodeFormNamesWhatIsWrong(t *testing.T) {
	for body, want := range map[string]struct{ field, says, typed string }{
		"title=a%00b":             {"title", "cannot be shown", "a\ufffdb"},
		"title=a%ffb":             {"title", "cannot be shown", "a\ufffdb"},
		"title=a%0ab":             {"title", "cannot be shown", "a\ufffdb"},
		"title=a%c2%85b":          {"title", "cannot be shown", "a\ufffdb"}, // next line, a control character
		"note=a%0bb":              {"note", "cannot be shown", "a\ufffdb"},
		"key=%00":                 {"key", "cannot be shown", "\ufffd"},
		"url=ok&url=%1b%5b":       {"url", "cannot be shown", "ok"},
		"day=2026-02-30":          {"day", "is no day of the calendar", "2026-02-30"},
		"day=yesterday":           {"day", "is no day of the calendar", "yesterday"},
		"day=0000-01-01":          {"day", "is no day of the calendar", "0000-01-01"},
		"count=twelve":            {"count", "is not a whole number", "twelve"},
		"count=1e3":               {"count", "is not a whole number", "1e3"},
		"id=99999999999999999999": {"id", "is not a whole number", "99999999999999999999"},
		"title=%zz":               {"form", "cut or altered", ""},
	} {
		var form testForm
		r := sent(body)
		wrong, ok := errors.AsType[newsletter.Invalid](DecodeForm(r, &form))
		if !ok || len(wrong) != 1 || wrong[0].Field != want.field || !strings.Contains(wrong[0].Message, want.says) {
			t.Errorf("%q: %v", body, wrong)
		}
		if got := Typed(r, want.field); got != want.typed {
			t.Errorf("%q: typed %q, want %q", body, got, want.typed)
		}
	}
	var form testForm
	if err := DecodeForm(sent("title=a%00&note=kept&count=x"), &form); form.Note != "kept" || form.Title != "a\ufffd" || len(err.(newsletter.Invalid)) != 2 {
		t.Errorf("filled is %+v, %v", form, err)
	}
}

func TestDecodeFormTooLarge(t *testing.T) {
	r := sent("note=" + strings.Repeat("x", 2000))
	r.Body = http.MaxBytesReader(httptest.NewRecorder(), r.Body, 1000)
	var form testForm
	if err := DecodeForm(r, &form); Status(err) != http.StatusRequestEntityTooLarge {
		t.Errorf("%v", err)
	}
}

func FuzzDecodeForm(f *testing.F) {
	for _, seed := range []string{"title=a&note=b%0d%0ac", "url=a&url=%ff", "day=2026-02-30&count=9&paid=on", "%zz;=&&", "key=%00%ff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var form testForm
		err := DecodeForm(sent(body), &form)
		if _, invalid := errors.AsType[newsletter.Invalid](err); err != nil && !invalid {
			t.Fatalf("%v", err)
		}
		for _, text := range append([]string{form.Title, string(form.Role), form.Key}, form.URLs...) {
			if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
				t.Errorf("%q came through", text)
			}
		}
		if strings.ContainsAny(form.Note, "\r\x00") || !utf8.ValidString(form.Note) {
			t.Errorf("%q came through", form.Note)
		}
	})
}
