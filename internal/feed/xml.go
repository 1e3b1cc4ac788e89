package feed

import (
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

// encode returns a document with the XML declaration before it.
func encode(document any) ([]byte, error) {
	body, err := xml.MarshalIndent(document, "", " ")
	if err != nil {
		return nil, fmt.Errorf("writing %T as XML: %w", document, err)
	}
	return append([]byte(xml.Header), body...), nil
}

// encodePart returns a part of a document that stands as deep in it as indent
// has spaces, on lines of its own.
func encodePart(part any, indent string) ([]byte, error) {
	body, err := xml.MarshalIndent(part, indent, " ")
	if err != nil {
		return nil, fmt.Errorf("writing %T as XML: %w", part, err)
	}
	return append([]byte("\n"), body...), nil
}
