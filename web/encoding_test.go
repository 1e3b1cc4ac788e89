package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"testing"

	"pgregory.net/rapid"
)

// TestCompressedComesBack has every form unpacked to what it was made of, by
// writers that were used for other data before: small and large, alike and not.
func TestCompressedComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.SliceOfN(rapid.Byte(), 1, 300).Draw(t, "part")
		data := bytes.Repeat(part, rapid.IntRange(0, 8*long/len(part)).Draw(t, "times"))
		data = append(data, rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "rest")...)
		efforts := []Effort{Soonest, Tight}
		if len(data) < 1000 { // more takes long
			efforts = append(efforts, Smallest)
		}
		for _, effort := range efforts {
			packed := Brotlied(data, effort)
			if got := Unbrotlied(packed, len(data)); !bytes.Equal(got, data) {
				t.Errorf("%d bytes come back from Brotli as others", len(data))
			}
		}
		unzip, err := gzip.NewReader(bytes.NewReader(Gzipped(data)))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(unzip); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%d bytes come back from gzip as %d others (%v)", len(data), len(got), err)
		}
	})
}
