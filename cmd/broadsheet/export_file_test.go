package main

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"broadsheet/internal/pgtest"
)

// exportTo exports everything into a file.
func exportTo(t *testing.T, database, path string) {
	t.Helper()
	succeed(t, "export", "--database-url", database, "--format", "jsonl", "--out", path)
}

// mode returns what lies at a path itself, and its permissions.
func mode(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode()
}

func TestExportIntoAPipe(t *testing.T) {
	t.Parallel()
	database, pipe := pgtest.URL(t), filepath.Join(t.TempDir(), "pipe")
	want := exportAllOf(t, database)
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(pipe, os.O_RDWR|syscall.O_NONBLOCK, 0) // waits for no writer
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	exportTo(t, database, pipe)
	if got := mode(t, pipe); got != fs.ModeNamedPipe|0o600 {
		t.Fatalf("the pipe has become %s", got)
	}
	_ = f.SetReadDeadline(time.Now().Add(patience))
	got := make([]byte, len(want))
	if _, err := io.ReadFull(f, got); err != nil || string(got) != want {
		t.Errorf("the pipe holds %q (%v), want %q", got, err, want)
	}
}

func TestExportThroughALink(t *testing.T) {
	t.Parallel()
	database, dir := pgtest.URL(t), folder(t, map[string]string{"file": "old"})
	file, link, astray := filepath.Join(dir, "file"), filepath.Join(t.TempDir(), "link"), filepath.Join(dir, "astray")
	for name, target := range map[string]string{link: file, astray: filepath.Join(dir, "gone")} {
		if err := os.Symlink(target, name); err != nil {
			t.Fatal(err)
		}
	}
	exportTo(t, database, link)
	if got := mode(t, link); got.Type() != fs.ModeSymlink || read(t, file) != exportAllOf(t, database) {
		t.Errorf("the link has become %s, and its file holds %q", got, read(t, file))
	}
	args := []string{"export", "--database-url", database, "--format", "jsonl", "--out"}
	execute(t, append(args, astray)...).refuses(t, 1, "cannot write "+astray+": no such file or directory; check the path")
	execute(t, append(args, dir)...).refuses(t, 2, dir+" is a folder; name a file")
}

func TestExportHeedsTheUmask(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	for umask, want := range map[string]fs.FileMode{"077": 0o600, "022": 0o644, "002": 0o664} {
		kept, file := filepath.Join(t.TempDir(), "kept"), filepath.Join(t.TempDir(), "file")
		write(t, kept, "old")
		if err := os.Chmod(kept, 0o646); err != nil {
			t.Fatal(err)
		}
		for path, want := range map[string]fs.FileMode{file: want, kept: 0o646} {
			cmd := program(t, "export", "--database-url", database, "--format", "jsonl", "--out", path)
			cmd.Args = append([]string{"sh", "-c", "umask " + umask + ` && exec "$0" "$@"`, cmd.Path}, cmd.Args[1:]...)
			cmd.Path = "/bin/sh"
			if r := finish(t, cmd); r.status != 0 {
				t.Fatalf("%+v", r)
			}
			if got := mode(t, path); got != want {
				t.Errorf("umask %s: %s is %s, want %s", umask, filepath.Base(path), got, want)
			}
		}
	}
}
