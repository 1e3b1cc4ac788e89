package desk

import (
	"strings"
	"testing"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

func TestHomeBeginsWithWhatWaitsForMe(t *testing.T) {
	w := newWorld(t)
	w.get(w.emil, "/desk").is(200, "There is no issue yet").lacks("Waiting for me")
	w.draft(413)
	w.get(w.emil, "/desk").is(200, "Nothing waits for you.")
	section, path := w.section(413, "News")
	w.post(w.emil, path+"/owner", "owner=me")
	bare := w.add(newsletter.Item{Title: "Ferry", Links: linkTo("https://ferry.example/")}, endOf(413, "News"))
	w.item(w.ines, "Gulls", endOf(413, "News"))
	w.post(w.ines, path+"/blue-notes", form("text", "@Emil <i>look</i>"))
	loose := w.item(w.tove, "Terns", nil)
	w.post(w.ines, address.DeskItemTo(loose, "blue-notes"), form("text", "@emil, @tove: yes?"))

	body := w.get(w.emil, "/desk").is(200, "Waiting for me", "My sections", sectionAt(413, section.ID), "413, two items, 1 without a note",
		"Blue notes to me", "<b>@Emil</b> &lt;i&gt;look", "413, News", `href="`+address.DeskItem(loose)+`"`, "Terns",
		"Items without a note", `href="`+address.DeskItem(bare)+`">Ferry`, "In 413, News").lacks("Nothing waits for you").Body.String()
	if strings.Index(body, "Waiting for me") > strings.Index(body, "Due next") {
		t.Error("the desk does not begin with what waits for me")
	}
	w.get(w.tove, "/desk").is(200, "<b>@tove</b>", "/done").lacks("My sections", "Items without a note")
	w.post(w.emil, path+"/progress", form("progress", "ready", "from", "desk")).leads(address.Desk)
	w.get(w.emil, "/desk").is(200, "Ready</span>").lacks(path + "/progress")
	w.place(loose, 413, "Tools")
	w.get(w.tove, "/desk").is(200, "<b>@tove</b>", "413, Terns").lacks("/done") // not hers to finish any longer
	w.get(w.osman, "/desk").is(200, "Nothing waits for you.")
}
