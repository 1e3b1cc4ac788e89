// Package desk is everything behind the sign-in but people and their accounts:
// the inbox, items, the board, preview and publishing, and the owner's
// pages. Every page is a plain form that works without a script.
package desk

import (
	"log/slog"
	"slices"
	"time"

	"broadsheet/internal/address"
	"broadsheet/internal/live"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// Options are what the desk is made from.
type Options struct {
	Store  *postgres.Store
	Now    *live.Now
	Base   address.Base
	Log    *slog.Logger
	Errors page.Errors

	PrivateWebhook bool // it may be at an address that is not public
}

// Desk answers people who have signed in.
type Desk struct {
	store  *postgres.Store
	now    *live.Now
	base   address.Base
	log    *slog.Logger
	errors page.Errors
	inside bool             // the webhook may be at an address that is not public
	clock  func() time.Time // of the days; tests have one that stands still
	beat   time.Duration    // of streams; tests have another one
	glance time.Duration    // of streams, too
}

// New returns a desk. It asks the database nothing until a page is asked for.
func New(o Options) *Desk {
	return &Desk{store: o.Store, now: o.Now, base: o.Base, log: o.Log, errors: o.Errors, inside: o.PrivateWebhook, clock: time.Now, beat: heartbeat, glance: glance}
}

// Routes returns every route of the desk with the action it needs. Handlers
// still ask what the action's object decides.
func (d *Desk) Routes() []page.Route {
	return slices.Concat(d.collectRoutes(), d.composeRoutes(), d.remarkRoutes())
}
