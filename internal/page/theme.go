package page

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

// Theme returns the address of the style sheet that gives the page the
// publication's accent, or "" where it has none: pages of the usual blue need
// no further request.
func (f Frame) Theme() string {
	_, path := Theme(f.Publication.Accent)
	return path
}

// Theme returns the style sheet of an accent, which is read after the site's,
// and its address. Both are empty where nothing was chosen. The address has the
// hash of what it holds, so that browsers may keep it for ever.
func Theme(accent newsletter.Accent) (sheet, path string) {
	if accent == (newsletter.Accent{}) {
		return "", ""
	}
	accent = accent.OrDefault()
	sheet = fmt.Sprintf(themeSheet, accent.Light, accent.Dark)
	hash := sha256.Sum256([]byte(sheet))
	return sheet, address.Theme(hex.EncodeToString(hash[:6]))
}

// themeSheet replaces the tokens that the site's links, controls and marked
// words are made of, as site.css does: the light page first, both where the
// browser knows them apart. Printed pages stay black, as their layer is later.
const themeSheet = `@layer tokens {
	:root { --blue: %[1]s; }
	@supports (color: light-dark(#000, #FFF)) {
		:root {
			--blue: light-dark(%[1]s, %[2]s);
			--line: color-mix(in oklab, var(--blue) 45%%, var(--sheet));
			--wash: color-mix(in oklab, var(--blue) 12%%, var(--sheet));
		}
	}
}
`
