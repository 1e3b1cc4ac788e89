package session

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
)

func TestRewriteKeptForms(t *testing.T) {
	rows := &memory{rows: map[string][]byte{}}
	s := New(rows, false)
	ctx, err := s.manager.Load(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	s.manager.Put(ctx, "person", int64(7))
	for _, body := range []string{"note=By+Jane%26Doe&title=x", Secret + "=Jane%26Doe&do=redact"} {
		if _, complaint := s.Keep(ctx, "/desk/items", body); complaint != "" {
			t.Fatal(complaint)
		}
	}
	deadline, values := time.Now().Add(time.Hour).UTC(), map[string]any{"person": int64(7), keptKey: s.manager.GetBytes(ctx, keptKey)}
	data, err := scs.GobCodec{}.Encode(deadline, values)
	if err != nil {
		t.Fatal(err)
	}
	redact := func(value string) string { return strings.ReplaceAll(value, "Jane&Doe", "(redacted)") }
	written := Rewrite(data, redact)
	until, now, err := scs.GobCodec{}.Decode(written)
	if err != nil || !until.Equal(deadline) || now["person"] != int64(7) {
		t.Fatalf("the rest is %v until %s (%v)", now, until, err)
	}
	kept := string(now[keptKey].([]byte))
	if want := url.QueryEscape("By (redacted)"); !strings.Contains(kept, want) || strings.Contains(kept, "Jane") {
		t.Errorf("kept is %s", kept)
	}
	for name, data := range map[string][]byte{"again": written, "what is no session": []byte("x")} {
		if got := Rewrite(data, redact); got != nil {
			t.Errorf("%s is rewritten to %q", name, got)
		}
	}
}
