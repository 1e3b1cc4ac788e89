package postgres

import "broadsheet/internal/newsletter"

// Repeated reports whether two of some links lead to the same address,
// compared as [Store.Occurrences] compares them.
func Repeated(links []newsletter.Link) bool {
	if len(links) < 2 {
		return false
	}
	seen := map[string]bool{}
	for _, link := range links {
		normal, _ := normalise(link.URL)
		if seen[normal] {
			return true
		}
		seen[normal] = true
	}
	return false
}
