package site

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"broadsheet/internal/address"
	"broadsheet/internal/exchange"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
)

// form is another shape of an issue: its media type and how it is written.
type form struct {
	mediaType string
	write     func(db snapshot, r newsletter.Revision) []byte
}

// forms are the shapes by the extension of their address.
var forms = map[string]form{
	"md": {"text/markdown; charset=utf-8", func(_ snapshot, r newsletter.Revision) []byte {
		return exchange.Markdown(r.Issue())
	}},
	"txt": {"text/plain; charset=utf-8", func(db snapshot, r newsletter.Revision) []byte {
		return exchange.Text(r, db.publication)
	}},
	"json": {"application/json", func(db snapshot, r newsletter.Revision) []byte {
		return exchange.JSON(r, db.site.base)
	}},
}

// issueAs answers with an issue as Markdown, as the letter's text or as JSON.
func (s *Site) issueAs(w http.ResponseWriter, r *http.Request) error {
	number, err := newsletter.ParseNumber(chi.URLParam(r, "number"))
	extension := chi.URLParam(r, "form")
	form, known := forms[extension]
	if err != nil || !known {
		return s.missing(w, r)
	}
	return s.holdNear(w, r, address.IssueAs(number, extension), number, func(ctx context.Context, db snapshot) (answer, error) {
		revision, err := db.Revision(ctx, number)
		if err != nil {
			return answer{}, err
		}
		return answer{body: page.NewBody(form.mediaType, form.write(db, revision))}, nil
	})
}
