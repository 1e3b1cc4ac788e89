package main

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// writeFile writes what do writes to path. A file appears whole or not at all,
// and a link to it stays a link. Pipes and devices are written as they are.
func writeFile(path string, do func(io.Writer) error) error {
	info, err := os.Stat(path)
	switch _, noLink := os.Lstat(path); {
	case errors.Is(err, fs.ErrNotExist) && errors.Is(noLink, fs.ErrNotExist):
		return writeWhole(path, nil, do)
	case err != nil:
		return cannotWrite(path, err)
	case info.IsDir():
		return wrongWords(path + " is a folder; name a file")
	case info.Mode().IsRegular():
		return writeWhole(path, info, do)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return cannotWrite(path, err)
	}
	return fill(f, do)
}

// writeWhole writes a file under a temporary name beside its own and renames it.
// A new one is as open to others as the shell's umask wants, drafts and all; one
// that is replaced keeps its mode.
func writeWhole(path string, replaced fs.FileInfo, do func(io.Writer) error) error {
	target := path
	if replaced != nil {
		var err error
		if target, err = filepath.EvalSymlinks(path); err != nil {
			return cannotWrite(path, err)
		}
	}
	temporary := filepath.Join(filepath.Dir(target), ".broadsheet-"+rand.Text())
	f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return cannotWrite(path, err)
	}
	if replaced != nil {
		err = f.Chmod(replaced.Mode().Perm())
	}
	if err = errors.Join(err, fill(f, do)); err == nil {
		err = os.Rename(temporary, target)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	return nil
}

// fill writes what do writes, and closes the file.
func fill(f *os.File, do func(io.Writer) error) error {
	w := bufio.NewWriter(f)
	return errors.Join(do(w), w.Flush(), f.Close())
}

func cannotWrite(path string, err error) error {
	return fmt.Errorf("cannot write %s: %w; check the path", path, cause(err))
}
