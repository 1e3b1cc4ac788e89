package session

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Form is a form that was sent without a session, as it was sent.
type Form struct {
	ID   int
	Path string // it was sent to
	Body string // urlencoded
}

const (
	keptKey = "kept"
	// MaxKept is the most bytes of a form that is kept: the longest text of
	// the desk, every byte of it encoded, fits.
	MaxKept = 64 << 10
	// maxForms is how many are kept of one browser: one per open window.
	maxForms = 4
)

// Keep keeps a form that was sent without a session until its sender has
// signed in, and returns the number to find it by; the oldest go when there
// are too many. Passwords are left out. It reports false for a form that is
// too large or none.
func (s *Sessions) Keep(ctx context.Context, path, body string) (id int, ok bool) {
	body, ok = withoutPasswords(body)
	if !ok || len(body) > MaxKept {
		return 0, false
	}
	forms := s.forms(ctx)
	id = 1
	if len(forms) > 0 {
		id = forms[len(forms)-1].ID + 1
	}
	forms = append(forms, Form{id, path, body})
	s.putForms(ctx, forms[max(0, len(forms)-maxForms):])
	s.manager.SetDeadline(ctx, time.Now().Add(anonymous))
	return id, true
}

// Kept returns a form that was kept. Looking at it changes nothing.
func (s *Sessions) Kept(ctx context.Context, id int) (Form, bool) {
	forms := s.forms(ctx)
	i := slices.IndexFunc(forms, func(f Form) bool { return f.ID == id })
	if i < 0 {
		return Form{}, false
	}
	return forms[i], true
}

// Sent forgets what was kept for a path: its form was sent again.
func (s *Sessions) Sent(ctx context.Context, path string) {
	forms := s.forms(ctx)
	left := slices.DeleteFunc(slices.Clone(forms), func(f Form) bool { return f.Path == path })
	if len(left) < len(forms) {
		s.putForms(ctx, left)
	}
}

func (s *Sessions) forms(ctx context.Context) []Form {
	var forms []Form
	_ = json.Unmarshal(s.manager.GetBytes(ctx, keptKey), &forms) // none, or what putForms wrote
	return forms
}

func (s *Sessions) putForms(ctx context.Context, forms []Form) {
	if len(forms) == 0 {
		s.manager.Remove(ctx, keptKey)
		return
	}
	text, _ := json.Marshal(forms) // strings and numbers
	s.manager.Put(ctx, keptKey, text)
}

// withoutPasswords takes out the fields that nobody may find in the store.
func withoutPasswords(body string) (string, bool) {
	values, err := url.ParseQuery(body)
	if err != nil {
		return "", false
	}
	for name := range values {
		if strings.Contains(name, "password") {
			values.Del(name)
		}
	}
	return values.Encode(), true
}
