package password

import (
	"context"
	"errors"
	"strings"
	"testing"

	"golang.org/x/crypto/argon2"
)

func TestHashFitsItsPasswordAlone(t *testing.T) {
	h := New()
	hash, err := h.Hash(t.Context(), "four tall blue herons")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the hash is %q", hash)
	}
	again, err := h.Hash(t.Context(), "four tall blue herons")
	if err != nil || again == hash {
		t.Errorf("the same password has the same hash twice, or %v", err)
	}
	for password, want := range map[string]bool{
		"four tall blue herons": true, "four tall blue heron": false, "Four tall blue herons": false, " four tall blue herons": false, "": false,
	} {
		fits, outdated, err := h.Verify(t.Context(), hash, password)
		if err != nil || fits != want || outdated {
			t.Errorf("%q: fits %v, outdated %v, %v", password, fits, outdated, err)
		}
	}
}

// Two keyboards write the same letter in two ways.
func TestComposedLettersAreTheSame(t *testing.T) {
	h := New()
	hash, err := h.Hash(t.Context(), "ein gro\u00dfer caf\u00e9")
	if err != nil {
		t.Fatal(err)
	}
	if fits, _, err := h.Verify(t.Context(), hash, "ein gro\u00dfer cafe\u0301"); !fits || err != nil {
		t.Errorf("fits %v, %v", fits, err)
	}
}

// The vector of the reference implementation, as PHC string.
// https://github.com/P-H-C/phc-winner-argon2/blob/master/src/test.c
func TestKnownHashes(t *testing.T) {
	sum := argon2.IDKey([]byte("password"), []byte("somesalt"), 2, 256, 1, hashBytes)
	known := "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	if !strings.HasSuffix(known, encoding.EncodeToString(sum)) {
		t.Fatalf("argon2id gives %s", encoding.EncodeToString(sum))
	}
	fits, outdated, err := New().Verify(t.Context(), known, "password")
	if !fits || !outdated || err != nil {
		t.Errorf("fits %v, outdated %v, %v; want a cheap hash to fit and to be made anew", fits, outdated, err)
	}
}

// What is no hash costs what one costs, and lets nobody in.
func TestNoHashTakesAsLong(t *testing.T) {
	h := New()
	for _, hash := range []string{
		"", "x", "$argon2id$", "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
		"$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
		"$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
		"$argon2id$v=19$m=256,t=0,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
		"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$", "$argon2id$v=19$m=256,t=2,p=1$$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
	} {
		before := h.Computed()
		fits, outdated, err := h.Verify(t.Context(), hash, "")
		if fits || outdated || err != nil || h.Computed() != before+1 {
			t.Errorf("%q: fits %v, outdated %v, %v, %d hashes computed", hash, fits, outdated, err, h.Computed()-before)
		}
	}
}

func TestManyWaitTheirTurn(t *testing.T) {
	h := New()
	for range cap(h.turns) {
		h.turns <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Hash(ctx, "whatever it is"); !errors.Is(err, context.Canceled) || h.Computed() != 0 {
		t.Errorf("%v, want the end of the context without a hash", err)
	}
	done := make(chan error)
	go func() {
		_, err := h.Hash(t.Context(), "whatever it is")
		done <- err
	}()
	<-h.turns
	if err := <-done; err != nil || len(h.turns) != cap(h.turns)-1 {
		t.Errorf("%v, %d turns are taken", err, len(h.turns))
	}
}

func TestComplaint(t *testing.T) {
	about := []string{"Inès Berg", "ines.berg@letter.example"}
	for password, want := range map[string]string{
		"four tall blue herons":           "",
		"inès berg keeps herons":          "",
		"ínès-höhe-42":                    "",
		"short":                           "too short",
		"äöüäöüäöü":                       "too short",
		strings.Repeat("long ", 52) + "!": "too long",
		"aaaaaaaaaaaa":                    "first that anybody tries",
		"Password123":                     "first that anybody tries",
		"Inès Berg 12":                    "little more than your name",
		"ines.berg@letter.example":        "little more than your name",
		"letter.example1":                 "little more than your name",
	} {
		got := Complaint(password, about...)
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
	if Complaint("four tall blue herons", "", "@") != "" {
		t.Error("empty words about the person change the password")
	}
}
