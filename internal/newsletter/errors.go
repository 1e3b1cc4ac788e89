package newsletter

import (
	"errors"
	"strings"
)

// Errors that pages answer with a page of their own.
var (
	ErrNotFound  = errors.New("not found") // there is no such thing
	ErrGone      = errors.New("gone")      // it was there and was withdrawn
	ErrForbidden = errors.New("forbidden") // who asks may not
	ErrConflict  = errors.New("conflict")  // somebody was faster
)

// Invalid says which fields of an input are wrong and why. It is an error that
// may be shown to the person who gave the input.
type Invalid []FieldError

// FieldError is what is wrong with one field, in a plain sentence.
type FieldError struct {
	Field   string // such as "url" or "sections[2].items[0].note"
	Message string // what is wrong, then what to do
}

// Error joins the messages, each after the field it concerns.
func (e Invalid) Error() string {
	lines := make([]string, len(e))
	for i, f := range e {
		lines[i] = f.Field + ": " + f.Message
	}
	return strings.Join(lines, "; ")
}

// Add records one more field that is wrong.
func (e *Invalid) Add(field, message string) {
	*e = append(*e, FieldError{field, message})
}

// Err returns e as an error, or nil when nothing is wrong.
func (e Invalid) Err() error {
	if len(e) == 0 {
		return nil
	}
	return e
}
