// Package web holds what the pages are made of: the templates, and the style
// sheet and icon that browsers fetch. Everything is embedded in the program;
// nothing is built beforehand.
package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed templates static
var embedded embed.FS

// prefix is the path under which [Static] answers.
const prefix = "/static/"

// Templates returns the page templates: base/, partials/ and a folder for each
// audience.
func Templates() fs.FS { return sub("templates") }

func sub(folder string) fs.FS {
	files, err := fs.Sub(embedded, folder)
	if err != nil {
		panic(err) // the folder is part of the program
	}
	return files
}

// Asset returns the address of a file under static/: "site.css" is at
// "/static/site.3f2a91c07d4e.css". The hash is that of the content, so that a
// browser may keep the file for ever. The modules in a folder name each other
// without hashes, so their folder has one: "desk/board.js" is at
// "/static/desk.90c2b8f7714d/board.js". It fails for a name that does not
// exist.
func Asset(name string) (string, error) {
	file, ok := assets().named[name]
	if !ok {
		return "", fmt.Errorf("there is no static file %q", name)
	}
	return file.address, nil
}

// Static answers GET and HEAD under /static/ for the addresses that [Asset]
// gives, and 404 for all others.
func Static() http.Handler { return http.HandlerFunc(serveStatic) }

func serveStatic(w http.ResponseWriter, r *http.Request) {
	file, ok := assets().addressed[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	header.Set("Content-Type", file.mediaType)
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("Vary", "Accept-Encoding")
	body, coding := file.plain, CodingFor(r)
	switch coding {
	case Brotli:
		body = file.brotlied()
	case Gzip:
		body = file.gzipped()
	}
	if coding != Plain {
		header.Set("Content-Encoding", string(coding))
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a reader who has gone is no fault of ours
	}
}

// asset is a static file ready to be sent, compressed when that is first asked
// for.
type asset struct {
	address           string
	mediaType         string
	plain             []byte
	gzipped, brotlied func() []byte
}

type assetIndex struct {
	named     map[string]asset // by file name
	addressed map[string]asset // by address
}

// assets reads the static files when one is first needed.
var assets = sync.OnceValue(func() assetIndex {
	index := assetIndex{map[string]asset{}, map[string]asset{}}
	folders := map[string]string{}
	err := fs.WalkDir(sub("static"), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		file, err := load(name, folders)
		index.named[name], index.addressed[file.address] = file, file
		return err
	})
	if err != nil {
		panic(err) // reading what is part of the program cannot fail
	}
	return index
})

// load reads a file. folders keeps the hashes of folders that were read.
func load(name string, folders map[string]string) (asset, error) {
	plain, err := fs.ReadFile(embedded, "static/"+name)
	if err != nil {
		return asset{}, err
	}
	at, err := hashed(name, plain, folders)
	if err != nil {
		return asset{}, err
	}
	return asset{
		address:   prefix + at,
		mediaType: mediaType(path.Ext(name)),
		plain:     plain,
		gzipped:   sync.OnceValue(func() []byte { return Gzipped(plain) }),
		brotlied:  sync.OnceValue(func() []byte { return Brotlied(plain, Smallest) }),
	}, nil
}

// hashed returns a file's name with the hash of what it holds, or of what its
// folder holds.
func hashed(name string, content []byte, folders map[string]string) (string, error) {
	folder, file := path.Split(name)
	if folder == "" {
		extension := path.Ext(name)
		return strings.TrimSuffix(name, extension) + "." + hashOf(content) + extension, nil
	}
	folder = path.Clean(folder)
	if folders[folder] == "" {
		hash, err := hashOfFolder(folder)
		if err != nil {
			return "", err
		}
		folders[folder] = hash
	}
	return folder + "." + folders[folder] + "/" + file, nil
}

func hashOfFolder(folder string) (string, error) {
	entries, err := fs.ReadDir(embedded, "static/"+folder)
	if err != nil {
		return "", err
	}
	var all []byte
	for _, entry := range entries {
		content, err := fs.ReadFile(embedded, "static/"+folder+"/"+entry.Name())
		if err != nil {
			return "", err
		}
		all = append(append(all, entry.Name()...), content...)
	}
	return hashOf(all), nil
}

func hashOf(content []byte) string {
	hash := sha256.Sum256(content)
	return hex.EncodeToString(hash[:6])
}

// mediaType does not ask the machine's own tables for what we serve, as they
// differ from machine to machine.
func mediaType(extension string) string {
	switch extension {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return mime.TypeByExtension(extension)
}
