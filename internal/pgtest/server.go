package pgtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/localpg"
)

// server is where the databases of this process come from.
type server struct {
	url    func(database string) string
	schema schema
	local  *localpg.Server // nil with TEST_DATABASE_URL

	mu       sync.Mutex
	admin    *pgx.Conn            // holds the locks on the databases we use
	taken    map[string]bool      // those databases
	cleaners map[string]*pgx.Conn // to clones that we used: see empty
}

// maintenance is the database that administration goes through.
const maintenance = "postgres"

// open joins or starts the server.
func open(ctx context.Context, what schema) (*server, error) {
	s := &server{schema: what, taken: map[string]bool{}, cleaners: map[string]*pgx.Conn{}}
	if given := os.Getenv("TEST_DATABASE_URL"); given != "" {
		u, err := url.Parse(given)
		if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
			return nil, errors.New("TEST_DATABASE_URL is not an address like postgres://user:password@host/")
		}
		s.url = func(database string) string { return u.JoinPath("..", database).String() }
	} else if err := s.startLocal(ctx); err != nil {
		return nil, err
	}
	var err error
	if s.admin, err = pgx.Connect(ctx, s.url(maintenance)); err != nil {
		err = fmt.Errorf("it does not answer: %w", err)
	} else {
		err = s.forgetKept(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.close(ctx))
	}
	return s, nil
}

func (s *server) startLocal(ctx context.Context) error {
	dir, err := folder()
	if err != nil {
		return err
	}
	if s.local, err = localpg.Start(ctx, localpg.Options{Dir: dir, Throwaway: true}); err != nil {
		return err
	}
	s.url = s.local.URL
	return nil
}

// close leaves the server. It runs on while databases of failed tests are kept in
// it, for a person to look at, until a run of their packages succeeds; in CI nobody
// looks.
func (s *server) close(ctx context.Context) error {
	for name := range s.cleaners {
		s.forgetCleaner(ctx, name)
	}
	looking := false
	if s.admin != nil {
		if os.Getenv("CI") == "" {
			kept, err := s.kept(ctx)
			looking = err == nil && len(kept) > 0
		}
		s.admin.Close(ctx)
	}
	if s.local == nil || looking {
		return nil // the end of the process gives up our share
	}
	return s.local.Close()
}

// room is how much memory must be free for the server to live there: a run of all
// packages with a dozen clones fills about a third.
const room = 1 << 30

// folder returns where the server of this project and this user has its data.
func folder() (string, error) {
	root, err := projectRoot()
	if err != nil {
		return "", err
	}
	base := os.TempDir()
	var memory syscall.Statfs_t
	if err := syscall.Statfs("/dev/shm", &memory); err == nil && uint64(memory.Bavail)*uint64(memory.Bsize) > room {
		base = "/dev/shm"
	}
	sum := sha256.Sum256([]byte(root))
	dir := filepath.Join(base, fmt.Sprintf("broadsheet-test-%d-%x", os.Geteuid(), sum[:4]))
	return dir, checkOwn(dir)
}

// checkOwn refuses a folder that another user of the machine has put in our place.
func checkOwn(dir string) error {
	info, err := os.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !info.IsDir() || info.Mode()&0o022 != 0 || int(info.Sys().(*syscall.Stat_t).Uid) != os.Geteuid() {
		return fmt.Errorf("%s is not a folder of ours alone; name another place: TMPDIR=DIR, or a server: TEST_DATABASE_URL=URL", dir)
	}
	return nil
}

// projectRoot is the nearest folder above with a go.mod.
func projectRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = filepath.Dir(dir)
	}
}
