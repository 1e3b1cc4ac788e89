package desk

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newslettertest"
	"broadsheet/internal/postgres"
)

// placed returns what stands in an issue in order, as in "News: Ferry Gulls".
func (w *world) placed(number int) []string {
	w.t.Helper()
	var list []string
	for _, section := range w.written(number).Sections {
		var titles []string
		for _, item := range section.Items {
			titles = append(titles, item.Title)
		}
		if len(titles) > 0 {
			list = append(list, section.Title+": "+strings.Join(titles, " "))
		}
	}
	return list
}

func moveOf(id int64) string { return fmt.Sprintf("/desk/items/%d/move", id) }

func TestItemsAreMoved(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	w.draft(414)
	ids := map[string]int64{}
	for _, title := range []string{"Ferry", "Gulls", "Terns"} {
		ids[title] = w.item(w.emil, title, endOf(413, "News"))
	}
	ids["Rope"] = w.item(w.tove, "Rope", nil)
	tools, _ := w.section(413, "Tools")
	for _, step := range []struct {
		what, form string
		number     int
		want       []string
	}{
		{"Gulls", "to=up", 413, []string{"News: Gulls Ferry Terns"}},
		{"Gulls", "to=up", 413, []string{"Sponsor: Gulls", "News: Ferry Terns"}},
		{"Gulls", "to=up", 413, []string{"Sponsor: Gulls", "News: Ferry Terns"}}, // there is no place above
		{"Gulls", "to=down", 413, []string{"News: Gulls Ferry Terns"}},
		{"Gulls", form("issue", "413", "section", "News", "after", fmt.Sprint(ids["Ferry"])), 413, []string{"News: Ferry Gulls Terns"}},
		{"Terns", form("issue", "413", "section", fmt.Sprint(tools.ID), "after", ""), 413, []string{"News: Ferry Gulls", "Tools: Terns"}},
		{"Ferry", form("section", "tools", "after", ""), 413, []string{"News: Gulls", "Tools: Ferry Terns"}},
		{"Ferry", form("section", "tools", "after", "last"), 413, []string{"News: Gulls", "Tools: Terns Ferry"}},
		{"Rope", form("issue", "413", "section", "Tools"), 413, []string{"News: Gulls", "Tools: Terns Ferry Rope"}},
		{"Rope", form("issue", "414", "section", "News", "after", ""), 414, []string{"News: Rope"}},
	} {
		w.post(w.emil, moveOf(ids[step.what]), step.form+"&version="+w.order(413)+"&role=owner&id=1").leads(boardAt(step.number, ids[step.what]))
		if diff := cmp.Diff(step.want, w.placed(step.number)); diff != "" {
			t.Errorf("%s, %s:\n%s", step.what, step.form, diff)
		}
	}
}

func TestMovePageOffersEveryPlace(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	loose := w.item(w.tove, "Rope", nil)
	w.get(w.emil, moveOf(loose)).is(200, "Move Rope", "No issue is open")
	w.draft(413)
	w.draft(414)
	ferry, gulls := w.item(w.emil, "Ferry", endOf(413, "News")), w.item(w.emil, "Gulls", endOf(413, "News"))
	w.get(w.emil, moveOf(gulls)).is(200, "Move 413.2", "Gulls <b>(this one)</b>", "To a place in 413",
		fmt.Sprintf(`<option value="%d" selected>After 413.1: Ferry`, ferry), "Move to Tools", "Places in 414",
		fmt.Sprintf(`action="/desk/items/%d/restore"`, gulls), fmt.Sprintf(`action="/desk/items/%d/hold"`, gulls), `value="up">Up`, `value="down">Down`).
		lacks(fmt.Sprintf(`<option value="%d"`, gulls), "The Harbour Letter, ")
	w.get(w.emil, moveOf(gulls)+"?issue=414").is(200, "To a place in 414", "Places in 413").lacks("this one", `value="up"`)
	w.get(w.emil, moveOf(gulls)+"?issue=139").is(200, "To a place in 413")
	w.get(w.emil, moveOf(loose)).is(200, "Move Rope", "To a place in 413").lacks("Back to the inbox", `value="up"`)
	w.get(w.tove, moveOf(loose)).is(403)
	w.get(w.emil, moveOf(999_999)).is(404)
	printed := w.written(139).Sections[1].Items[0].ID
	w.get(w.osman, moveOf(printed)).is(403)
	w.post(w.osman, moveOf(printed), form("issue", "413", "section", "News", "version", "99")).is(403)
	w.post(w.tove, moveOf(loose), form("issue", "413", "section", "News", "version", "99")).is(403)
	w.post(w.emil, moveOf(loose), form("issue", "139", "section", "News", "version", "99")).is(403)
}

func TestWrongMovesAreRefused(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	ferry, loose := w.item(w.emil, "Ferry", endOf(413, "News")), w.item(w.emil, "Rope", nil)
	for sent, says := range map[string]string{
		form("to", "sideways"):                                              "To is neither up nor down",
		form("section", "News"):                                             "Issue is missing",
		form("issue", "many", "section", "News"):                            "Issue is not a whole number",
		form("issue", "-1", "section", "News"):                              "Issue is missing",
		form("issue", "413"):                                                "Section is missing",
		form("issue", "414", "section", "News"):                             "Issue ",
		form("issue", "413", "section", "News", "after", "x"):               "After is not another item",
		form("issue", "413", "section", "News", "after", "-4"):              "After is not another item",
		form("issue", "413", "section", "News", "after", fmt.Sprint(loose)): "After is not another item",
		form("issue", "413", "section", "a\x00b"):                           "Section holds characters",
	} {
		w.post(w.emil, moveOf(loose), sent+"&version="+w.order(413)).is(422, "<title>Error: Move Rope", "There is a problem", says, "To a place in 413")
	}
	w.post(w.emil, moveOf(ferry), form("to", "up", "version", "soon")).is(422, "Version is not a whole number")
	if diff := cmp.Diff([]string{"News: Ferry"}, w.placed(413)); diff != "" {
		t.Errorf("something moved:\n%s", diff)
	}
}

func TestMoveConflictShowsTodaysOrderAndTheWish(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	ferry, gulls, terns := w.item(w.emil, "Ferry", endOf(413, "News")), w.item(w.emil, "Gulls", endOf(413, "News")), w.item(w.emil, "Terns", endOf(413, "News"))
	tools, _ := w.section(413, "Tools")
	old := w.order(413)
	must(t, w.store.StepItem(t.Context(), w.ines, ferry, false, w.written(413).Order)) // Gulls Ferry Terns

	again := fmt.Sprintf(`name="version" value="%s"`, w.order(413))
	w.post(w.emil, moveOf(ferry), form("to", "down", "version", old)).
		is(409, "Ines moved this item while you looked at the order, just now.", "You wanted it one place down", `name="to" value="down"`, again, "Do it all the same")
	w.post(w.emil, moveOf(terns), form("issue", "413", "section", "News", "after", fmt.Sprint(ferry), "version", old)).
		is(409, "The item it was to follow was moved or removed", "to News, after 413.2 (Ferry)", fmt.Sprintf(`name="after" value="%d"`, ferry), again)
	w.post(w.emil, moveOf(ferry), form("issue", "413", "section", "Tools", "version", old)).is(409, "to the end of Tools", `name="after" value="last"`)
	w.post(w.emil, moveOf(ferry), form("issue", "413", "section", "Tools", "after", "", "version", old)).is(409, "to the first place of Tools", `name="after" value=""`)
	w.post(w.emil, moveOf(terns), form("to", "up", "version", old)).leads(boardAt(413, terns)) // the neighbours may have moved

	must(t, w.store.MoveItem(t.Context(), w.ines, gulls, postgres.Target{Issue: 413, Section: "Tools", After: postgres.Last}, w.written(413).Order))
	w.post(w.emil, moveOf(ferry), form("issue", "413", "section", "News", "after", fmt.Sprint(gulls), "version", w.order(413))).
		is(409, "an item that is no longer there", "Choose another").lacks("Do it all the same")
	must(t, w.store.MoveItem(t.Context(), w.ines, gulls, postgres.Target{Issue: 413, Section: "News", After: postgres.Last}, w.written(413).Order))
	must(t, w.store.RemoveSection(t.Context(), w.ines, 413, tools.ID, w.written(413).Order))
	w.post(w.emil, moveOf(ferry), form("issue", "413", "section", fmt.Sprint(tools.ID), "version", w.order(413))).
		is(409, "The section was moved, renamed or removed", "to a section that is gone").lacks("Do it all the same")
	must(t, w.store.Decline(t.Context(), w.ines, ferry, "no", ""))
	w.post(w.emil, moveOf(ferry), form("to", "up", "version", old)).is(409, "Ines moved this item", "To a place in 413").lacks("Do it all the same")
}

func TestMoveWithoutAnOrderIsNoConflict(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	id := w.item(w.emil, "Ferry", endOf(413, "News"))
	w.post(w.emil, moveOf(id), form("issue", "413", "section", "Tools")).leads(boardAt(413, id))
	for range 2 {
		w.post(w.emil, moveOf(id), form("to", "up")).leads(boardAt(413, id))
	}
	if diff := cmp.Diff([]string{"News: Ferry"}, w.placed(413)); diff != "" {
		t.Errorf("the item went elsewhere:\n%s", diff)
	}
}
