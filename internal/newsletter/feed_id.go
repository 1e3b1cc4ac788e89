package newsletter

import (
	"fmt"
	"strings"
)

// FeedID is what feed readers know an issue by that was in another feed before:
// the id of its entry there. It is kept, so that no reader shows an old issue as
// a new one. An Atom feed has an id of its own too (RFC 4287, section 4.1.1).
type FeedID struct {
	Issue int // number, or 0 for the feed itself
	ID    string
}

// Validate checks an id by itself. Its error is an [Invalid].
func (f FeedID) Validate() error {
	var wrong Invalid
	if f.Issue < 0 || f.Issue > MaxNumber {
		wrong.Add("issue", fmt.Sprintf("is not a number from 1 to %d, or 0 for the feed itself", MaxNumber))
	}
	switch {
	case strings.TrimSpace(f.ID) == "":
		wrong.Add("id", "is empty; leave the line out")
	case len(f.ID) > MaxURL:
		wrong.Add("id", fmt.Sprintf("has more than %d bytes; leave the line out", MaxURL))
	case !printable(f.ID) || strings.ContainsAny(f.ID, "\n\t"):
		wrong.Add("id", "holds control characters or is not UTF-8; take them out")
	}
	return wrong.Err()
}
