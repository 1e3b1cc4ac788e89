package page

import (
	"cmp"
	"strings"

	"broadsheet/internal/newsletter"
)

// Field is one field of a form as it is shown: label, hint, what is wrong, and
// the control with what was typed. The partial "field" shows it.
type Field struct {
	Name  string // as it is sent
	ID    string // of the control; empty: the name
	Label string
	Hint  string
	Value string // what is in it; for a checkbox, what it sends
	Wrong string // what is wrong, as it continues the label: "is empty; give a name"

	Type         string   // of an input, "text" when empty; also "checkbox" and "radio"
	Autocomplete string   // HTML, section 4.10.18.7, such as "username"
	Rows         int      // above 0: a text area of so many rows
	Options      []Option // of radios, or of a list to choose from
	Checked      bool     // of a checkbox
	Printed      bool     // its words will be printed and are shown in that face
}

// Option is one of the choices of a field.
type Option struct {
	Value, Label string
	Chosen       bool
}

// Choose returns options, the one with the value being chosen.
func Choose(value string, options ...Option) []Option {
	for i := range options {
		options[i].Chosen = options[i].Value == value
	}
	return options
}

// Anchor is the id of the field's control, or of its first.
func (f Field) Anchor() string { return cmp.Or(f.ID, f.Name) }

// Control returns which control shows the field.
func (f Field) Control() string {
	switch {
	case f.Type == "checkbox" || f.Type == "radio":
		return f.Type
	case f.Rows > 0:
		return "textarea"
	case f.Options != nil:
		return "select"
	}
	return "input"
}

// InputType is the type of an input.
func (f Field) InputType() string { return cmp.Or(f.Type, "text") }

// Problem says in a sentence what is wrong with the field, or "".
func (f Field) Problem() string {
	if f.Wrong == "" {
		return ""
	}
	return f.Label + " " + f.Wrong
}

// Describing returns the ids of the hint and of what is wrong, for the
// control's aria-describedby.
func (f Field) Describing() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.Anchor()+"-hint")
	}
	if f.Wrong != "" {
		ids = append(ids, f.Anchor()+"-wrong")
	}
	return strings.Join(ids, " ")
}

// Problem is a line of the error summary: what is wrong, and the id of the
// control to mend it in.
type Problem struct{ ID, Text string }

// Mark puts the messages of an [newsletter.Invalid] at the fields they name
// and returns the lines of the error summary, in the fields' order. What
// concerns none of them leads to the top of the page and stands last.
func Mark(fields []Field, wrong newsletter.Invalid) []Problem {
	var problems []Problem
	placed := map[int]bool{}
	for i := range fields {
		for k, w := range wrong {
			if w.Field != fields[i].Name || placed[k] {
				continue
			}
			placed[k] = true
			fields[i].Wrong = w.Message
			problems = append(problems, Problem{fields[i].Anchor(), fields[i].Problem()})
			break
		}
	}
	for k, w := range wrong {
		if !placed[k] {
			problems = append(problems, Problem{"main", Capital(strings.TrimSpace(strings.ReplaceAll(w.Field, "_", " ") + " " + w.Message))})
		}
	}
	return problems
}

// Form is a whole form that is nothing but its fields and a button; the
// partial "form" shows it.
type Form struct {
	Action string
	Hidden []Hidden
	Fields []Field
	Button string // says what happens: "Publish 413"
}

// Hidden is a value that a form sends along without showing it.
type Hidden struct{ Name, Value string }
