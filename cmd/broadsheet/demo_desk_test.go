package main

import (
	"strings"
	"syscall"
	"testing"
)

// TestDemoDeskTalks looks at what the demo's people say to each other: it
// stands on the desk, and on no page for readers and in no export.
func TestDemoDeskTalks(t *testing.T) {
	t.Parallel()
	database := pgtestURL(t)
	p := start(t, demo(t, dataFolder(t), "--database-url", database))
	at := p.address(t)
	public := map[string]string{}
	for _, path := range []string{"/", "/archive", "/feed.xml", "/atom.xml", "/sitemap.xml", "/search?q=cake", "/issues/413", "/issues/413.json", "/issues/413.md"} {
		public[path] = page(t, at+path, 200)
	}
	for _, format := range []string{"jsonl", "markdown"} {
		args := []string{"export", "--database-url", database, "--format", format, "--out", "-"}
		if format != "jsonl" {
			args = append(args, "--issue", "414")
		}
		public["export "+format] = succeed(t, args...)
	}
	for where, text := range public {
		for _, remark := range demoRemarks {
			if strings.Contains(text, remark.text[:30]) {
				t.Errorf("%s holds the blue note %.30q", where, remark.text)
			}
		}
	}
	wren := newPerson(t, at)
	sign, _ := wren.read("/sign-in", 200)
	desk, _ := wren.send(sign, "/sign-in", 200, map[string]string{"email": "wren@quietpager.example", "password": demoPassword})
	for _, words := range []string{"My sections", "News", "<b>@Wren Halloran</b> this one is yours", "Items without a note", "The toast and the ticket"} {
		if !strings.Contains(desk, words) {
			t.Errorf("Wren's desk lacks %q", words)
		}
	}
	board, _ := wren.read("/desk/issues/414", 200)
	for _, words := range []string{"Nothing about the cake", "the second weekend", "<b>@Tomás</b>", "News is not ready (Wren Halloran)", "Ready</span>"} {
		if !strings.Contains(board, words) {
			t.Errorf("the board lacks %q", words)
		}
	}
	p.stop(t, syscall.SIGTERM)
}
