package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/go-chi/chi/v5/middleware"

	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// Limits of the sign-in. An attempt counts when it begins, so that many at
// once count as many; one that succeeds is taken back.
const (
	window     = 15 * time.Minute
	perAccount = 10
	perClient  = 30
)

// counters are the keys under which an attempt counts.
type counters struct{ account, client string }

// countersOf returns the counters of an attempt to sign in. Those of e-mails
// that nobody has are like all others.
func countersOf(r *http.Request, email string) counters {
	sum := sha256.Sum256([]byte(strings.ToLower(email)))
	return counters{"account " + hex.EncodeToString(sum[:]), Client(r)}
}

// Client returns the key under which the attempts of whoever asks are counted:
// the client's address, and for IPv6 the network of 64 bits that one
// subscriber has.
func Client(r *http.Request) string {
	ip := middleware.GetClientIPAddr(r.Context())
	if ip.Is6() {
		ip = netip.PrefixFrom(ip, 64).Masked().Addr()
	}
	return "client " + ip.String()
}

// count counts an attempt, and refuses it when there were too many.
func (c counters) count(ctx context.Context, store *postgres.Store) error {
	if err := Limit(ctx, store, c.client, perClient); err != nil {
		return err
	}
	return Limit(ctx, store, c.account, perAccount)
}

// Limit counts an attempt under a key; beyond the limit of a quarter of an
// hour the error is a [page.TooMany].
func Limit(ctx context.Context, store *postgres.Store, key string, limit int) error {
	n, rest, err := store.Attempt(ctx, key, window)
	if err == nil && n > limit {
		err = &page.TooMany{Wait: rest}
	}
	return err
}
