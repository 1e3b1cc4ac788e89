package page

import (
	"fmt"

	"broadsheet/internal/address"
)

// Card is the picture that other sites show beside a page's address. Ours never
// load it.
type Card struct {
	URL string
	Alt string // what is on it
}

// Card returns the picture of an issue on its own page, else the publication's.
func (f Frame) Card() Card {
	if f.Issue == 0 || f.Path == address.Home {
		return Card{f.Base.Absolute(address.Card), f.Name() + " in large letters"}
	}
	return Card{f.Base.Absolute(address.IssueCard(f.Issue)), fmt.Sprintf("%s, issue %d, in large letters", f.Name(), f.Issue)}
}
