package site

import (
	"io"
	"net/http"
	"strconv"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
)

// theme answers with the publication's own style sheet, from memory: error
// pages wear it too when the database is away. Whoever asks for another, as a
// page that a cache has kept since before the theme was changed, is led to the
// one of now.
func (s *Site) theme(w http.ResponseWriter, r *http.Request) error {
	sheet, path := page.Theme(s.now.Publication().Accent)
	header := w.Header()
	switch path {
	case "":
		return newsletter.ErrNotFound
	case r.URL.Path:
		header.Set("Content-Type", "text/css; charset=utf-8")
		header.Set("Content-Length", strconv.Itoa(len(sheet)))
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
		if r.Method != http.MethodHead {
			_, _ = io.WriteString(w, sheet) // a reader who has gone is no fault of ours
		}
	default:
		header.Set("Cache-Control", "no-cache")
		http.Redirect(w, r, path, http.StatusFound)
	}
	return nil
}
