package session

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
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
	// MaxKept is the most bytes of a form that is kept: the longest texts of
	// an item or an issue, every byte of them encoded, fit.
	MaxKept = 256 << 10
	// maxForms is how many are kept of one browser: one per open window.
	maxForms = 8
)

// KeptField is the hidden field by which the page of a kept form says which
// one it shows.
const KeptField = "kept"

// Keep keeps a form that was sent without a session until its sender has
// signed in, and returns the number to find it by. Passwords are left out. For
// one that cannot be kept the complaint says why, as it follows "because"; no
// older form ever goes to make room.
func (s *Sessions) Keep(ctx context.Context, path, body string) (id int, complaint string) {
	values, err := url.ParseQuery(body)
	if err != nil {
		return 0, "it was cut or altered on its way"
	}
	withoutSecrets(values)
	forms := s.forms(ctx)
	id = 1
	if len(forms) > 0 {
		id = forms[len(forms)-1].ID + 1
	}
	shown := values.Get(KeptField) // sent from the page of a kept form, which it replaces
	values.Del(KeptField)
	forms = slices.DeleteFunc(forms, func(f Form) bool { return strconv.Itoa(f.ID) == shown && f.Path == path })
	body = values.Encode()
	switch {
	case len(body) > MaxKept:
		return 0, "it is too long"
	case len(forms) >= maxForms:
		return 0, "eight others wait for you already"
	}
	s.putForms(ctx, append(forms, Form{id, path, body}))
	s.manager.SetDeadline(ctx, time.Now().Add(anonymous))
	return id, ""
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

// Forget forgets one form: it was sent again, and done. Those of other windows
// stay.
func (s *Sessions) Forget(ctx context.Context, id int) {
	forms := s.forms(ctx)
	left := slices.DeleteFunc(slices.Clone(forms), func(f Form) bool { return f.ID == id })
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

// Secret is a field whose words are kept of no form, as those of passwords are.
const Secret = "words-to-redact"

// withoutSecrets takes out the fields that nobody may find in the store.
func withoutSecrets(values url.Values) {
	for name := range values {
		if strings.Contains(name, "password") || name == Secret {
			values.Del(name)
		}
	}
}
