package web

import (
	"net/http"
	"strconv"
	"strings"
)

// AcceptsGzip reports whether a request's Accept-Encoding takes gzip: named,
// or covered by "*", with a weight above zero (RFC 9110, section 12.5.3).
// Without the header, and with one that cannot be read, it does not.
func AcceptsGzip(r *http.Request) bool {
	named, star := -1, -1 // -1 not mentioned, 0 refused, 1 taken
	for _, line := range r.Header["Accept-Encoding"] {
		for choice := range strings.SplitSeq(line, ",") {
			coding, weight, _ := strings.Cut(choice, ";")
			switch strings.ToLower(strings.TrimSpace(coding)) {
			case "gzip", "x-gzip":
				named = max(named, taken(weight))
			case "*":
				star = max(star, taken(weight))
			}
		}
	}
	return named == 1 || named == -1 && star == 1
}

// taken returns 1 for no weight or one above zero, and 0 otherwise.
func taken(weight string) int {
	if strings.TrimSpace(weight) == "" {
		return 1
	}
	name, value, _ := strings.Cut(weight, "=")
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err == nil && strings.EqualFold(strings.TrimSpace(name), "q") && q > 0 && q <= 1 {
		return 1
	}
	return 0
}
