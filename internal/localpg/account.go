package localpg

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is whom the server runs as.
type account struct {
	name     string
	uid, gid uint32
	other    bool // than ourselves: we are root, which PostgreSQL refuses to run as
}

// chooseAccount returns whom the server of a folder runs as: ourselves, or, when
// we are root, the owner of the data, else postgres, else nobody. It fails if the
// folder exists and belongs to neither.
func chooseAccount(dir string) (account, error) {
	uid, gid := uint32(os.Geteuid()), uint32(os.Getegid())
	owner := uid
	switch info, err := os.Stat(dir); {
	case err == nil:
		stat := info.Sys().(*syscall.Stat_t)
		owner, gid = stat.Uid, stat.Gid
	case !errors.Is(err, fs.ErrNotExist):
		return account{}, folderError(dir, err)
	}
	switch {
	case uid != 0 && owner == uid:
		return account{name: accountName(uid), uid: uid, gid: gid}, nil
	case uid != 0:
		return account{}, fmt.Errorf("the folder %s belongs to %s; take another one: --data-dir DIR", dir, accountName(owner))
	case owner != 0:
		return account{name: accountName(owner), uid: owner, gid: gid, other: true}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			return accountOf(u)
		}
	}
	return account{}, errors.New("PostgreSQL refuses to run as root, and this machine has neither an account postgres nor nobody; type: useradd --system postgres")
}

// accountOf turns an entry of the system's list of users into an account to switch to.
func accountOf(u *user.User) (account, error) {
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("reading the number of the account %s: %w", u.Username, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("reading the group of the account %s: %w", u.Username, err)
	}
	return account{name: u.Username, uid: uint32(uid), gid: uint32(gid), other: true}, nil
}

// accountName is the name of a user, or the number of one without.
func accountName(uid uint32) string {
	number := strconv.FormatUint(uint64(uid), 10)
	if u, err := user.LookupId(number); err == nil {
		return u.Username
	}
	return "user " + number
}

// process is how the account's processes are started: in a session of their own,
// so that a Ctrl-C in our terminal does not reach them, and with the account's
// rights alone.
func (a account) process() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setsid: true}
	if a.other {
		attr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
	return attr
}

// own gives a file of the folder to the account.
func (a account) own(f *os.File) error {
	if !a.other {
		return nil
	}
	err := f.Chown(int(a.uid), int(a.gid))
	switch {
	case errors.Is(err, fs.ErrPermission):
		return a.switchError(err)
	case err != nil:
		return folderError(filepath.Clean(f.Name()), err)
	}
	return nil
}

// switchError explains why a process or a file could not be given to the account:
// as a rule the container has taken that right from root.
func (a account) switchError(err error) error {
	return fmt.Errorf("root may not switch to the account %s here, and PostgreSQL refuses to run as root (%w); "+
		"run this as an ordinary user, in a container: docker run --user 1000", a.name, err)
}

// barrier returns the first folder on the way to path that the account may not
// enter, or "".
func (a account) barrier(path string) string {
	parent := filepath.Dir(path)
	if parent != path {
		if above := a.barrier(parent); above != "" {
			return above
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		return path
	}
	stat := info.Sys().(*syscall.Stat_t)
	enter := fs.FileMode(0o001)
	switch {
	case stat.Uid == a.uid:
		enter = 0o100
	case stat.Gid == a.gid:
		enter = 0o010
	}
	if info.Mode()&enter == 0 {
		return path
	}
	return ""
}
