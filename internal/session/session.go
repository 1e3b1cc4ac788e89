// Package session keeps who is signed in between requests. The cookie holds a
// random token; what belongs to it lies in a store, under the token's hash.
package session

import (
	"context"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
)

const (
	// Lifetime is how long a session lasts, from the sign-in on. It does not
	// end earlier without use: reading a page must change no row.
	Lifetime = 30 * 24 * time.Hour
	// anonymous is how long something is kept for somebody who has yet to sign in.
	anonymous = 24 * time.Hour
	// byLink is how long somebody who signed in by a one-time link may set a
	// password without the current one. The session lasts longer, and a browser
	// that is left open must not give the account away.
	byLink = 15 * time.Minute
)

// Cookie names. Browsers take the prefix __Host- from this host over https
// alone, so that nobody else can plant a session (RFC 6265bis, section 4.1.3.2).
const (
	secureCookie = "__Host-broadsheet"
	plainCookie  = "broadsheet"
)

// Sessions loads and saves sessions.
type Sessions struct {
	manager *scs.SessionManager
}

// Person is what a session knows of who is signed in. The zero Person is
// nobody.
type Person struct {
	ID     int64
	Epoch  int    // of the person's sessions when this one began
	Role   string // when the token was last renewed
	ByLink bool   // signed in by a one-time link, without the password, a quarter of an hour ago at most
}

// New returns sessions in a store. Over https, secure makes the cookie one
// that is sent over https only.
func New(sessions Store, secure bool) *Sessions {
	name := plainCookie
	if secure {
		name = secureCookie
	}
	// scs.New would start a store in memory that cleans up for ever.
	return &Sessions{&scs.SessionManager{
		Store:            store{sessions},
		Codec:            scs.GobCodec{},
		HashTokenInStore: true,
		Lifetime:         Lifetime,
		Cookie: scs.SessionCookie{
			Name: name, Path: "/", Secure: secure, HttpOnly: true, SameSite: http.SameSiteLaxMode, Persist: true,
		},
	}}
}

// Person returns who is signed in.
func (s *Sessions) Person(ctx context.Context) Person {
	m := s.manager
	linked := time.Unix(m.GetInt64(ctx, "linked"), 0) // long ago for those who know their password
	return Person{m.GetInt64(ctx, "person"), m.GetInt(ctx, "epoch"), m.GetString(ctx, "role"), time.Since(linked) < byLink}
}

// PersonNow returns who is signed in by now, in an answer that goes on: the
// zero Person when the session has ended since it was loaded.
func (s *Sessions) PersonNow(ctx context.Context) (Person, error) {
	anew, cancel := context.WithTimeout(context.Background(), 4*time.Second) // the request's own context holds what was loaded
	defer cancel()
	anew, err := s.manager.Load(anew, s.manager.Token(ctx))
	if err != nil {
		return Person{}, err
	}
	return s.Person(anew), nil
}

// SignIn makes the session that of a person, under a new token and with a new
// lifetime. What was kept for the one who signs in stays.
func (s *Sessions) SignIn(ctx context.Context, p Person) error {
	if was := s.Person(ctx).ID; was != 0 && was != p.ID {
		s.manager.Remove(ctx, keptKey) // somebody else's words
	}
	if err := s.manager.RenewToken(ctx); err != nil {
		return err
	}
	s.manager.Put(ctx, "person", p.ID)
	s.manager.Put(ctx, "epoch", p.Epoch)
	s.manager.Put(ctx, "role", p.Role)
	s.manager.Remove(ctx, "linked")
	if p.ByLink {
		s.manager.Put(ctx, "linked", time.Now().Unix())
	}
	return nil
}

// SignOut ends the session and everything in it.
func (s *Sessions) SignOut(ctx context.Context) error { return s.manager.Destroy(ctx) }

// Renew gives the session a new token for the role that its person has now.
// It lasts no longer for that.
func (s *Sessions) Renew(ctx context.Context, role string) error {
	deadline := s.manager.Deadline(ctx)
	if err := s.manager.RenewToken(ctx); err != nil {
		return err
	}
	s.manager.SetDeadline(ctx, deadline)
	s.manager.Put(ctx, "role", role)
	return nil
}
