package address

import (
	"slices"
	"strings"
)

// public are the pages and files that readers find whatever the publication
// holds.
var public = []string{Home, Archive, Search, Follow, About, Latest, RSS, Atom, JSON, Events, Sitemap, Robots, Card, Livez, Readyz}

// Public reports whether readers find something at a path whatever the
// publication holds. Its issues, years, sections and sites are not among these.
func Public(path string) bool { return slices.Contains(public, path) }

// Reserved reports whether a path is among those that are not for readers, or
// not pages: the desk, the sign-in, previews, the program's own files.
func Reserved(path string) bool {
	for _, root := range []string{Desk, Previews, SignIn, SignOut, SetUp} {
		if path == root || strings.HasPrefix(path, root+"/") {
			return true
		}
	}
	return strings.HasPrefix(path, Static)
}
