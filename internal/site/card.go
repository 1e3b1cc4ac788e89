package site

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"broadsheet/internal/address"
	"broadsheet/internal/card"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
)

// card answers with the picture of the publication, for other sites that show
// one beside an address of ours.
func (s *Site) card(w http.ResponseWriter, r *http.Request) error {
	return s.hold(w, r, address.Card, func(_ context.Context, db snapshot) (answer, error) {
		return drawn(card.Card{
			Name: db.publication.Name, Line: db.publication.Tagline, Address: s.base.Host(), Accent: db.publication.Accent,
		})
	})
}

// issueCard answers with the picture of an issue.
func (s *Site) issueCard(w http.ResponseWriter, r *http.Request) error {
	number, err := newsletter.ParseNumber(chi.URLParam(r, "number"))
	if err != nil {
		return s.missing(w, r)
	}
	return s.holdNear(w, r, address.IssueCard(number), number, func(ctx context.Context, db snapshot) (answer, error) {
		revision, err := db.Revision(ctx, number)
		if err != nil {
			return answer{}, err
		}
		return drawn(card.Card{
			Name: db.publication.Name, Line: revision.Summary, Number: number, Date: page.LongDay(revision.Date),
			Address: s.base.Host() + address.Issue(number), Accent: db.publication.Accent,
		})
	})
}

// drawn returns the answer of a picture.
func drawn(c card.Card) (answer, error) {
	body, err := c.PNG()
	return answer{body: page.NewBody("image/png", body)}, err
}
