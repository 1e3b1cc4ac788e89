package newsletter

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Role says what a person may do. Each may also do what those before may.
type Role string

// The roles, from least to most. Readers need none.
const (
	Contributor Role = "contributor"
	Editor      Role = "editor"
	Curator     Role = "curator"
	Owner       Role = "owner"
)

// Roles lists all roles, from least to most.
var Roles = []Role{Contributor, Editor, Curator, Owner}

// Valid reports whether r is one of the roles.
func (r Role) Valid() bool { return slices.Contains(Roles, r) }

// AtLeast reports whether r may do everything that other may.
func (r Role) AtLeast(other Role) bool {
	return r.Valid() && slices.Index(Roles, r) >= slices.Index(Roles, other)
}

// User is a person with an account. The zero User is nobody: a reader.
type User struct {
	ID       int64
	Email    string
	Name     string
	Role     Role
	Disabled bool
	Theme    Theme
	// SingleKeys says that letters are keys of the desk for them, as in "press
	// J for the next row"; without, those with Alt or Ctrl still are.
	SingleKeys bool
}

// Theme is how a person wants the desk to look.
type Theme string

// The themes. ThemeAuto follows the person's device.
const (
	ThemeAuto  Theme = "auto"
	ThemeLight Theme = "light"
	ThemeDark  Theme = "dark"
)

// Valid reports whether t is one of the three themes.
func (t Theme) Valid() bool { return t == ThemeAuto || t == ThemeLight || t == ThemeDark }

// MaxEmail is the longest mail address (RFC 5321, section 4.5.3.1.3, less the
// brackets).
const MaxEmail = 254

// Validate checks what a person says about themselves. Its error is an
// [Invalid].
func (u User) Validate() error {
	var wrong Invalid
	if strings.TrimSpace(u.Name) == "" {
		wrong.Add("name", "is empty; give a name")
	}
	line(&wrong, "name", u.Name)
	if strings.ContainsFunc(u.Name, func(r rune) bool { return unicode.Is(unicode.Cf, r) }) {
		wrong.Add("name", "holds invisible characters; take them out") // two names that look alike are two people's
	}
	local, domain, _ := strings.Cut(u.Email, "@")
	if local == "" || domain == "" || len(u.Email) > MaxEmail || strings.ContainsAny(u.Email, " \t\r\n<>,;") || !printable(u.Email) {
		wrong.Add("email", fmt.Sprintf("%.60q is not a mail address; give one such as ines@letter.example", u.Email))
	}
	if !u.Role.Valid() {
		wrong.Add("role", fmt.Sprintf("is %q; it is contributor, editor, curator or owner", u.Role))
	}
	if u.Theme != "" && !u.Theme.Valid() {
		wrong.Add("theme", "is not one of auto, light and dark; choose one")
	}
	return wrong.Err()
}
