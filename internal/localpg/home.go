package localpg

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// The files of a home beside PostgreSQL's own.
const (
	dataName   = "data"       // PostgreSQL's data directory
	newName    = "data.new"   // the same while initdb fills it
	startName  = "start.lock" // held while somebody starts or stops the server
	leasesName = "lease.lock" // shared by all who use the server
	aliveName  = "alive.lock" // held by the server's own processes
	logName    = "server.log" // what the server prints
)

// home is the folder with everything of one private server. Only the account it
// runs as may enter it: that, not a password, guards the database.
type home struct {
	dir     string   // absolute
	files   *os.Root // the same; root trusts no link that the account might leave there
	account account
}

// DefaultDir returns where data lies when nobody says otherwise: .data in the
// working directory, or for root a folder of /var/lib/broadsheet named by eight
// hex digits of the working directory's hash (the server's account could hardly
// reach .data in root's own folder).
func DefaultDir() string {
	if os.Geteuid() != 0 {
		return ".data"
	}
	here, err := os.Getwd()
	if err != nil {
		here = "/"
	}
	return filepath.Join("/var/lib/broadsheet", shortHash(here))
}

// shortHash is eight hex digits that stand for a path in the name of a folder.
func shortHash(path string) string {
	sum := sha256.Sum256([]byte(path))
	return hex.EncodeToString(sum[:4])
}

// openHome returns the home in the data folder, made if it is missing.
func openHome(dir string) (*home, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("finding the working directory: %w", err)
	}
	h := &home{dir: filepath.Join(dir, "postgres")}
	if h.account, err = chooseAccount(h.dir); err != nil {
		return nil, err
	}
	mode := fs.FileMode(0o700)
	if h.account.other {
		mode = 0o711 // the account must get through to its part
	}
	if err := makeFolders(dir, mode); err != nil {
		return nil, folderError(dir, err)
	}
	if err := os.Mkdir(h.dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, folderError(h.dir, err)
	}
	if h.files, err = os.OpenRoot(h.dir); err != nil {
		return nil, folderError(h.dir, err)
	}
	if err := h.claim(); err != nil {
		h.files.Close()
		return nil, err
	}
	return h, nil
}

// claim makes the home the account's own, and closed to all others.
func (h *home) claim() error {
	self, err := h.files.Open(".")
	if err != nil {
		return folderError(h.dir, err)
	}
	defer self.Close()
	if err := h.account.own(self); err != nil {
		return err
	}
	if err := self.Chmod(0o700); err != nil {
		return folderError(h.dir, err)
	}
	return nil
}

// makeFolders makes the missing folders of a path. They get the mode whatever the
// umask is: a strict one of root's would shut the server's account out.
func makeFolders(path string, mode fs.FileMode) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := makeFolders(filepath.Dir(path), mode); err != nil {
		return err
	}
	switch err := os.Mkdir(path, mode); {
	case errors.Is(err, fs.ErrExist): // another of our processes was faster
		return nil
	case err != nil:
		return err
	}
	return os.Chmod(path, mode)
}

// folderError explains why a folder cannot be used.
func folderError(dir string, err error) error {
	reason := err.Error()
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		reason = pathErr.Op + " " + pathErr.Path + ": " + pathErr.Err.Error()
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("the disk of %s is full (%s); see what fills it: df -h %[1]s", dir, reason)
	}
	if errors.Is(err, fs.ErrPermission) {
		reason += ", " + nearestOwner(dir)
	}
	return fmt.Errorf("cannot use the folder %s (%s); take another one: --data-dir DIR", dir, reason)
}

// nearestOwner says whose the folder is, or the nearest one above that we can see.
func nearestOwner(dir string) string {
	info, err := os.Stat(dir)
	for err != nil && dir != "/" {
		dir = filepath.Dir(dir)
		info, err = os.Stat(dir)
	}
	if err != nil {
		return "not even / can be seen"
	}
	return dir + " belongs to " + accountName(info.Sys().(*syscall.Stat_t).Uid)
}

// open opens a file of the home, made if it is missing.
func (h *home) open(name string, flag int) (*os.File, error) {
	f, err := h.files.OpenFile(name, flag|os.O_CREATE, 0o600)
	if err != nil {
		return nil, folderError(h.dir, err)
	}
	if err := h.account.own(f); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// longestSocket is what the shortest of the systems allows the path of a socket:
// 104 bytes with the final zero on macOS and the BSDs, 108 on Linux.
const longestSocket = 103

// socketDir returns the folder for the server's socket: the home, or, when its
// path is too long or has a comma (which separates hosts in an address), a short
// one for temporary files that is made here and that only the account can enter.
func (h *home) socketDir() (string, error) {
	const name = "/.s.PGSQL.5432"
	if len(h.dir+name) <= longestSocket && !strings.Contains(h.dir, ",") {
		return h.dir, nil
	}
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("broadsheet-%d-%s", h.account.uid, shortHash(h.dir)))
	if len(dir+name) > longestSocket || strings.Contains(dir, ",") {
		return "", fmt.Errorf("the path of the database's socket would be too long (%d bytes are allowed) in %s as in %s; "+
			"take a shorter folder: --data-dir DIR", longestSocket, h.dir, dir)
	}
	if err := os.Mkdir(dir, 0o700); err == nil && h.account.other {
		if err := os.Lchown(dir, int(h.account.uid), int(h.account.gid)); err != nil {
			return "", h.account.switchError(err)
		}
	} else if err != nil && !errors.Is(err, fs.ErrExist) {
		return "", folderError(dir, err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", folderError(dir, err)
	}
	if info.Mode() != fs.ModeDir|0o700 || info.Sys().(*syscall.Stat_t).Uid != h.account.uid {
		return "", fmt.Errorf("%s, meant for the database's socket, is somebody else's; take a folder with a shorter path: --data-dir DIR", dir)
	}
	return dir, nil
}
