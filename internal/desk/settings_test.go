package desk

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/address"
	"broadsheet/internal/live"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// settingsSent is the form of some settings as a browser sends it.
func settingsSent(f settingsForm) string {
	pairs := []string{"version", f.Version}
	for _, field := range f.fields() {
		pairs = append(pairs, field.Name, sentValue(field))
	}
	for _, kind := range f.Blockers {
		pairs = append(pairs, "blockers", kind)
	}
	return form(pairs...)
}

func (w *world) publication() newsletter.Publication {
	w.t.Helper()
	publication, err := w.store.Publication(w.t.Context())
	must(w.t, err)
	return publication
}

func TestSettingsAreSavedAndShownAtOnce(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.get(w.osman, address.Settings).is(200, `value="The Harbour Letter"`, "Written in a **boathouse**.</textarea>", `<option value="0" selected>Sunday`, `<option value="8" selected>08:00`)
	generation := w.now.Generation()
	settings := settingsOf(w.publication())
	settings.Name, settings.About, settings.Weekday = "The Tide", "Written *ashore*.", 3
	settings.AccentLight, settings.AccentDark = " #7A1F5C ", "#f0a8d0"
	w.post(w.osman, address.Settings, settingsSent(settings)+"&id=4&role=reader").leads("/desk/settings?saved=1")
	w.get(w.osman, "/desk/settings?saved=1").is(200, "The settings are saved.", `class="name" href="/desk">The Tide`)
	got := w.publication()
	if got.Name != "The Tide" || got.AboutHTML != "<p>Written <em>ashore</em>.</p>\n" || got.Weekday != 3 || len(got.Sections) != 5 || got.Accent != (newsletter.Accent{Light: "#7A1F5C", Dark: "#f0a8d0"}) {
		t.Errorf("saved is %+v", got)
	}
	if w.now.Generation() == generation {
		t.Error("readers see it only later")
	}
	w.get(w.osman, address.Activity).is(200, "changed the settings of", "Osman")
	generation = w.now.Generation()
	w.post(w.osman, address.Settings, settingsSent(settingsOf(w.publication()))).leads("/desk/settings?saved=1")
	if w.now.Generation() != generation {
		t.Error("nothing changed, and every page was made again")
	}
}

func TestSettingsAreSavedThoughReadersSeeThemLater(t *testing.T) {
	w := newWorld(t)
	pool, err := pgxpool.NewWithConfig(t.Context(), w.pool.Config())
	must(t, err)
	w.desk.now, err = live.New(t.Context(), postgres.New(pool))
	must(t, err)
	pool.Close() // from now on it cannot be refreshed
	settings := settingsOf(w.publication())
	settings.Name = "The Tide"
	w.post(w.osman, address.Settings, settingsSent(settings)).leads("/desk/settings?saved=1")
	if name := w.publication().Name; name != "The Tide" {
		t.Errorf("saved is %q", name)
	}
}

func TestWrongSettingsComeBackAsTheyWereTyped(t *testing.T) {
	w := newWorld(t)
	for name, test := range map[string]struct {
		change      func(*settingsForm)
		says, keeps string
	}{
		"no name":         {func(f *settingsForm) { f.Name = "" }, "Name is empty", `name="name" class="printed" value=""`},
		"no such zone":    {func(f *settingsForm) { f.TimeZone = "Europe/Atlantis" }, "Time zone is &#34;Europe/Atlantis&#34;", `value="Europe/Atlantis"`},
		"no language":     {func(f *settingsForm) { f.Language = "English!" }, "Language is &#34;English!&#34;", `value="English!"`},
		"no address":      {func(f *settingsForm) { f.Subscribe = "javascript:alert(1)" }, "Where to subscribe by mail is not a web address", `value="javascript:alert(1)"`},
		"no such day":     {func(f *settingsForm) { f.Weekday = 7 }, "Usual day is not a day", ""},
		"long about page": {func(f *settingsForm) { f.About = strings.Repeat("x", newsletter.MaxAbout+1) }, "About page has 16385 bytes", "xxxx"},
		"deep closing":    {func(f *settingsForm) { f.Closing = strings.Repeat("> ", 12) + "x" }, "Closing words has quotations", "&gt; &gt;"},
		"pale accent":     {func(f *settingsForm) { f.AccentLight = "#e8590c" }, "Accent on the light page has a contrast of 3.1:1 with the grey under paid items and at the foot; choose a darker one, 4.5:1 is needed", `value="#e8590c"`},
		"dark accent":     {func(f *settingsForm) { f.AccentDark = "#0A5FA8" }, "Accent on the dark page has a contrast of 2.6:1 with the page; choose a lighter one, 4.5:1 is needed", `value="#0A5FA8"`},
		"no colour":       {func(f *settingsForm) { f.AccentDark = "red;}" }, "Accent on the dark page is &#34;red;}&#34;; give a colour such as #0A5FA8", `value="red;}"`},
		"NUL":             {func(f *settingsForm) { f.Tagline = "a\x00b" }, "Tagline holds characters", "a\uFFFDb"},
	} {
		t.Run(name, func(t *testing.T) {
			settings := settingsOf(w.publication())
			test.change(&settings)
			sent := settingsSent(settings)
			if settings.Weekday == 7 {
				sent = strings.Replace(sent, "weekday=", "weekday=7", 1) // no choice of the list has it
			}
			answer := w.post(w.osman, address.Settings, sent)
			answer.t = t
			answer.is(422, "<title>Error: Settings", "There is a problem", test.says, test.keeps)
		})
	}
	w.post(w.osman, address.Settings, form("name", "x", "hour", "noon")).is(422, "Usual hour is not a whole number")
}

func TestSettingsOfTwoOwners(t *testing.T) {
	w := newWorld(t)
	mine, theirs := settingsOf(w.publication()), settingsOf(w.publication())
	mine.Tagline, theirs.Tagline, theirs.Hour = "Small boats, old news", "Large boats, slow news", 9
	theirs.AccentDark = "#F0A8D0"
	petra := newsletter.User{Email: "petra@boats.example", Name: "Petra", Role: newsletter.Owner}
	var err error
	petra.ID, err = w.store.AddUser(t.Context(), petra, "")
	must(t, err)
	w.post(petra, address.Settings, settingsSent(theirs)).leads("/desk/settings?saved=1")
	w.post(w.osman, address.Settings, settingsSent(mine)).is(409, "Petra changed the settings while you were writing", "Petra, saved <time",
		"<mark>Small </mark>boats, <mark>old </mark>news", "<mark>Large </mark>boats, <mark>slow </mark>news", "Usual hour", "<mark>09:00</mark>", "Accent on the dark page", "<mark>#F0A8D0</mark>", `name="accent_dark" value=""`,
		`name="tagline" value="Small boats, old news"`, `name="version" value="`+settingsOf(w.publication()).Version).lacks("Put both")
	mine.Version = settingsOf(w.publication()).Version
	w.post(w.osman, address.Settings, settingsSent(mine)).leads("/desk/settings?saved=1")
	w.postKept(w.osman, address.Settings, form("name", "Kept")).is(200, `value="Kept"`)
}

func TestOwnersPagesAreForOwners(t *testing.T) {
	w := newWorld(t)
	before := w.publication()
	for _, user := range []newsletter.User{w.tove, w.emil, w.ines} {
		w.post(user, address.Settings, settingsSent(settingsForm{Name: "Mine", Language: "en", TimeZone: "UTC"})).is(403)
		w.post(user, address.Sections, form("title", "Mine", "kind", "links")).is(403)
	}
	if diff := cmp.Diff(before, w.publication()); diff != "" {
		t.Errorf("something was saved:\n%s", diff)
	}
	for _, route := range w.desk.composeRoutes() {
		owners := route.Pattern == address.Settings || route.Pattern == address.Sections || route.Pattern == address.Activity
		if owners && newsletter.MayEver(w.ines, route.Action) {
			t.Errorf("%s %s is open to curators", route.Method, route.Pattern)
		}
	}
}

// standingSent is the form of some sections as a browser sends it.
func standingSent(version string, rows ...[3]string) string {
	pairs := []string{"version", version}
	for _, row := range rows {
		pairs = append(pairs, "title", row[0], "kind", row[1], "place", row[2])
	}
	return form(pairs...)
}

func TestDefaultSectionsChangeNewIssuesOnly(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	w.get(w.osman, address.Sections).is(200, "Changes apply to new issues only", `id="title-1" name="title" class="printed" value="Sponsor"`, `id="title-7"`).lacks(`id="title-8"`)
	version := fingerprint(w.publication().Sections)
	w.post(w.osman, address.Sections, standingSent(version, [3]string{"News", "links", "2"}, [3]string{"", "jobs", "1"},
		[3]string{"tools", "links", "1"}, [3]string{"Meetups", "events", ""})).leads("/desk/sections?saved=1")
	want := []newsletter.StandingSection{{Title: "tools", Kind: "links"}, {Title: "News", Kind: "links"}, {Title: "Meetups", Kind: "events"}}
	if diff := cmp.Diff(want, w.publication().Sections, cmpopts.IgnoreFields(newsletter.StandingSection{}, "ID")); diff != "" {
		t.Errorf("the default sections:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Sponsor sponsor", "News links", "Events events", "Tools links", "Jobs jobs"}, w.headings(413)); diff != "" {
		t.Errorf("an issue that exists changed:\n%s", diff)
	}
	w.draft(414)
	if diff := cmp.Diff([]string{"tools links", "News links", "Meetups events"}, w.headings(414)); diff != "" {
		t.Errorf("a new issue:\n%s", diff)
	}
	w.get(w.osman, "/desk/sections?saved=1").is(200, "The default sections are saved")
	w.post(w.osman, address.Sections, standingSent(version, [3]string{"Quiz", "links", "1"})).is(409, "You changed the default sections elsewhere meanwhile", "<mark>Quiz </mark>(links)", "<mark>tools </mark>", `name="title" value="Quiz"`)
}

func TestWrongSectionsOfThePublication(t *testing.T) {
	w := newWorld(t)
	before := w.publication().Sections
	version := fingerprint(before)
	for name, test := range map[string]struct {
		rows        [][3]string
		says, keeps string
	}{
		"none":          {nil, "Name 1 is empty", `id="title-2"`},
		"all empty":     {[][3]string{{"", "links", ""}}, "Name 1 is empty", `id="title-2"`},
		"twice":         {[][3]string{{"News", "links", "1"}, {"", "", ""}, {"news!", "links", "2"}}, "Name 3 &#34;news!&#34; has the same address", `value="news!"`},
		"no letters":    {[][3]string{{"!!!", "links", "1"}}, "Name 1 &#34;!!!&#34; has the same address as another section, or none", `value="!!!"`},
		"no such kind":  {[][3]string{{"Quiz", "quiz", "1"}}, "Kind 1 is &#34;quiz&#34;", `value="Quiz"`},
		"place in word": {[][3]string{{"Quiz", "links", "first"}}, "Place 1 is not a number", `value="first"`},
		"long":          {[][3]string{{strings.Repeat("x", 301), "links", "1"}}, "Name 1 has 301 characters", "xxxx"},
	} {
		t.Run(name, func(t *testing.T) {
			answer := w.post(w.osman, address.Sections, standingSent(version, test.rows...))
			answer.t = t
			answer.is(422, "<title>Error: Sections", "There is a problem", test.says, test.keeps)
		})
	}
	w.post(w.osman, address.Sections, strings.Repeat("title=x&", 3000)+"version="+version).is(422, "at most 60")
	if diff := cmp.Diff(before, w.publication().Sections); diff != "" {
		t.Errorf("something was saved:\n%s", diff)
	}
	w.postKept(w.osman, address.Sections, standingSent("v", [3]string{"Kept", "links", "1"})).is(200, `value="Kept"`)
}

func TestActivityIsPaged(t *testing.T) {
	w := newWorld(t)
	for range 55 {
		must(t, w.store.AuditBy(t.Context(), w.emil, "count gulls", "<b>one</b>"))
	}
	w.get(w.osman, address.Activity).is(200, "Emil", "count gulls: &lt;b&gt;one", `href="?page=2"`).lacks(`href="?page=0"`)
	w.get(w.osman, address.Activity+"?page=2").is(200, "imported the publication", `href="?page=1"`).lacks(`href="?page=3"`)
	w.get(w.osman, address.Activity+"?page=9").is(200, "Nothing has been done")
	w.get(w.osman, address.Activity+"?page=x").is(200, `href="?page=2"`)
}

func TestFieldsSendWhatTheyShow(t *testing.T) {
	chosen := page.Field{Options: page.Choose("3", page.Option{Value: "2", Label: "Tuesday"}, page.Option{Value: "3", Label: "Wednesday"})}
	if sentValue(chosen) != "3" || shownValue(chosen) != "Wednesday" || shownValue(page.Field{Value: "x"}) != "x" {
		t.Errorf("%q, %q", sentValue(chosen), shownValue(chosen))
	}
}
