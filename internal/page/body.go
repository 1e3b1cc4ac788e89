package page

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"broadsheet/web"
)

// Body is an answer that is kept and given again and again: its bytes, plain
// and compressed, each with a strong ETag of its own (RFC 9110, section 8.8.3).
// Each form is made once, when somebody first takes it so. Once it is compressed
// by Brotli, as nearly all readers take it, that is what is kept: a page takes a
// third of its bytes so. It is not to be changed once it is made.
type Body struct {
	mediaType []string // as header values, so that serving allocates none
	size      int      // of the plain bytes
	plain     encoded  // without its bytes
	unpacked  func() []byte
	brotlied  func() encoded // nil where compression is not worthwhile, as is the next
	gzipped   func() encoded
}

type encoded struct {
	bytes        []byte
	length, etag []string
}

// header values every kept answer has. Readers ask each time whether it is
// still the newest; caches may give an old one when we cannot be reached (RFC
// 5861, section 4), which "must-revalidate" would forbid (RFC 9111, section 4.2.4).
var (
	cacheControl = []string{"public, max-age=0, stale-if-error=86400"}
	vary         = []string{"Accept-Encoding"}
	encodings    = map[web.Coding][]string{web.Gzip: {string(web.Gzip)}, web.Brotli: {string(web.Brotli)}}
)

// worthwhile is the size in bytes from which compression saves a packet.
const worthwhile = 512

// NewBody returns the body of a media type such as "text/html; charset=utf-8".
func NewBody(mediaType string, plain []byte) Body { return newBody(mediaType, plain, web.Tight) }

// FleetingBody is NewBody for what few will ask for again.
func FleetingBody(mediaType string, plain []byte) Body {
	return newBody(mediaType, plain, web.Soonest)
}

func newBody(mediaType string, plain []byte, effort web.Effort) Body {
	hash := sha256.Sum256(plain)
	tag := hex.EncodeToString(hash[:9])
	b := Body{mediaType: []string{mediaType}, size: len(plain), plain: encode(plain, tag)}
	b.plain.bytes = nil
	if len(plain) < worthwhile || mediaType == "image/png" { // which is compressed in itself
		b.unpacked = func() []byte { return plain }
		return b
	}
	var kept atomic.Pointer[[]byte] // until Brotli has them
	kept.Store(&plain)
	b.brotlied = sync.OnceValue(func() encoded {
		defer kept.Store(nil)
		return encode(web.Brotlied(*kept.Load(), effort), tag+"-br")
	})
	again := sync.OnceValue(func() []byte { return web.Unbrotlied(b.brotlied().bytes, b.size) })
	b.unpacked = func() []byte {
		if plain := kept.Load(); plain != nil {
			return *plain
		}
		return again()
	}
	b.gzipped = sync.OnceValue(func() encoded { return encode(web.Gzipped(b.unpacked()), tag+"-gzip") })
	return b
}

func encode(data []byte, tag string) encoded {
	return encoded{data, []string{strconv.Itoa(len(data))}, []string{`"` + tag + `"`}}
}

// Size returns the most bytes that the body takes in memory, once all forms of
// it are made: none is larger than the plain one.
func (b Body) Size() int {
	if b.gzipped == nil {
		return b.size
	}
	return 3 * b.size
}

// Serve answers GET and HEAD with the body, compressed for those who take it,
// or with 304 for those who have it.
func (b Body) Serve(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header["Cache-Control"], header["Vary"] = cacheControl, vary
	chosen, coding := b.plain, web.Plain
	if b.gzipped != nil {
		coding = web.CodingFor(r)
	}
	switch coding {
	case web.Brotli:
		chosen = b.brotlied()
	case web.Gzip:
		chosen = b.gzipped()
	}
	header["Etag"] = chosen.etag
	if matches(r.Header["If-None-Match"], chosen.etag[0]) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if coding != web.Plain {
		header["Content-Encoding"] = encodings[coding]
	}
	header["Content-Type"], header["Content-Length"] = b.mediaType, chosen.length
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return
	}
	if coding == web.Plain {
		chosen.bytes = b.unpacked()
	}
	_, _ = w.Write(chosen.bytes) // a reader who has gone is no fault of ours
}

// matches reports whether an If-None-Match header holds the tag: a list of
// tags, weak ones included, or "*" (RFC 9110, section 13.1.2). A tag may hold
// commas (section 8.8.3), and a list empty elements (5.6.1). What comes after
// something else is not read.
func matches(lines []string, tag string) bool {
	for _, line := range lines {
		for rest := line; ; {
			rest = strings.TrimLeft(rest, " \t,")
			if rest == "*" {
				return true
			}
			quoted, found := strings.CutPrefix(strings.TrimPrefix(rest, "W/"), `"`)
			end := strings.IndexByte(quoted, '"')
			if !found || end < 0 {
				break
			}
			if quoted[:end] == tag[1:len(tag)-1] {
				return true
			}
			rest = strings.TrimLeft(quoted[end+1:], " \t")
			if rest != "" && rest[0] != ',' {
				break
			}
		}
	}
	return false
}
