package site

import (
	"html/template"
	"strconv"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// hits returns items that a search found, as lists have them, with the words
// marked that are meant. Their notes are plain text: what they link to is not
// linked here. A page has thirty of these, each new, so they are written without
// a template, which would look at each of their parts in its place.
func (m marks) hits(found []postgres.Hit) template.HTML {
	var b strings.Builder
	b.Grow(len(found) << 10) // few have more
	for _, hit := range found {
		m.hit(&b, hit, page.NewItem(hit.Mark(), hit.Item))
	}
	return template.HTML(b.String()) // of tags and what was escaped
}

// intros returns issues whose introductions a search found, as hits does items.
func (m marks) intros(found []postgres.IntroHit) template.HTML {
	var b strings.Builder
	for _, hit := range found {
		number := strconv.Itoa(hit.Number)
		put(&b, "\n<li class=\"item\"><a class=\"mark\" href=\"", address.Issue(hit.Number), "\">", number, "</a>\n<div class=\"words\"><p class=\"when\">",
			string(page.Dated(hit.Date)), "</p><p dir=\"auto\">")
		m.passages(&b, hit.Intro)
		put(&b, "</p></div></li>")
	}
	return template.HTML(b.String()) // of tags and what was escaped
}

func (m marks) hit(b *strings.Builder, hit postgres.Hit, item page.Item) {
	class := "item"
	if item.Sponsored {
		class = "item paid"
	}
	put(b, "\n<li class=\"", class, "\">", string(page.Cited(item.Mark)), "\n<div class=\"words\"><p class=\"when\">", string(page.Dated(hit.Date)))
	if hit.Heading != "" {
		put(b, ", <bdi>")
		m.write(b, hit.Heading)
		put(b, "</bdi>")
	}
	put(b, "</p>")
	if item.Labelled {
		put(b, `<p class="paid-label">Paid placement</p>`)
	}
	if item.Title != "" {
		put(b, `<h3 class="title" dir="auto">`)
		if item.TitleLink.URL != "" {
			open(b, "", item.TitleLink)
			m.write(b, item.Title)
			put(b, "</a>")
		} else {
			m.write(b, item.Title)
		}
		put(b, "</h3>")
	}
	if hit.Note != "" {
		put(b, `<p dir="auto">`)
		m.passages(b, hit.Note)
		put(b, "</p>")
	}
	event(b, item)
	put(b, "</div>")
	m.links(b, item.Links)
	put(b, "</li>")
}

// event writes when and where an event is.
func event(b *strings.Builder, item page.Item) {
	if item.Event.From == "" && item.PlaceName == "" {
		return
	}
	put(b, `<p class="when">`)
	if item.Event.From != "" {
		put(b, `<time datetime="`, item.Event.FromDay.String(), `">`, item.Event.From, "</time>")
		if item.Event.Until != "" {
			put(b, ` to <time datetime="`, item.Event.UntilDay.String(), `">`, item.Event.Until, "</time>")
		}
		if item.PlaceName != "" {
			put(b, ", ")
		}
	}
	put(b, "<bdi>", template.HTMLEscapeString(item.PlaceName), "</bdi></p>")
}

func (m marks) links(b *strings.Builder, links []page.Link) {
	if len(links) == 0 {
		return
	}
	put(b, "\n<ul class=\"links\">")
	for _, link := range links {
		put(b, "<li>")
		if link.Text != "" {
			open(b, ` class="named"`, link)
			put(b, "<bdi><b>")
			m.write(b, link.Text)
			put(b, `</b></bdi> <span class="host">`)
			m.write(b, link.Host)
			put(b, "</span></a></li>")
			continue
		}
		open(b, "", link)
		put(b, "<b>")
		m.write(b, link.Host)
		put(b, "</b>")
		m.write(b, link.Rest)
		put(b, "</a></li>")
	}
	put(b, "</ul>")
}

// open writes a link's first tag.
func open(b *strings.Builder, class string, link page.Link) {
	put(b, "<a", class, ` href="`, page.Href(link.URL), `"`)
	if link.Sponsored {
		put(b, ` rel="sponsored"`)
	}
	put(b, ">")
}

// write writes HTML that is one already.
func put(b *strings.Builder, html ...string) {
	for _, part := range html {
		b.WriteString(part)
	}
}
