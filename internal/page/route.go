package page

import (
	"context"

	"broadsheet/internal/newsletter"
)

// Route declares an address behind the session: what it is for, and so who may
// ask. The server registers it and guards it; a handler only answers for the
// object it concerns, by [newsletter.Allow].
type Route struct {
	Method  string // GET also answers HEAD
	Pattern string // as chi reads it, such as "/desk/items/{id:[0-9]+}"
	Action  newsletter.Action
	Handler Handler
	// Form says that the handler shows its form, filled in and with nothing
	// saved, when [Kept] reports true. Others never see a kept form.
	Form bool
	// Script says that it is no page but for our own scripts: nobody gets 401
	// instead of being led to the sign-in, which a script would take for the
	// answer.
	Script bool
}

type contextKey int

const (
	userKey contextKey = iota
	keptKey
	againKey
)

// WithUser returns a context that says who asks.
func WithUser(ctx context.Context, u newsletter.User) context.Context {
	return context.WithValue(ctx, userKey, u)
}

// User returns who asks: the zero User for nobody.
func User(ctx context.Context) newsletter.User {
	u, _ := ctx.Value(userKey).(newsletter.User)
	return u
}

// WithAgain returns a context that can find out anew who asks.
func WithAgain(ctx context.Context, again func() (newsletter.User, error)) context.Context {
	return context.WithValue(ctx, againKey, again)
}

// Again returns who asks by now, in an answer that goes on: nobody when the
// session has ended or the person was disabled meanwhile.
func Again(ctx context.Context) (newsletter.User, error) {
	if again, ok := ctx.Value(againKey).(func() (newsletter.User, error)); ok {
		return again()
	}
	return User(ctx), nil
}

// WithKept returns a context that says that the request's form was sent
// without a session and kept until now.
func WithKept(ctx context.Context) context.Context { return context.WithValue(ctx, keptKey, true) }

// Kept reports whether the request's form was sent when the session had ended.
// Whoever sent it has signed in since and looks it over: nothing is to be
// saved until it is sent again.
func Kept(ctx context.Context) bool {
	kept, _ := ctx.Value(keptKey).(bool)
	return kept
}
