package desk

import (
	"strings"
	"testing"
	"time"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

// clockIn is what a browser sends of a day so many days from now, at a time of
// the publication's clock.
func (w *world) clockIn(days int, clock string) string {
	day := time.Now().In(w.now.Publication().Location()).AddDate(0, 0, days)
	return day.Format(newsletter.DateLayout) + "T" + clock
}

func TestSchedule(t *testing.T) {
	w := newWorld(t)
	w.ready(413)
	w.get(w.ines, "/desk/issues/413/publish").is(200, "https://letter.example/issues/413", "On the clock of Europe/Oslo",
		"the usual time: Sunday, 15 November 2026, 08:00 CET (07:00 UTC)")
	publish := `<a class="button second" href="/desk/issues/413/publish">Publish…</a>`
	w.get(w.ines, "/desk").is(200, publish)
	w.get(w.emil, "/desk").is(200, "Open 413").lacks(publish)
	at := w.clockIn(10, "06:30")
	w.post(w.ines, "/desk/issues/413/publish", form("when", "at", "at", at, "version", w.version(413))).leads("/desk/issues/413")
	written := w.written(413)
	if got := written.ScheduledAt.In(w.now.Publication().Location()).Format(newsletter.ClockLayout); got != at || written.State != newsletter.Scheduled {
		t.Fatalf("it is %s for %s, want %s", written.State, got, at)
	}
	w.get(w.ines, "/desk/issues/413").is(200, "Scheduled", ", 06:30 CE", "UTC)", ">Unschedule</button>", `href="/desk/issues/413/publish#since"`)
	w.get(w.emil, "/desk/issues/413").is(200, "Scheduled", ", 06:30 CE", "; until then only curators can change it.").lacks("Unschedule", "Publish…", "#since")
	w.get(w.ines, "/desk/issues/413/publish").is(200, "413 is scheduled", ", 06:30 CE", "Make 413 a draft again", "Changed since it was scheduled", "Nothing.",
		`value="at" checked`, "Empty, it stays as it is: ", ", 06:30 CE")
	w.post(w.ines, "/desk/issues/413/publish", form("when", "at", "at", "", "version", w.version(413))).leads("/desk/issues/413")
	if again := w.written(413); !again.ScheduledAt.Equal(written.ScheduledAt) {
		t.Errorf("it is for %s, and was for %s", again.ScheduledAt, written.ScheduledAt)
	}
	w.get(w.emil, "/desk").is(200, ", 06:30 CE", "UTC)")
	item := written.Sections[1].Items[0]
	rope := w.item(w.tove, "Rope", nil)
	w.get(w.emil, moveOf(rope)).is(200, "No open issue has a place for it from you: one that is scheduled is closed to all but curators, and one without sections has none. A curator").lacks("To a place in 413")
	w.get(w.osman, moveOf(rope)).is(200, "To a place in 413")
	w.post(w.emil, address.DeskItem(item.ID), form("version", "1", "note", "Mine.")).is(403, "closed to all but curators")
	w.post(w.osman, address.DeskItem(item.ID), form("version", "1", "note", "Counted twice.", "url", "https://gulls.example/new")).leads(address.DeskItem(item.ID) + "?done=saved")
	w.get(w.ines, "/desk/issues/413/publish").is(200, "<b>Osman</b> edited Counted twice", `href="/desk/issues/413/history"`)
	later := w.clockIn(11, "06:30")
	w.post(w.osman, "/desk/issues/413/publish", form("when", "at", "at", later, "version", w.version(413))).leads("/desk/issues/413")
	w.post(w.emil, "/desk/issues/413/unschedule", "").is(403)
	for range 2 {
		w.post(w.osman, "/desk/issues/413/unschedule", "").leads("/desk/issues/413")
	}
	if written := w.written(413); written.State != newsletter.Draft {
		t.Errorf("it is %s", written.State)
	}
	deeds, err := w.store.Deeds(t.Context(), 1)
	must(t, err)
	if said := (deed{Deed: deeds[0]}).What(); said != "took back the schedule of 413" || deeds[0].Actor != "Osman" {
		t.Errorf("the last deed is %q by %s", said, deeds[0].Actor)
	}
}

func TestTimesThatCannotBeScheduled(t *testing.T) {
	w := newWorld(t)
	w.ready(413)
	zone := w.now.Publication().Location()
	for _, test := range []struct{ when, at, want string }{
		{"now", w.clockIn(3, "08:00"), "When is now, and a time is given"},
		{"at", "", "Time has passed"},
		{"at", w.clockIn(-1, "08:00"), "Time has passed"},
		{"at", w.clockIn(400, "08:00"), "Time is more than a year away"},
		{"at", "soon", "Time is no date with a time"},
		{"at", "2026-13-01T08:00", "Time is no date with a time"},
		{"at", "999999-01-01T08:00", "Time is no date with a time"},
	} {
		w.post(w.ines, "/desk/issues/413/publish", form("when", test.when, "at", test.at, "version", w.version(413))).is(422, test.want, `value="`+test.at+`"`)
	}
	now := time.Now().In(zone)
	for range 2 { // a night when the clocks are put forward, and one when they are put back
		_, change := now.ZoneBounds()
		_, before := change.Add(-time.Minute).Zone()
		_, after := change.Zone()
		inside := change.Add(time.Duration(before-after) * time.Second / 2).In(zone)
		if after > before {
			skipped := change.UTC().Add(time.Duration(before)*time.Second + 30*time.Minute).Format(newsletter.ClockLayout)
			w.post(w.ines, "/desk/issues/413/publish", form("when", "at", "at", skipped, "version", w.version(413))).
				is(422, "is skipped when the clocks are put forward; choose 01:59 or earlier, or 03:00 or later")
		} else {
			twice := inside.Format(newsletter.ClockLayout)
			version := w.version(413)
			w.post(w.ines, "/desk/issues/413/publish", form("when", "at", "at", twice, "version", version)).
				is(422, `<a href="#clock">Which one is not chosen; the time comes twice when the clocks are put back</a>`, "02:30 CEST (00:30 UTC)", "02:30 CET (01:30 UTC)", `value="first"`, `value="second"`)
			w.post(w.ines, "/desk/issues/413/publish", form("when", "at", "at", twice, "clock", "second", "version", version)).leads("/desk/issues/413")
			if got := w.written(413).ScheduledAt.Format("15:04"); got != "01:30" {
				t.Errorf("the second is %s UTC", got)
			}
			w.post(w.ines, "/desk/issues/413/unschedule", "").leads("/desk/issues/413")
		}
		now = change
	}
	if written := w.written(413); written.State != newsletter.Draft {
		t.Errorf("it is %s", written.State)
	}
}

func TestWhatWaitsStandsOnEveryPage(t *testing.T) {
	w := newWorld(t)
	w.ready(413)
	w.post(w.ines, "/desk/issues/413/publish", form("when", "at", "at", w.clockIn(2, "08:00"), "version", w.version(413))).leads("/desk/issues/413")
	must(t, w.store.HoldBack(t.Context(), newsletter.User{}, w.written(413).ID, "413.2 has no note"))
	for _, path := range []string{"/desk", "/desk/inbox", "/desk/issues", "/desk/issues/413", "/desk/links"} {
		w.get(w.tove, path).is(200, `<a href="/desk/issues/413">413 waits for a curator: 413.2 has no note</a>`)
		w.get(w.ines, path).is(200, `<a href="/desk/issues/413/publish">413 waits for a curator`)
	}
	body := w.get(w.ines, "/desk/issues/413/publish").is(200, "413 waits for you", "413.2 has no note").Body.String()
	if strings.Contains(body, "It is published by itself") {
		t.Error("the page says that it is published by itself")
	}
	w.post(w.ines, "/desk/issues/413/publish", form("when", "now", "version", w.version(413))).leads("/desk/issues/413/published")
	w.get(w.tove, "/desk").is(200).lacks("waits for a curator")
}

func TestAScheduleOfWhatIsOutIsTold(t *testing.T) {
	w := newWorld(t)
	w.ready(413)
	late := form("when", "at", "at", w.clockIn(2, "08:00"), "version", w.version(413))
	w.post(w.ines, "/desk/issues/413/publish", form("when", "now", "version", w.version(413))).leads("/desk/issues/413/published")
	w.post(w.ines, "/desk/issues/413/publish", late).is(409, "413 is out already", "Ines published it")
	w.post(w.emil, "/desk/issues/413/publish", late).is(403)
}

// TestATabFromBeforeTheScheduleIsTold presses Publish in a page that was made
// while the issue was a draft.
func TestATabFromBeforeTheScheduleIsTold(t *testing.T) {
	w := newWorld(t)
	w.ready(413)
	old := w.version(413)
	w.post(w.ines, "/desk/issues/413/publish", form("when", "at", "at", w.clockIn(2, "08:00"), "version", old)).leads("/desk/issues/413")
	w.post(w.osman, "/desk/issues/413/publish", form("when", "now", "version", old)).is(409, "413 has changed since you looked")
	if written := w.written(413); written.State != newsletter.Scheduled {
		t.Errorf("it is %s", written.State)
	}
}

// TestWhatIsInTheWayIsOfTheDayOfPublication schedules an issue for a day on which
// an event in it will be over. Whoever does is shown that, and can say why, though
// nothing stands in the way today.
func TestWhatIsInTheWayIsOfTheDayOfPublication(t *testing.T) {
	w := newWorld(t)
	w.desk.clock = time.Now
	w.ready(413)
	settings := settingsOf(w.publication())
	settings.Blockers = []string{"past-event", "date-not-today"}
	w.post(w.osman, address.Settings, settingsSent(settings)).leads("/desk/settings?saved=1")
	today := time.Now().In(w.now.Publication().Location())
	dateOf := func(days int) newsletter.Date { return newsletter.DateOf(today.AddDate(0, 0, days)) }
	board := w.written(413)
	must(t, w.store.SaveIssue(t.Context(), w.ines, 413, board.Version, newsletter.Issue{Number: 413, Date: dateOf(10), Intro: "Fog all week."}))
	regatta := w.add(newsletter.Item{Note: "A regatta.", EventOn: dateOf(5)}, endOf(413, "Events"))
	at := w.clockIn(10, "12:00")
	w.get(w.ines, "/desk/issues/413/publish").is(200, "which is not the day of publication").lacks("ended on")
	w.post(w.ines, "/desk/issues/413/publish", form("when", "at", "at", at, "version", w.version(413))).
		is(422, "Why publish all the same is empty", "In the way", "is about an event that ended on", `name="override"`, `value="`+at+`"`).lacks("not the day of publication")
	w.post(w.ines, "/desk/issues/413/publish", form("when", "at", "at", "soon", "version", w.version(413), "override", "A report.")).is(422, `name="override"`, `value="A report."`)
	w.post(w.ines, "/desk/issues/413/publish", form("when", "at", "at", at, "version", w.version(413), "override", "A report.")).leads("/desk/issues/413")
	for _, path := range []string{"/desk/issues/413", "/desk/issues/413/publish"} {
		w.get(w.ines, path).is(200, "ended on").lacks("not the day of publication")
	}
	must(t, w.store.Hold(t.Context(), w.ines, regatta))
	w.get(w.ines, "/desk/issues/413/publish").is(200, "Nothing stands in the way.")
}

// TestAWrongClockHidesNothingInTheWay: what stopped publication by the database's
// clock is named, whatever day it is on the program's machine.
func TestAWrongClockHidesNothingInTheWay(t *testing.T) {
	w := newWorld(t)
	w.desk.clock = func() time.Time { return time.Now().AddDate(-1, 0, 0) }
	w.ready(413)
	settings := settingsOf(w.publication())
	settings.Blockers = []string{"past-event"}
	w.post(w.osman, address.Settings, settingsSent(settings)).leads("/desk/settings?saved=1")
	w.add(newsletter.Item{Note: "A regatta.", EventOn: newsletter.DateOf(time.Now().AddDate(0, 0, -5))}, endOf(413, "Events"))
	w.post(w.ines, "/desk/issues/413/publish", form("when", "now", "version", w.version(413))).
		is(422, "Why publish all the same is empty", "is about an event that ended on", `name="override"`)
}
