package web

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

// Coding is a content coding by its registered name; "" is none.
type Coding string

// The codings that answers are given in, the smallest result first.
const (
	Brotli Coding = "br"
	Gzip   Coding = "gzip"
	Plain  Coding = ""
)

// CodingFor returns the best coding that a request's Accept-Encoding takes:
// named, or covered by "*", with a weight above zero (RFC 9110, section
// 12.5.3). Without the header, and with one that cannot be read, it is Plain.
func CodingFor(r *http.Request) Coding {
	br, gz, star := notNamed, notNamed, notNamed
	for _, line := range r.Header["Accept-Encoding"] {
		for choice := range strings.SplitSeq(line, ",") {
			coding, weight, _ := strings.Cut(choice, ";")
			switch coding = strings.TrimSpace(coding); {
			case strings.EqualFold(coding, "br"):
				br = max(br, taken(weight))
			case strings.EqualFold(coding, "gzip"), strings.EqualFold(coding, "x-gzip"):
				gz = max(gz, taken(weight))
			case coding == "*":
				star = max(star, taken(weight))
			}
		}
	}
	switch covered := star == isTaken; {
	case br == isTaken || br == notNamed && covered:
		return Brotli
	case gz == isTaken || gz == notNamed && covered:
		return Gzip
	}
	return Plain
}

// What a header says of a coding.
const (
	notNamed = iota
	isRefused
	isTaken
)

// taken returns isTaken for no weight or one above zero, else isRefused.
func taken(weight string) int {
	if strings.TrimSpace(weight) == "" {
		return isTaken
	}
	name, value, _ := strings.Cut(weight, "=")
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err == nil && strings.EqualFold(strings.TrimSpace(name), "q") && q > 0 && q <= 1 {
		return isTaken
	}
	return isRefused
}

// writers are kept, because a new one clears a megabyte before its first byte.
var writers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// Gzipped returns data compressed by gzip.
func Gzipped(data []byte) []byte {
	var out bytes.Buffer
	writer := writers.Get().(*gzip.Writer)
	defer writers.Put(writer)
	writer.Reset(&out)
	_, _ = writer.Write(data) // into memory
	_ = writer.Close()
	return bytes.Clone(out.Bytes())
}

// quickly is the level of Brotli that makes a page of 10 KB small in about a
// millisecond; the highest is a tenth smaller and takes twelve times as long.
const quickly = 5

// Brotlied returns data compressed by Brotli (RFC 7932): quickly, or as small as
// it gets.
func Brotlied(data []byte, smallest bool) []byte {
	level := quickly
	if smallest {
		level = brotli.BestCompression
	}
	var out bytes.Buffer
	writer := brotli.NewWriterLevel(&out, level)
	_, _ = writer.Write(data) // into memory
	_ = writer.Close()
	return bytes.Clone(out.Bytes())
}
