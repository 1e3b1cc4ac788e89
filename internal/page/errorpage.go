package page

import (
	"errors"
	"net/http"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

var errorPage = Define[errorView]("site/error.html")

// errorView is the view of an error's page. It needs no database.
type errorView struct {
	Frame
	Words   errorWords
	Near    []int // issues near the one asked for
	Search  bool  // the page offers the search
	Desk    bool  // the page leads back to the desk
	Invalid newsletter.Invalid
}

// Box returns the search offered on the page.
func (errorView) Box() SearchBox { return SearchBox{Label: "Search every note and link"} }

// errorWords say what happened, then what to do.
type errorWords struct{ Heading, Sentence string }

var wordsOf = map[int]errorWords{
	http.StatusNotFound: {"This page does not exist",
		"The address may be mistyped, or what was here has another one now. The archive has every issue, and the search finds every note and link."},
	http.StatusGone: {"This issue was withdrawn",
		"It was here and the editors have taken it back. The issues before and after it are where they were."},
	http.StatusForbidden: {"That is not yours to do",
		"Your role does not allow it. An owner can give you another."},
	http.StatusTooManyRequests: {"Not so fast",
		"Too many attempts. Wait a few minutes, then try again."},
	http.StatusConflict: {"Somebody was faster",
		"What you changed has changed meanwhile. Go back, load the page again and look at it before you save."},
	http.StatusUnprocessableEntity: {"Something in what was sent is not right",
		"Go back, change what is named here and send it again."},
	http.StatusRequestEntityTooLarge: {"That is too much at once",
		"What was sent is larger than this page takes. Send less, or send it in parts."},
	http.StatusServiceUnavailable: {"Back in a moment",
		"The newsletter cannot reach its records right now. Nothing is lost. Try again in a few seconds."},
	http.StatusInternalServerError: {"Something went wrong here",
		"It is our fault, not yours, and it has been written down. Try again, or read on in the archive."},
}

func (e Errors) view(r *http.Request, status int, err error) errorView {
	view := errorView{Words: wordsOf[status], Search: status < http.StatusInternalServerError, Desk: strings.HasPrefix(r.URL.Path, address.Desk+"/")}
	if e.Frame != nil {
		view.Frame = e.Frame()
	}
	view.Title, view.NoIndex = view.Words.Heading, true
	if near, ok := errors.AsType[*Near](err); ok {
		view.Near = near.Numbers
	}
	if forbidden, ok := errors.AsType[*newsletter.Forbidden](err); ok {
		view.Words.Sentence = Capital(forbidden.Error()) + "."
		if forbidden.OfRole() {
			view.Words.Sentence += " An owner can change what you may do."
		}
	}
	if tooMany, ok := errors.AsType[*TooMany](err); ok {
		view.Words.Sentence = tooMany.Error()
	}
	view.Invalid, _ = errors.AsType[newsletter.Invalid](err)
	return view
}
