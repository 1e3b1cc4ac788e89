package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestExecute(t *testing.T) {
	var said strings.Builder
	err := execute(t.Context(), &said, "sh", "-c", "echo out; echo err >&2; exit 3")
	if err == nil || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("a command that exits with 3 ends with %v", err)
	}
	if said.String() != "out\nerr\n" {
		t.Errorf("it is heard to say %q", said.String())
	}
}

func TestExecuteInterrupts(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	ended := make(chan error)
	go func() {
		err := execute(ctx, w, "sh", "-c", `trap 'echo tidied; exit 4' INT; echo ready; while :; do sleep 0.05; done`)
		w.Close()
		ended <- err
	}()
	said := make([]byte, len("ready\n"))
	if _, err := io.ReadFull(r, said); err != nil {
		t.Fatal(err)
	}
	cancel()
	rest, _ := io.ReadAll(r)
	if err := <-ended; err == nil || string(rest) != "tidied\n" {
		t.Errorf("after %q it ended with %v, saying %q", said, err, rest)
	}
}

func TestGofmt(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, test := range []struct {
		source string
		ok     bool
	}{
		{"package lamp\n", true},
		{"package  lamp\n", false},
		{"packet lamp\n", false},
	} {
		write(t, "lamp.go", test.source)
		if err := gofmt(t.Context(), io.Discard); (err == nil) != test.ok {
			t.Errorf("gofmt on %q: %v", test.source, err)
		}
	}
}

func TestUnreachable(t *testing.T) {
	for _, test := range []struct {
		name, said string
		want       bool
	}{
		{"no network", `govulncheck: fetching vulnerabilities: Get "https://vuln.example/index/modules.json.gz": dial tcp: lookup vuln.example: no such host` + "\n", true},
		{"refused", "go: downloading golang.org/x/vuln v1.8.0\ngovulncheck: fetching vulnerabilities: HTTP GET /index returned unexpected status: 403 Forbidden\n", true},
		{"a finding", "=== Symbol Results ===\n\nVulnerability #1: GO-2099-0001\n    govulncheck: fetching vulnerabilities: a lamp goes out\nYour code is affected by 1 vulnerability.\n", false},
		{"code that does not compile", "govulncheck: loading packages: lamp.go:3:1: expected declaration\n", false},
		{"nothing", "", false},
	} {
		if got := unreachable(test.said); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestStale(t *testing.T) {
	folder := t.TempDir()
	lock := filepath.Join(folder, "package-lock.json")
	installed := filepath.Join(folder, "node_modules", ".package-lock.json")
	expect := func(situation string, want bool) {
		t.Helper()
		if got := stale(folder); got != want {
			t.Errorf("%s: stale is %v, want %v", situation, got, want)
		}
	}
	write(t, lock, "{}")
	expect("no packages", true)
	write(t, filepath.Join(folder, "node_modules", "lamp", "package.json"), "{}")
	expect("stopped half-way", true)
	write(t, installed, "{}")
	noon := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		situation string
		installed time.Time
		want      bool
	}{
		{"installed before the lock changed", noon.Add(-time.Second), true},
		{"installed since", noon.Add(time.Second), false},
	} {
		setTime(t, lock, noon)
		setTime(t, installed, test.installed)
		expect(test.situation, test.want)
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func setTime(t *testing.T, file string, at time.Time) {
	t.Helper()
	if err := os.Chtimes(file, at, at); err != nil {
		t.Fatal(err)
	}
}
