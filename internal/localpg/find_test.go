package localpg

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// script writes a program of the shell.
func script(t *testing.T, dir, name, body string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+body+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}

// machine makes installations of PostgreSQL below a new folder, which it returns:
// the version that each folder's programs claim.
func machine(t *testing.T, versions map[string]string) string {
	t.Helper()
	top := folder(t)
	for dir, version := range versions {
		script(t, filepath.Join(top, dir), "initdb", "exit 1")
		script(t, filepath.Join(top, dir), "postgres", "echo 'postgres (PostgreSQL) "+version+"'")
	}
	before := roots
	t.Cleanup(func() { roots = before })
	roots = []string{filepath.Join(top, "lib/*/bin")}
	t.Setenv("PATH", filepath.Join(top, "path")+":"+os.Getenv("PATH"))
	return top
}

func TestFind(t *testing.T) {
	tests := []struct {
		name     string
		versions map[string]string
		bindir   string
		want     string // folder
		major    int
	}{
		{"the newest", map[string]string{"lib/98/bin": "98.2 (Debian 98.2-1)", "lib/9/bin": "9.6.24", "lib/99/bin": "99beta1"}, "", "lib/99/bin", 99},
		{"of PATH", map[string]string{"path": "99.0", "lib/98/bin": "98.0"}, "", "path", 99},
		{"PATH before the usual places", map[string]string{"path": "99.0", "lib/99/bin": "99.0"}, "", "path", 99},
		{"the one asked for", map[string]string{"mine": "15.0", "lib/98/bin": "98.0"}, "mine", "mine", 15},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			top := machine(t, tt.versions)
			if tt.bindir != "" {
				t.Setenv("PG_BINDIR", filepath.Join(top, tt.bindir))
			}
			got, err := Find()
			if err != nil {
				t.Fatal(err)
			}
			if want := (Programs{filepath.Join(top, tt.want), tt.major}); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestFindFollowsLinks(t *testing.T) {
	top := machine(t, map[string]string{"real": "99.1", "path": "1.0"})
	for _, name := range []string{"initdb", "postgres"} {
		link := filepath.Join(top, "path", name)
		if err := errors.Join(os.Remove(link), os.Symlink(filepath.Join(top, "real", name), link)); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := Find(); err != nil || got.Bin != filepath.Join(top, "real") {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestFindNothing(t *testing.T) {
	tests := []struct {
		name     string
		versions map[string]string
		bindir   string
		want     string
	}{
		{"nothing", nil, "", "newer on this machine; "},
		{"only an old one", map[string]string{"lib/13/bin": "13.9"}, "", "only 13 in "},
		{"a broken one", map[string]string{"lib/15/bin": "'; exit 1; echo '"}, "", "newer on this machine; "},
		{"nothing where asked", map[string]string{"lib/15/bin": "15.9"}, "mine", "mine; type: unset PG_BINDIR"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			top := machine(t, tt.versions)
			t.Setenv("PATH", "")
			if tt.bindir != "" {
				t.Setenv("PG_BINDIR", filepath.Join(top, tt.bindir))
			}
			_, err := Find()
			if !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want ErrNotFound with %q", err, tt.want)
			}
		})
	}
}
