package web

import (
	"bytes"
	"compress/gzip"
	"io"
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

// CodingFor returns the coding that a request's Accept-Encoding likes best, and
// of those it likes as much the one with the smallest result: named, or covered
// by "*", with a weight above zero (RFC 9110, section 12.5.3). Without the
// header, and with one that takes nothing we have, not even Plain, it is Plain.
func CodingFor(r *http.Request) Coding {
	if lines := r.Header["Accept-Encoding"]; len(lines) == 1 {
		switch lines[0] { // as browsers say it, which is nearly always
		case "gzip, deflate, br", "gzip, deflate, br, zstd":
			return Brotli
		}
	}
	br, gz, plain, star := notNamed, notNamed, notNamed, notNamed
	for _, line := range r.Header["Accept-Encoding"] {
		for choice := range strings.SplitSeq(line, ",") {
			coding, weight, _ := strings.Cut(choice, ";")
			switch coding = strings.TrimSpace(coding); {
			case strings.EqualFold(coding, "br"):
				br = max(br, liked(weight))
			case strings.EqualFold(coding, "gzip"), strings.EqualFold(coding, "x-gzip"):
				gz = max(gz, liked(weight))
			case strings.EqualFold(coding, "identity"):
				plain = max(plain, liked(weight))
			case coding == "*":
				star = max(star, liked(weight))
			}
		}
	}
	if br == notNamed {
		br = star
	}
	if gz == notNamed {
		gz = star
	}
	switch {
	case br > 0 && br >= max(gz, plain):
		return Brotli
	case gz > 0 && gz >= plain:
		return Gzip
	}
	return Plain
}

// notNamed is below every weight.
const notNamed = -1.0

// liked returns the weight of a coding as it stands after its name, from 0 to 1:
// 1 without any, 0 for one that cannot be read.
func liked(weight string) float64 {
	if strings.TrimSpace(weight) == "" {
		return 1
	}
	name, value, _ := strings.Cut(weight, "=")
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err == nil && strings.EqualFold(strings.TrimSpace(name), "q") && q > 0 && q <= 1 {
		return q
	}
	return 0
}

// Writers are kept, because a new one clears a megabyte before its first byte.
var (
	gzips     = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}
	pages     = sync.Pool{New: func() any { return brotli.NewWriterLevel(nil, tightLevel) }}
	soons     = sync.Pool{New: func() any { return brotli.NewWriterV2(nil, soonestLevel) }}
	smallests = sync.Pool{New: func() any { return brotli.NewWriterLevel(nil, brotli.BestCompression) }}
)

// compressor is what writers of all codings have in common.
type compressor interface {
	io.WriteCloser
	Reset(to io.Writer)
}

// compressed returns data as a writer of a pool compresses it.
func compressed(data []byte, writers *sync.Pool) []byte {
	out := bytes.NewBuffer(make([]byte, 0, len(data)/3)) // which is about what it comes to
	writer := writers.Get().(compressor)
	defer writers.Put(writer)
	writer.Reset(out)
	_, _ = writer.Write(data) // into memory
	_ = writer.Close()
	return bytes.Clone(out.Bytes())
}

// Gzipped returns data compressed by gzip.
func Gzipped(data []byte) []byte { return compressed(data, &gzips) }

// Somebody waits for a page to be compressed, and many get it afterwards. One of
// an issue's size comes out at about 3.6 KB at level 5 of the library's older
// encoder, so that it leaves in one write with its headers: net/http gathers 4 KB.
// What is longer, and a page of search results that few will ask for again, gets
// the soonest level of the newer encoder, which takes a fifth of the time. That one
// does without the dictionary of RFC 7932, which matters the less the more there
// is: an issue would come out a fifth larger, thirty results come out an eighth, a
// feed a twentieth.
const (
	tightLevel   = 5
	soonestLevel = 1

	long = 16 << 10 // in bytes, before they are compressed
)

// Effort is what is done to have few bytes.
type Effort int

// The efforts: for what is made for one reader, for what many get and one waits
// for, and for what is made once.
const (
	Soonest Effort = iota
	Tight
	Smallest
)

// Brotlied returns data compressed by Brotli (RFC 7932).
func Brotlied(data []byte, effort Effort) []byte {
	switch {
	case effort == Smallest:
		return compressed(data, &smallests)
	case effort == Soonest || len(data) >= long:
		return compressed(data, &soons)
	}
	return compressed(data, &pages)
}

// Unbrotlied returns the bytes, so many, of which [Brotlied] made data.
func Unbrotlied(data []byte, size int) []byte {
	plain := make([]byte, size)
	_, _ = io.ReadFull(brotli.NewReader(bytes.NewReader(data)), plain) // of memory, and our own
	return plain
}
