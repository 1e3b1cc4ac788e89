// Package newsletter is the domain: what a link newsletter is made of and the
// rules that hold whatever stores or shows it. It knows no database, no HTTP
// and no clock; the standard library is all it imports.
package newsletter
