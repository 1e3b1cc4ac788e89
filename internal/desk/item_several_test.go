package desk

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"broadsheet/internal/address"
	"broadsheet/internal/newslettertest"
)

func TestAddressesOfAPastedText(t *testing.T) {
	const g, f = "https://gulls.example/1", "https://ferry.example/2"
	for pasted, want := range map[string]string{
		g + "\n" + f:                                  g + "= " + f + "=",
		g + "\t" + f + "\r\n":                         g + "= " + f + "=",
		g + ", " + f + ".":                            g + "= " + f + "=",
		g + "," + f + ";" + g:                         g + "= " + f + "= " + g + "=",
		g + f:                                         g + "= " + f + "=", // a field of one line swallowed the break
		"(" + g + ") [" + f + "]":                     g + "= " + f + "=",
		"<" + g + ">\n\"" + f + "\"":                  g + "= " + f + "=",
		"See " + g + "!\nand then: " + f + "?!":       g + "=See " + f + "=and then",
		"1. " + g + "\n2) " + f:                       g + "= " + f + "=",
		"- " + g + " gulls, counted\n* Ferry - " + f:  g + "=gulls, counted " + f + "=Ferry",
		"[Gulls](" + g + ") and [ferries](" + f + ")": g + "=Gulls " + f + "=and [ferries]",
		"Maud sent these:\n\n" + g + "\n" + f + "\nThey are good.": g + "= " + f + "= | Maud sent these:\n\nThey are good.",
		g + "\nterns.example\n" + f:                                g + "= " + f + "= | terns.example",
		g + "\nhttps://\n" + f:                                     g + "= " + f + "= | https://",
		"https:// " + g + " " + f:                                  g + "=https:// " + f + "=",
		"https://archive.example/2013/" + g + " " + f:              "https://archive.example/2013/" + g + "= " + f + "=",
		"https://a.example/?to%3D" + g + "\n" + f:                  "https://a.example/?to%3D" + g + "= " + f + "=",
		g:            " | " + g,
		"See " + g:   " | See " + g,
		"only words": " | only words",
		"":           "",
	} {
		links, rest := takeAddresses(strings.ReplaceAll(pasted, "\r\n", "\n"))
		var got []string
		for _, link := range links {
			got = append(got, link.URL+"="+link.Text)
		}
		line := strings.Join(got, " ")
		if rest != "" {
			line += " | " + rest
		}
		if line != want {
			t.Errorf("%q gives\n%s, want\n%s", pasted, line, want)
		}
	}
}

func TestNoAddressAndNoWordIsDropped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var pasted strings.Builder
		var urls, words []string
		for n := range rapid.IntRange(2, 9).Draw(t, "addresses") {
			if word := rapid.StringMatching(`([a-z]{1,400})?`).Draw(t, "word"); word != "" {
				words = append(words, word)
				pasted.WriteString(word + rapid.SampledFrom([]string{" ", ": ", "\n", " <", " ("}).Draw(t, "before"))
			}
			urls = append(urls, fmt.Sprintf("https://s%d.example/%s", n, rapid.StringMatching(`[a-z0-9/?=&_-]{0,20}[a-z]`).Draw(t, "path")))
			pasted.WriteString(urls[n] + rapid.SampledFrom([]string{" ", "\t", "\n", ", ", ".\n", ") ", "> "}).Draw(t, "behind"))
		}
		links, rest := takeAddresses(pasted.String())
		if len(links) != len(urls) {
			t.Fatalf("%q gives %d addresses of %d", pasted.String(), len(links), len(urls))
		}
		all := rest
		for k, link := range links {
			if all += " " + link.Text; link.URL != urls[k] || !fitsTitle(link.Text) {
				t.Fatalf("%q gives %q, want %q", pasted.String(), link, urls[k])
			}
		}
		for _, word := range words {
			if !strings.Contains(all, word) {
				t.Fatalf("%q loses %q", pasted.String(), word)
			}
		}
	})
}

const pastedThree = "Maud sent these:\nGulls: https://gulls.example/139\nhttps://ferry.example/2 (a log)\nhttps://gulls.example/139"

func TestSeveralAddressesAreOfferedBothWays(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.draft(413)
	w.get(w.tove, address.NewItemWith(pastedThree)).is(200, "There are 3 addresses. Save them as one item with 3 links, or as 3 items.", "Two of the addresses are the same",
		"Save as one item with 3 links</button>", `value="each">Save as 3 items`, `name="label" class="printed" value="Gulls"`, `name="label" class="printed" value="a log"`,
		"\nMaud sent these:</textarea>", `value="https://gulls.example/139"`, "https://gulls.example/139 is known already", `name="title" class="printed" value=""`)
	w.get(w.tove, address.NewItem+"?"+form("title", "Two", "note", "https://a.example/1\nhttps://b.example/2\nGood.")).is(200, "There are 2 addresses", "\nGood.</textarea>", `value="Two"`)
	w.get(w.tove, address.NewItem).lacks(`value="each"`, "as one item")
	w.post(w.tove, address.Items, form("url", pastedThree, "title", "Kept")).is(422, "<title>Error: ", "save them as one item with 3 links, or as 3 items",
		`value="each"`, `value="https://ferry.example/2"`, "Maud sent these:", `value="Kept"`)
	if n, _, err := w.store.DeskCounts(t.Context()); n != 0 || err != nil {
		t.Errorf("%d items were saved, %v", n, err)
	}
	id := idOf(t, w.post(w.tove, address.Items, form("url", "https://a.example/1", "label", "One", "url", "https://b.example/2", "do", "save")))
	if links := w.stored(id).Links; len(links) != 2 || links[0].Text != "One" {
		t.Errorf("stored are %v", links)
	}
	w.post(w.tove, address.DeskItem(id), form("url", "https://a.example/1 and https://c.example/3", "version", "1")).leads(address.DeskItem(id) + "?done=saved")
	if links := w.stored(id).Links; len(links) != 2 || links[1].URL != "https://c.example/3" || links[1].Text != "and" {
		t.Errorf("stored are %v", links)
	}
}

func TestAnItemForEachAddress(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	sent := form("url", pastedThree, "do", "each", "key", "k1", "sponsored", "on")
	const to = "/desk/inbox?done=added&n=3"
	w.post(w.tove, address.Items, sent).leads(to)
	w.post(w.tove, address.Items, sent).leads(to) // pressed twice
	w.get(w.tove, to).is(200, "3 items added to the inbox.", "Also in the inbox, <a")
	rows, err := w.pool.Query(t.Context(), `
		SELECT title || '|' || note || '|' || (SELECT string_agg(url || text, ' ') FROM links WHERE item_id = items.id) || '|' || sponsored || '|' || submitted_by
		FROM items ORDER BY id`)
	must(t, err)
	var got []string
	for rows.Next() {
		var line string
		must(t, rows.Scan(&line))
		got = append(got, line)
	}
	want := "Gulls|Maud sent these:|https://gulls.example/139|true|Tove\na log||https://ferry.example/2|true|Tove\n||https://gulls.example/139|true|Tove"
	if strings.Join(got, "\n") != want {
		t.Errorf("stored are\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
	w.post(w.tove, address.Items, form("url", "https://x.example/ https://y.example/", "do", "each", "key", "k1")).
		is(409, "was sent before", `value="https://x.example/"`).lacks(`name="key" value="k1"`)
	if n, _, err := w.store.DeskCounts(t.Context()); n != 3 || err != nil {
		t.Errorf("%d items, %v", n, err)
	}
	w.post(w.emil, address.Items, form("url", "https://x.example/ https://y.example/", "do", "each", "title", "Both", "issue", "413", "section", "Tools")).
		leads("/desk/inbox?done=added&in=413&n=2&to=Tools")
	w.get(w.emil, "/desk/inbox?done=added&in=413&n=2&to=Tools").is(200, "2 items added to Tools in 413.")
	tools, _ := w.section(413, "Tools")
	if len(tools.Items) != 2 || tools.Items[0].Title != "Both" || tools.Items[1].Links[0].URL != "https://y.example/" {
		t.Errorf("Tools holds %+v", tools.Items)
	}
	w.post(w.tove, address.Items, form("url", "https://x.example/ https://z.example/", "do", "each", "issue", "413", "section", "Tools")).is(403)
}

func TestTooManyAddressesAreAllKept(t *testing.T) {
	w := newWorld(t)
	var pasted strings.Builder
	for n := range 60 {
		fmt.Fprintf(&pasted, "https://s%d.example/\n", n)
	}
	w.get(w.tove, address.NewItemWith(pasted.String())).is(200, "There are 60 addresses in what you pasted, and at most 50", "Nothing is lost", `value="https://s0.example/"`, `value="https://s59.example/"`)
	for _, do := range []string{"save", "each"} {
		w.post(w.tove, address.Items, form("url", pasted.String(), "do", do)).is(422, "Link 1 and the others are 60; at most 50", `value="https://s59.example/"`)
	}
	w.post(w.tove, address.Items, form("url", "https://a.example/ javascript:alert(1) https://b.example/ https://", "do", "each", "event_on", "soon")).
		is(422, "no day of the calendar", "javascript:alert(1)", `value="https://b.example/"`)
	if n, _, err := w.store.DeskCounts(t.Context()); n != 0 || err != nil {
		t.Errorf("%d items were saved, %v", n, err)
	}
}
