package feed

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// text is a string that goes into a document. Bytes that are not UTF-8 and
// characters outside XML 1.0's Char production (section 2.2) are left out when
// it is written: encoding/xml would put U+FFFD in their place.
type text string

// MarshalText returns t without what XML cannot hold.
func (t text) MarshalText() ([]byte, error) {
	valid := strings.ToValidUTF8(string(t), "")
	if !strings.ContainsFunc(valid, unwritable) { // as almost all are
		return []byte(valid), nil
	}
	return []byte(strings.Map(func(r rune) rune {
		if unwritable(r) {
			return -1
		}
		return r
	}, valid)), nil
}

// unwritable reports whether a character cannot stand in XML.
func unwritable(r rune) bool {
	return (r < ' ' && r != '\t' && r != '\n' && r != '\r') || r == '\uFFFE' || r == '\uFFFF'
}

// encode returns a document, or a part of one that stands as deep in it as indent
// has spaces, behind what comes before it: [xml.Header] or the end of a line.
func encode(before string, value any, indent string) ([]byte, error) {
	out := bytes.NewBufferString(before)
	to := xml.NewEncoder(out)
	to.Indent(indent, " ")
	if err := to.Encode(value); err != nil {
		return nil, fmt.Errorf("writing %T as XML: %w", value, err)
	}
	return out.Bytes(), nil
}
