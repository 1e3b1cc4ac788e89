package newsletter_test

import (
	"testing"

	"broadsheet/internal/newsletter"
)

func TestKindOfHeading(t *testing.T) {
	for title, want := range map[string]newsletter.Kind{
		"News":                               newsletter.KindLinks,
		"Sponsor":                            newsletter.KindSponsor,
		"Sponsored":                          newsletter.KindSponsor,
		"Acme sponsors the Weekly":           newsletter.KindSponsor,
		"From our sponsor, Acme":             newsletter.KindSponsor,
		"Sponsored Event":                    newsletter.KindSponsor,
		"Events":                             newsletter.KindEvents,
		"Upcoming event":                     newsletter.KindEvents,
		"Training":                           newsletter.KindEvents,
		"Jobs":                               newsletter.KindJobs,
		"A job":                              newsletter.KindJobs,
		"Jobsworth":                          newsletter.KindLinks,
		"Eventual consistency":               newsletter.KindLinks,
		"Jobs and events":                    newsletter.KindEvents,
		"ACME - The Cloud Things Foundation": newsletter.KindLinks,
	} {
		if got := newsletter.KindOfHeading(title); got != want {
			t.Errorf("%q is %s, want %s", title, got, want)
		}
	}
}

func TestStandingFor(t *testing.T) {
	p := newsletter.Publication{Sections: []newsletter.StandingSection{
		{Title: "Sponsor", Kind: newsletter.KindSponsor}, {Title: "News", Kind: newsletter.KindLinks},
		{Title: "Events", Kind: newsletter.KindEvents}, {Title: "Conferences", Kind: newsletter.KindEvents},
	}}
	for _, test := range []struct {
		title string
		kind  newsletter.Kind
		want  string
	}{
		{"News", newsletter.KindLinks, "News"},
		{"NEWS", newsletter.KindLinks, "News"},
		{"Acme sponsors us", newsletter.KindSponsor, "Sponsor"},
		{"Conferences", newsletter.KindEvents, "Conferences"},
		{"Training", newsletter.KindEvents, "Events"},
		{"Books", newsletter.KindLinks, ""},
		{"Jobs", newsletter.KindJobs, ""},
	} {
		if got := p.StandingFor(test.title, test.kind); got != test.want {
			t.Errorf("%q (%s) is of %q, want %q", test.title, test.kind, got, test.want)
		}
	}
}

func TestSlug(t *testing.T) {
	for title, want := range map[string]string{
		"Tools": "tools", "  Long   reads! ": "long-reads", "C++ & Go": "c-go", "Größe": "größe", "工具": "工具", "!?": "",
	} {
		if got := newsletter.Slug(title); got != want {
			t.Errorf("Slug(%q) = %q, want %q", title, got, want)
		}
	}
}

func TestPublicationValidate(t *testing.T) {
	good := newsletter.Publication{Name: "The Weekly", Language: "en-GB", TimeZone: "Europe/London", Hour: 8,
		Sections: []newsletter.StandingSection{{Title: "News", Kind: newsletter.KindLinks}}}
	if err := good.Validate(); err != nil {
		t.Fatalf("a good publication is refused: %v", err)
	}
	for name, spoil := range map[string]func(*newsletter.Publication){
		"name":         func(p *newsletter.Publication) { p.Name = " " },
		"language":     func(p *newsletter.Publication) { p.Language = "english please" },
		"time_zone":    func(p *newsletter.Publication) { p.TimeZone = "Moon/Sea" },
		"hour":         func(p *newsletter.Publication) { p.Hour = 24 },
		"weekday":      func(p *newsletter.Publication) { p.Weekday = 7 },
		"subscribe":    func(p *newsletter.Publication) { p.Subscribe = "javascript:alert(1)" },
		"tagline":      func(p *newsletter.Publication) { p.Tagline = "two\nlines" },
		"accent_light": func(p *newsletter.Publication) { p.Accent.Light = "#86C5EE" },
		"accent_dark":  func(p *newsletter.Publication) { p.Accent.Dark = "#0A5FA8" },
		"about":        func(p *newsletter.Publication) { p.About = "bell \a" },
		"sections[1].title": func(p *newsletter.Publication) {
			p.Sections = append(p.Sections, newsletter.StandingSection{Title: "news!", Kind: newsletter.KindLinks})
		},
	} {
		spoilt := good
		spoil(&spoilt)
		wantOnly(t, spoilt.Validate(), name)
	}
}
