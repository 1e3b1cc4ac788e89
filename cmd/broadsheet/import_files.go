package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"broadsheet/internal/exchange"
)

// found is a file to import, or a place where none can be read.
type found struct {
	name string
	err  error
}

// read reads and parses the file.
func (f found) read(format exchange.Format) (exchange.Document, error) {
	file, err := f.open()
	if err != nil {
		return exchange.Document{}, err
	}
	defer file.Close()
	return exchange.ReadNamed(f.name, file, format)
}

func (f found) open() (*os.File, error) {
	if f.err != nil {
		return nil, f.err
	}
	file, err := os.Open(f.name)
	if err != nil {
		return nil, fmt.Errorf("cannot be opened: %w; check the path", cause(err))
	}
	return file, nil
}

// listFiles returns the named files and every file in the named folders, in
// order of their names. What is hidden in folders is left out, and so are links
// to other folders, which could lead in circles.
func listFiles(paths []string) []found {
	var files []found
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case err == nil && info.IsDir():
			inside := walk(path)
			slices.SortFunc(inside, func(a, b found) int { return strings.Compare(a.name, b.name) })
			files = append(files, inside...)
		case path == "/dev/stdin" || strings.HasPrefix(path, "/dev/fd/"): // open already
			files = append(files, found{name: path})
		default:
			files = append(files, checked(path, info, err))
		}
	}
	return files
}

// walk returns everything in a folder that is to be read: files, and what
// looks like one and is named as a failure.
func walk(folder string) []found {
	var inside []found
	folder += string(filepath.Separator) // a link to a folder is followed
	_ = filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		switch hidden := name != folder && strings.HasPrefix(entry.Name(), "."); {
		case err != nil:
			inside = append(inside, found{name, fmt.Errorf("cannot be read: %w; check the folder", cause(err))})
		case hidden && entry.IsDir():
			return fs.SkipDir
		case hidden || entry.IsDir():
		default:
			info, err := os.Stat(name)
			if err != nil || !info.IsDir() {
				inside = append(inside, checked(name, info, err))
			}
		}
		return nil // what cannot be read does not stop the others
	})
	return inside
}

// checked tells files, and links to them, from pipes and the like, which could
// keep a reader waiting for ever. info and err are what [os.Stat] says of name.
func checked(name string, info fs.FileInfo, err error) found {
	switch {
	case err != nil:
		return found{name, fmt.Errorf("cannot be opened: %w; check the path", cause(err))}
	case !info.Mode().IsRegular():
		return found{name, errors.New("is not a file; name the files or folders to read")}
	}
	return found{name: name}
}
