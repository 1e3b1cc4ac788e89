package desk

import (
	"fmt"
	"strings"
	"testing"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

func TestTakeOverASection(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	section, path := w.section(413, "News")
	news, owner, progress := section.ID, path+"/owner", path+"/progress"
	head := func(by newsletter.User) string {
		t.Helper()
		_, from, _ := strings.Cut(w.get(by, "/desk/issues/413").is(200).Body.String(), fmt.Sprintf(`id="section-%d"`, news))
		section, _, _ := strings.Cut(from, "</section>")
		return section
	}
	if got := head(w.emil); !strings.Contains(got, "Take over") || strings.Contains(got, "ready") {
		t.Errorf("nobody's section offers %s", got)
	}
	w.post(w.emil, owner, "owner=me").leads(sectionAt(413, news))
	if got := head(w.emil); strings.Contains(got, "Take over") || !strings.Contains(got, "Emil") || !strings.Contains(got, `value="ready"`) {
		t.Errorf("my section offers %s", got)
	}
	if got := head(w.ines); !strings.Contains(got, "Take over") || !strings.Contains(got, "Emil") {
		t.Errorf("somebody else's section offers %s", got)
	}
	if got := head(w.tove); strings.Contains(got, "<form") || !strings.Contains(got, "Emil") {
		t.Errorf("a contributor sees %s", got)
	}
	w.get(w.ines, "/desk/issues/413").is(200, fmt.Sprintf(`<a href="#section-%d">News is not ready (Emil)</a>`, news))
	w.post(w.emil, progress, "progress=ready").leads(sectionAt(413, news))
	if got := head(w.ines); !strings.Contains(got, "Ready</span>") {
		t.Errorf("a ready section is %s", got)
	}
	w.get(w.ines, "/desk/issues/413").is(200).lacks("is not ready")

	w.get(w.ines, fmt.Sprintf("/desk/issues/413?edit=section-%d", news)).
		is(200, fmt.Sprintf(`value="%d" selected>Emil<`, w.emil.ID), ">Osman</option>", "Not ready yet", "Skip it this time").lacks(">Tove</option>")
	w.post(w.ines, owner, form("owner", fmt.Sprint(w.osman.ID), "from", "desk")).leads(address.Desk)
	w.post(w.ines, owner, "owner=").leads(sectionAt(413, news))
	for _, nobody := range []string{"somebody", "-1", "999999", fmt.Sprint(w.tove.ID)} {
		w.post(w.ines, owner, form("owner", nobody)).is(422, "choose somebody from the list")
	}
}

func TestSkipASection(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	w.item(w.emil, "Gulls", endOf(413, "News"))
	section, news := w.section(413, "News")
	empty, tools := w.section(413, "Tools")
	w.post(w.emil, tools+"/progress", "progress=skipped").leads(sectionAt(413, empty.ID))
	w.get(w.emil, "/desk/issues/413").is(200, "Skipped this time")
	w.post(w.emil, news+"/progress", "progress=skipped").
		is(422, "News holds 1 item and cannot be skipped; move or return it first")
	w.post(w.emil, news+"/progress", "progress=late").is(422, "neither open, ready nor skipped")
	w.post(w.emil, address.DeskSection(413, 999999, "progress"), "progress=ready").is(404)
	w.post(w.emil, address.DeskSection(999, section.ID, "owner"), "owner=me").is(404)
	w.post(w.tove, news+"/owner", "owner=me").is(403)
	w.item(w.emil, "Terns", endOf(413, "Tools"))
	w.get(w.emil, "/desk/issues/413").is(200).lacks("Skipped this time")
}
