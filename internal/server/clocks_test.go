package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/pgtest"
	"broadsheet/migrations"
)

// nights are times as they are typed, in zones and around moments in which
// clocks do something odd.
var nights = []struct {
	zone, typed string
	refused     string // why it is not taken, at first or at all
	choices     string // of two moments, in UTC
	want        string // moment that is meant, in UTC; of two the second
}{
	{zone: "Europe/London", typed: "2027-03-28T00:59", want: "2027-03-28T00:59:00Z"},
	{zone: "Europe/London", typed: "2027-03-28T01:30", refused: "choose 00:59 or earlier, or 02:00 or later"},
	{zone: "Europe/London", typed: "2027-03-28T02:00", want: "2027-03-28T01:00:00Z"},
	{zone: "Europe/London", typed: "2027-10-31T01:30", refused: "comes twice", choices: "00:30 UTC, 01:30 UTC", want: "2027-10-31T01:30:00Z"},
	{zone: "America/New_York", typed: "2027-03-14T02:30", refused: "choose 01:59 or earlier, or 03:00 or later"},
	{zone: "America/New_York", typed: "2027-03-14T03:00", want: "2027-03-14T07:00:00Z"},
	{zone: "America/New_York", typed: "2027-11-07T01:30", refused: "comes twice", choices: "05:30 UTC, 06:30 UTC", want: "2027-11-07T06:30:00Z"},
	// Half an hour: https://www.iana.org/time-zones, file australasia.
	{zone: "Australia/Lord_Howe", typed: "2027-04-04T01:45", refused: "comes twice", choices: "3 April, 14:45 UTC, 3 April, 15:15 UTC", want: "2027-04-03T15:15:00Z"},
	{zone: "Australia/Lord_Howe", typed: "2027-10-03T02:15", refused: "choose 01:59 or earlier, or 02:30 or later"},
	{zone: "Australia/Lord_Howe", typed: "2027-10-03T02:30", want: "2027-10-02T15:30:00Z"},
	// A day that begins at one o'clock, and one that ends at eleven twice.
	{zone: "America/Santiago", typed: "2027-09-05T00:00", refused: "choose 23:59 or earlier, or 01:00 or later"},
	{zone: "America/Santiago", typed: "2027-09-05T01:00", want: "2027-09-05T04:00:00Z"},
	{zone: "America/Santiago", typed: "2027-04-03T23:30", refused: "comes twice", choices: "4 April, 02:30 UTC, 4 April, 03:30 UTC", want: "2027-04-04T03:30:00Z"},
	{zone: "Asia/Beirut", typed: "2027-03-28T00:00", refused: "choose 23:59 or earlier, or 01:00 or later"},
	// The leap day, and days that are none.
	{zone: "Europe/Oslo", typed: "2028-02-29T08:00", want: "2028-02-29T07:00:00Z"},
	{zone: "Europe/Oslo", typed: "2027-02-29T08:00", refused: "is no date with a time"},
	// The end of the year, which comes at different times.
	{zone: "Pacific/Auckland", typed: "2028-01-01T00:00", want: "2027-12-31T11:00:00Z"},
	{zone: "America/New_York", typed: "2027-12-31T23:59", want: "2028-01-01T04:59:00Z"},
}

// TestOddNights schedules issues through the form around those moments, and
// turns the database's clock to each of them. The clock of the machine that the
// program runs on is years away, and does not matter.
func TestOddNights(t *testing.T) {
	t.Parallel()
	c := newClock(t)
	v := newRivals(t, c.url)
	for _, night := range nights {
		t.Run(night.zone+" "+night.typed, func(t *testing.T) {
			v.t = t
			day, _ := time.Parse(newsletter.ClockLayout, night.typed)
			c.turn(t, day.AddDate(0, 0, -3))
			v.draft()
			v.zone(night.zone)
			wish := form(v.atOsman, v.path("/publish"), v.path("/publish"))
			wish.Set("when", "at")
			wish.Set("at", night.typed)
			if night.refused != "" {
				v.refuses(wish, append(strings.Split(night.choices, ", "), night.refused)...)
				wish.Set("clock", "second")
			}
			if night.want == "" {
				v.refuses(wish, night.refused)
				return
			}
			if w := v.atOsman.Post(v.path("/publish"), wish); w.Code != http.StatusSeeOther {
				t.Fatalf("it is answered with %d\n%s", w.Code, w.Body)
			}
			v.publishesAt(c, night.want)
		})
	}
}

// zone sets the publication's zone.
func (v *rivals) zone(name string) {
	v.t.Helper()
	p := v.programs[1]
	_, err := p.pool.Exec(v.t.Context(), "UPDATE publication SET time_zone = $1", name)
	if err == nil {
		err = p.store.RaiseGeneration(v.t.Context())
	}
	if err == nil {
		err = p.now.Refresh(v.t.Context())
	}
	if err != nil {
		v.t.Fatal(err)
	}
}

// refuses holds that a wish is refused with words, and that the draft stays one.
func (v *rivals) refuses(wish url.Values, words ...string) {
	v.t.Helper()
	w := v.atOsman.Post(v.path("/publish"), wish)
	if w.Code != http.StatusUnprocessableEntity {
		v.t.Errorf("it is answered with %d, want 422", w.Code)
	}
	for _, part := range words {
		if !strings.Contains(w.Body.String(), part) {
			v.t.Errorf("it is not said %q:\n%s", part, w.Body)
		}
	}
	if state := v.board().State; state != newsletter.Draft {
		v.t.Errorf("it is %s", state)
	}
}

// publishesAt holds that the issue stands in the database for a moment, and that
// it is published then and not before, whatever the clock of this machine says.
func (v *rivals) publishesAt(c *clock, moment string) {
	v.t.Helper()
	at, err := time.Parse(time.RFC3339, moment)
	if err != nil {
		v.t.Fatal(err)
	}
	if stored := v.board().ScheduledAt; !stored.Equal(at) {
		v.t.Fatalf("it is scheduled for %s, want %s", stored.UTC(), at)
	}
	c.turn(v.t, at.Add(-time.Millisecond))
	if v.tick() {
		v.t.Error("it is published a moment too early")
	}
	c.turn(v.t, at)
	if !v.tick() {
		v.t.Error("it is not published when it is due")
	}
	if board := v.board(); board.State != newsletter.Published || !board.PublishedAt.Equal(at) {
		v.t.Errorf("it is %s since %s, want %s", board.State, board.PublishedAt, at)
	}
}

// clock is a database's, in the hands of a test. It stands still.
type clock struct {
	url  string
	pool *pgxpool.Pool
}

// newClock makes a database whose now() is a function of our own, found before
// PostgreSQL's by whoever connects with the address. Sessions do not end there.
func newClock(t *testing.T) *clock {
	t.Helper()
	blank, err := url.Parse(pgtest.NewBlank(t))
	if err != nil {
		t.Fatal(err)
	}
	pool, err := pgxpool.New(t.Context(), blank.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if _, err := migrations.Up(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	_, err = pool.Exec(t.Context(), `
		CREATE SCHEMA clock;
		CREATE TABLE clock.face AS SELECT now() AS at;
		CREATE FUNCTION clock.now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT at FROM clock.face';
		CREATE FUNCTION clock.lasting() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.expiry := ''infinity''; RETURN NEW; END';
		CREATE TRIGGER lasting BEFORE INSERT OR UPDATE ON sessions FOR EACH ROW EXECUTE FUNCTION clock.lasting()`)
	if err != nil {
		t.Fatal(err)
	}
	settings := blank.Query()
	settings.Set("search_path", "clock,public,pg_catalog")
	blank.RawQuery = strings.ReplaceAll(settings.Encode(), "+", "%20")
	return &clock{blank.String(), pool}
}

// turn sets the clock.
func (c *clock) turn(t *testing.T, at time.Time) {
	t.Helper()
	if _, err := c.pool.Exec(t.Context(), "UPDATE clock.face SET at = $1", at); err != nil {
		t.Fatal(err)
	}
}
