package newsletter

import (
	"fmt"
	"strconv"
	"strings"
)

// Mark is an item's citation, printed as "139.4": the issue's number and the
// item's place in it, frozen at publication.
type Mark struct {
	Issue int
	Place int
}

// String returns the mark as it is printed.
func (m Mark) String() string { return fmt.Sprintf("%d.%d", m.Issue, m.Place) }

// ParseMark reads "139.4". It takes only the canonical spelling: positive
// numbers without sign or leading zeros.
func ParseMark(s string) (Mark, error) {
	issue, place, found := strings.Cut(s, ".")
	number, err1 := ParseNumber(issue)
	item, err2 := ParseNumber(place)
	if !found || err1 != nil || err2 != nil {
		return Mark{}, fmt.Errorf("%q is not a mark such as 139.4", s)
	}
	return Mark{number, item}, nil
}

// MaxNumber is the highest number an issue or a place may have. It keeps
// numbers within nine digits, and so within PostgreSQL's integer.
const MaxNumber = 999_999_999

// ParseNumber reads an issue's number in its canonical spelling: from 1 to
// MaxNumber, digits only, no leading zero.
func ParseNumber(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > MaxNumber || strconv.Itoa(n) != s {
		return 0, fmt.Errorf("%q is not a number from 1 to %d", s, MaxNumber)
	}
	return n, nil
}
