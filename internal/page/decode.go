package page

import (
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/newsletter"
)

// DecodeForm reads a request's form into a struct: the body, or for GET and
// HEAD the query. A field is filled when its tag names one of the form's:
//
//	Title string            `form:"title"`     // one line, without spaces around it
//	Note  string            `form:"note,text"` // several lines, which end in "\n"
//	Now   string            `form:"now,raw"`   // exactly as it came: a password
//	URLs  []string          `form:"url"`       // every value, in order
//	Day   newsletter.Date   `form:"event_on"`
//	Paid  bool              `form:"sponsored"` // a checkbox: "on", "true" or "1"
//
// Strings may be of a named type; int and int64 are read too, "" being 0. What
// the form has besides has no effect. The error is a [newsletter.Invalid] that
// names the fields whose values cannot be read (not UTF-8, control characters,
// no number, no date), or an [http.MaxBytesError]. The struct is filled as far
// as possible even so, with what cannot be shown replaced by U+FFFD, so that
// the page can show what was typed.
func DecodeForm[T any](r *http.Request, form *T) error {
	values, err := formValues(r)
	if err != nil {
		return err
	}
	var wrong newsletter.Invalid
	to := reflect.ValueOf(form).Elem()
	for i := range to.NumField() {
		name, kind, _ := strings.Cut(to.Type().Field(i).Tag.Get("form"), ",")
		if name == "" {
			continue
		}
		texts := make([]string, len(values[name]))
		for k, value := range values[name] {
			text, complaint := clean(value, kind)
			if texts[k] = text; complaint != "" {
				wrong.Add(name, complaint)
			}
		}
		if complaint := fill(to.Field(i), texts); complaint != "" {
			wrong.Add(name, complaint)
		}
	}
	return wrong.Err()
}

// Typed returns the first value of a form's field for the page to show again
// as it was typed, where it is no string: a number or a date that was none.
func Typed(r *http.Request, name string) string {
	values, err := formValues(r)
	if err != nil {
		return ""
	}
	text, _ := clean(values.Get(name), "")
	return text
}

// formValues returns what a form was sent with.
func formValues(r *http.Request) (url.Values, error) {
	err := r.ParseForm()
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, tooLarge
	}
	if err != nil {
		return nil, newsletter.Invalid{{Field: "form", Message: "was cut or altered on its way; send it again"}}
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return r.Form, nil
	}
	return r.PostForm, nil
}

const unprintable = "holds characters that cannot be shown; take them out or type them again"

// clean brings a value into the form its field has, and says what is wrong
// with it, or "". What is wrong stands as U+FFFD in the text.
func clean(value, kind string) (text, complaint string) {
	lines := ""
	switch kind {
	case "text":
		value, lines = strings.ReplaceAll(value, "\r\n", "\n"), "\n\t"
		value = strings.ReplaceAll(value, "\r", "\n")
	case "raw":
	default:
		value = strings.TrimSpace(value)
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !strings.ContainsRune(lines, r) {
			return utf8.RuneError
		}
		return r
	}, value) // bytes that are not UTF-8 arrive as U+FFFD as well
	if text != value {
		return text, unprintable
	}
	return text, ""
}

// fill puts values into a field and says what is wrong with them, or "". A
// field that is of no type a form can have is a fault of the program.
func fill(to reflect.Value, texts []string) (complaint string) {
	first := ""
	if len(texts) > 0 {
		first = texts[0]
	}
	if date, ok := to.Addr().Interface().(*newsletter.Date); ok {
		if date.UnmarshalText([]byte(first)) != nil {
			return "is no day of the calendar; give a date such as 2013-09-01"
		}
		return ""
	}
	switch to.Kind() {
	case reflect.String:
		to.SetString(first)
	case reflect.Slice:
		to.Set(reflect.ValueOf(texts).Convert(to.Type()))
	case reflect.Bool:
		to.SetBool(first == "on" || first == "true" || first == "1")
	case reflect.Int, reflect.Int64:
		if first == "" {
			return ""
		}
		n, err := strconv.ParseInt(first, 10, to.Type().Bits())
		if err != nil {
			return "is not a whole number; give one in digits"
		}
		to.SetInt(n)
	default:
		panic("page: a form has no field of type " + to.Type().String())
	}
	return ""
}
