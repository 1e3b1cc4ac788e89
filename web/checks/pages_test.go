package checks

import (
	"strings"
	"testing"
)

// states are the situations each page is looked at in, by the pattern of its
// route in the server's table. A route without one fails the test.
var states = map[string][]state{}

// Pictures are called after states: two of one name would be one picture.
func TestStatesHaveNamesOfTheirOwn(t *testing.T) {
	had := map[string]bool{}
	for route, all := range states {
		for _, s := range all {
			picture := pictureFile(s.name, 0, "")
			if s.name == "" || had[picture] {
				t.Errorf("%s: the name %q is empty or taken", route, s.name)
			}
			if !strings.HasPrefix(s.path, "/") {
				t.Errorf("%s: the path %q does not begin with a slash", route, s.path)
			}
			had[picture] = true
		}
	}
}
