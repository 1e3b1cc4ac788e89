// Package password turns passwords into hashes that may be stored, and holds
// new passwords to a few rules. It hashes with argon2id (RFC 9106).
package password

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// params say what one hash costs.
type params struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
}

// Costs of a hash: the first choice of the OWASP Password Storage Cheat Sheet
// for argon2id, and the least there is.
var (
	recommended = params{memory: 19 << 10, passes: 2, lanes: 1}
	cheap       = params{memory: 8, passes: 1, lanes: 1}
)

const (
	saltBytes = 16 // RFC 9106, section 3.1
	hashBytes = 32
	// memory is what hashing may take at once, in KiB: five hashes. Sign-ins
	// beyond wait, so that many of them cannot use up the machine.
	memory = 96 << 10
	// patience is how long a sign-in waits for its turn.
	patience = 3 * time.Second
)

// Hasher hashes a bounded number of passwords at once.
type Hasher struct {
	cost     params
	turns    chan struct{}
	computed atomic.Int64
}

// New returns a hasher. A process needs one.
func New() *Hasher { return newHasher(recommended) }

// NewCheap returns a hasher for tests of other things: its hashes cost next to
// nothing and protect nothing.
func NewCheap() *Hasher { return newHasher(cheap) }

func newHasher(cost params) *Hasher {
	atOnce := min(int(memory/cost.memory), runtime.GOMAXPROCS(0))
	return &Hasher{cost: cost, turns: make(chan struct{}, atOnce)}
}

// Computed returns how many hashes have been computed: tests hold with it that
// a sign-in costs the same for those who exist and those who do not.
func (h *Hasher) Computed() int64 { return h.computed.Load() }

// Hash returns a password's hash as a PHC string, with a salt of its own. It
// waits its turn; the error is that of ctx or [context.DeadlineExceeded].
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails, see crypto/rand
	sum, err := h.compute(ctx, password, salt, h.cost)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		h.cost.memory, h.cost.passes, h.cost.lanes, encoding.EncodeToString(salt), encoding.EncodeToString(sum)), nil
}

// Verify reports whether a password is the one of a hash, and whether it is to
// be hashed anew because hashes cost more by now. A hash that cannot be read,
// such as the empty one of somebody without a password, takes the same time
// and fits no password.
func (h *Hasher) Verify(ctx context.Context, hash, password string) (fits, outdated bool, err error) {
	p, salt, want, ok := parse(hash)
	if !ok {
		p, salt, want = h.cost, make([]byte, saltBytes), nil
	}
	got, err := h.compute(ctx, password, salt, p)
	fits = err == nil && ok && subtle.ConstantTimeCompare(got, want) == 1
	return fits, fits && p != h.cost, err
}

// compute hashes when a turn is free.
func (h *Hasher) compute(ctx context.Context, password string, salt []byte, p params) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case h.turns <- struct{}{}:
		defer func() { <-h.turns }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
	h.computed.Add(1)
	// The same password typed on another device may be composed otherwise
	// (NIST SP 800-63B, section 5.1.1.2).
	plain := []byte(norm.NFKC.String(password))
	return argon2.IDKey(plain, salt, p.passes, p.memory, p.lanes, hashBytes), nil
}

var encoding = base64.RawStdEncoding.Strict()

// parse reads a PHC string of argon2id. One that would cost more than a
// process has is not read.
func parse(hash string) (p params, salt, sum []byte, ok bool) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return params{}, nil, nil, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.passes, &p.lanes); err != nil ||
		p.memory > memory || p.passes < 1 || p.passes > 16 || p.lanes < 1 {
		return params{}, nil, nil, false
	}
	salt, err1 := encoding.DecodeString(parts[4])
	sum, err2 := encoding.DecodeString(parts[5])
	return p, salt, sum, err1 == nil && err2 == nil && len(salt) >= 8 && len(sum) == hashBytes
}
