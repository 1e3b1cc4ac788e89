package checks

import (
	"net/http"
	"testing"
)

// TestStart looks at what comes after an issue: the form that starts the next
// one, and the copies of one that was withdrawn.
func TestStart(t *testing.T) {
	base := startDemo(t)
	post(t, base, curator, "/desk/issues/414/publish", send("when", "now", "override", "the toast needs no words"))
	walk(t, base, map[string][]state{
		"/desk": {
			{name: "desk with no issue open", path: "/desk", as: curator},
			{name: "desk with no issue open for an editor", path: "/desk", as: editor},
		},
		"/desk/issues": {
			{name: "issues with none open", path: "/desk/issues", as: curator},
			{name: "start wrong", path: "/desk/issues", as: curator, status: invalid, form: send("number", "414", "date", "soon", "chosen", "true", "section", "1", "owner", "1:999", "key", "k5")},
		},
		"/desk/issues/{number:[0-9]+}/published": {{name: "published with none open", path: "/desk/issues/414/published", as: curator}},
	})
	post(t, base, curator, "/desk/issues/413/withdraw", send())
	walk(t, base, map[string][]state{
		"/desk/issues/{number:[0-9]+}/published": {{name: "published and withdrawn", path: "/desk/issues/413/published", as: curator}},
		"/desk/issues/{number:[0-9]+}/mail.html": {{name: "mail of a withdrawn issue", path: "/desk/issues/413/mail.html", as: curator, status: http.StatusGone}},
	})
}
