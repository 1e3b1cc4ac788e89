package desk

import (
	"strings"
	"testing"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
)

func TestDecline(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	id := w.item(w.tove, "Ferry", nil)
	to := address.DeskItemTo(id, "decline")
	w.get(w.emil, to+"?from=%3Fq%3Dferry").is(200, "Ferry", `name="reason"`, `name="from" value="?q=ferry"`)
	for sent, says := range map[string]string{
		form("reason", " ", "reply", "Thank you."):              "Reason is empty",
		form("reason", strings.Repeat("x", 301)):                "Reason is too long",
		form("reason", "a\x00"):                                 "Reason holds characters that cannot be shown",
		form("reason", "x", "reply", "\xff"):                    "Reply holds characters that cannot be shown",
		form("reason", "x", "reply", strings.Repeat("x", 2001)): "Reply is too long",
	} {
		w.post(w.emil, to, sent).is(422, "<title>Error: ", says)
	}
	w.post(w.emil, to, form("reply", "Thank you.")).is(422, "\nThank you.</textarea>")
	w.postKept(w.emil, to, form("reason", "Typed before.")).is(200, `value="Typed before."`)
	if item := w.stored(id); item.State != newsletter.Inbox {
		t.Fatalf("the item is %s", item.State)
	}
	w.post(w.emil, to, form("reason", "Too short", "reply", "Thank\r\nyou.", "from", "?q=ferry&page=2&next=//evil.example")).
		leads("/desk/inbox?done=declined&page=2&q=ferry")
	if item := w.stored(id); item.State != newsletter.Declined || item.Reason != "Too short" || item.Reply != "Thank\nyou." {
		t.Errorf("stored %+v", item)
	}
	w.get(w.emil, to).is(200, `value="Too short"`)
	w.get(w.tove, address.Desk).is(200, "Declined", "Why: Too short", "Reply: Thank\nyou.")
	w.post(w.tove, to, form("reason", "x")).is(403)
}

func TestHoldAndRestore(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.draft(413)
	loose, placed := w.item(w.tove, "Ferry", nil), w.item(w.emil, "Gulls", endOf(413, "News"))
	for _, step := range []struct {
		id    int64
		deed  string
		from  string
		state newsletter.ItemState
		leads string
	}{
		{loose, "hold", "?by=Tove", newsletter.Held, "/desk/inbox?by=Tove&done=held"},
		{loose, "hold", "", newsletter.Held, "/desk/inbox?done=held"},
		{loose, "restore", "?state=held", newsletter.Inbox, "/desk/inbox?done=restored&state=held"},
		{placed, "hold", "", newsletter.Held, "/desk/issues/413"},
		{placed, "restore", "", newsletter.Inbox, "/desk/inbox?done=restored"},
	} {
		w.post(w.emil, address.DeskItemTo(step.id, step.deed), form("from", step.from)).leads(step.leads)
		if item := w.stored(step.id); item.State != step.state || item.Issue != 0 {
			t.Errorf("after %s the item is %s", step.deed, item.State)
		}
	}
	w.get(w.emil, "/desk/inbox?done=held").is(200, `role="status">Held.`)
	var printed int64
	must(t, w.pool.QueryRow(t.Context(), "SELECT id FROM items WHERE place = 2").Scan(&printed))
	for _, deed := range []string{"hold", "restore", "decline"} {
		w.post(w.tove, address.DeskItemTo(loose, deed), "reason=x").is(403)
		w.post(w.ines, address.DeskItemTo(printed, deed), "reason=x").is(403)
		w.post(w.ines, "/desk/items/999999/"+deed, "reason=x").is(404)
	}
}

func TestMerge(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	into, from := w.item(w.emil, "Ferry", endOf(413, "News")), w.item(w.tove, "Yacht", nil)
	to := address.DeskItemTo(into, "merge")
	w.get(w.emil, to).is(200, `with=`, "Yacht", "Tove")
	page := w.get(w.emil, to+"?with="+idText(from)).
		is(200, "\nAbout Ferry.\n\nAbout Yacht.</textarea>", `value="https://ferry.example/"`, `value="https://yacht.example/"`, "Make them one")
	if body := page.Body.String(); strings.Index(body, `value="https://ferry`) > strings.Index(body, `value="https://yacht`) {
		t.Error("the links are out of order")
	}
	one := []string{"with", idText(from), "url", "https://ferry.example/", "url", "https://yacht.example/", "title", "Both", "note", "One."}
	w.post(w.emil, to, form(append(one, "version", "1", "with_version", "1", "do", "up-2")...)).is(200, "\nOne.</textarea>")
	w.post(w.emil, to, form(append(one, "version", "1", "with_version", "1", "event_on", "soon")...)).is(422, "no day of the calendar", "\nOne.</textarea>")
	must(t, w.save(w.ines, from, 1, "Newer words."))
	w.post(w.emil, to, form(append(one, "version", "1", "with_version", "1")...)).
		is(409, "was changed by Ines", "Newer words.", "\nOne.</textarea>", `name="with_version" value="2"`)
	w.post(w.emil, to, form(append(one, "version", "1", "with_version", "2")...)).leads(address.DeskItem(into) + "?done=merged")
	item := w.stored(into)
	if item.Note != "One." || len(item.Links) != 2 || item.SubmittedBy != "Emil" || strings.Join(item.AlsoBy, ",") != "Tove" || item.Issue != 413 {
		t.Errorf("stored %+v", item)
	}
	w.get(w.emil, address.DeskItem(from)).is(404)
	w.get(w.emil, address.DeskItem(into)).is(200, "Emil, Tove")
	w.post(w.emil, to, form(append(one, "version", "1", "with_version", "2")...)).leads(address.DeskItem(into) + "?done=merged") // the button was pressed twice
	w.post(w.emil, to, form(append(one, "version", "2", "with_version", "2", "place_name", "Oslo")...)).is(404, "\nOne.</textarea>")
	w.get(w.emil, to+"?with="+idText(into)).is(422)
	w.get(w.tove, to).is(403)
}

func idText(id int64) string { return strings.TrimPrefix(address.DeskItem(id), address.Items+"/") }
