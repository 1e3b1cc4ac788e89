package exchange

import (
	"cmp"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

// jekyllPost is how Jekyll wants the file of a post named: its day and its slug
// (https://jekyllrb.com/docs/posts/).
var jekyllPost = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})-(.+)\.(?:md|markdown|mkd|mkdn|mkdown)$`)

// jekyllAddress is the address that Jekyll gives a post unless it is told
// another (https://jekyllrb.com/docs/permalinks/, the style "date").
const jekyllAddress = "/:categories/:year/:month/:day/:title.html"

// oldAddresses returns where the printed issue of a post was before: at the
// address that its front matter states, else where Jekyll put a file of this
// name. What says nothing usable is named in the warnings.
func (d *draft) oldAddresses() (list []newsletter.Redirect) {
	if d.front == nil || !d.issue.State.Printed() {
		return nil
	}
	stated := cmp.Or(d.front["permalink"], d.front["url"])
	var all []line
	for _, from := range d.posted(stated.text) {
		all = append(all, line{max(stated.no, 1), from})
	}
	known := map[string]bool{address.Issue(d.issue.Number): true} // it was there all along
	for _, from := range append(all, d.led(stated.text)...) {
		r := newsletter.Redirect{From: from.text, To: address.Issue(d.issue.Number)}
		key := newsletter.OldAddress(r.From)
		if known[key] {
			continue
		}
		if err := r.Validate(); err != nil || placeholder.MatchString(r.From) {
			d.warn(from.no, "the old address %q cannot be kept; give it on the page of old addresses", clip(r.From))
			continue
		}
		known[key] = true
		list = append(list, r)
	}
	return list
}

// led returns the addresses that led to the post from elsewhere: Hugo's
// "aliases", which count from the folder of its page where they do not begin
// with a slash (https://gohugo.io/content-management/urls/#aliases), and the
// "redirect_from" of a plugin of Jekyll's, which count from the root
// (https://github.com/jekyll/jekyll-redirect-from). The file index.html is what
// its folder shows, so both are meant.
func (d *draft) led(stated string) (list []line) {
	for name, folder := range map[string]string{"aliases": d.folder(stated), "redirect_from": "/"} {
		for _, l := range d.values(name) {
			if strings.Contains(l.text, "://") {
				l.text = cmp.Or(pathOf(l.text), l.text)
			} else if folder != "" && !strings.HasPrefix(l.text, "/") {
				l.text = path.Join(folder, l.text)
			}
			list = append(list, l)
			if shown, found := strings.CutSuffix(l.text, "/index.html"); found {
				list = append(list, line{l.no, shown + "/"})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b line) int { return a.no - b.no })
	return list
}

// folder returns where the page of a post lay, by its stated address or as Hugo
// has it from the file's place under "content", or "" where neither says it.
func (d *draft) folder(stated string) string {
	if strings.HasPrefix(stated, "/") && !strings.Contains(stated, ":") {
		return path.Dir(strings.TrimRight(stated, "/"))
	}
	_, file, found := strings.Cut("/"+filepath.ToSlash(d.name), "/content/")
	switch {
	case !found:
		return ""
	case strings.HasPrefix(path.Base(file), "index."):
		file = path.Dir(file) // the page is that of the folder
	}
	return path.Dir("/" + file)
}

// placeholder is one of Jekyll's, that nothing here filled in.
var placeholder = regexp.MustCompile(`:(?:(?:i|short|long|y|w)_|slugified_)?(?:year|month|week|day|hour|minute|second|title|slug|name|categories|collection|path|basename|output_ext)`)

// posted returns the addresses of the post: the stated one, which may be
// absolute, or Jekyll's own, for the day of the file's name and, where it is
// another, that of the date line: which of them counted depends on Jekyll's age.
func (d *draft) posted(stated string) (list []string) {
	if strings.Contains(stated, "://") {
		stated = pathOf(stated)
	} else if stated != "" && !strings.HasPrefix(stated, "/") {
		stated = "/" + stated
	}
	name := jekyllPost.FindStringSubmatch(path.Base(d.name))
	switch {
	case stated != "" && !strings.Contains(stated, ":"):
		return []string{stated}
	case name == nil && stated == "":
		return nil
	case name == nil:
		return []string{stated}
	}
	day, err := newsletter.ParseDate(name[1])
	if err != nil {
		return nil
	}
	days := []newsletter.Date{day}
	if date := d.front["date"]; date.text != "" {
		if day, _, err = d.moment(date); err == nil && day != days[0] {
			days = append(days, day)
		}
	}
	for _, day := range days {
		list = append(list, d.filled(cmp.Or(stated, jekyllAddress), day, name[2]))
	}
	return slices.Compact(list)
}

// filled returns a pattern of Jekyll's for a post's day and its name.
func (d *draft) filled(pattern string, day newsletter.Date, name string) string {
	slug := cmp.Or(d.front["slug"].text, name)
	filled := strings.NewReplacer(
		":categories", d.categories(), ":slugified_categories", d.categories(), ":title", slug, ":slug", slug, ":output_ext", ".html",
		":year", fmt.Sprintf("%04d", day.Year), ":short_year", fmt.Sprintf("%02d", day.Year%100),
		":month", fmt.Sprintf("%02d", day.Month), ":i_month", fmt.Sprint(int(day.Month)),
		":day", fmt.Sprintf("%02d", day.Day), ":i_day", fmt.Sprint(day.Day),
	).Replace(pattern)
	return strings.ReplaceAll(filled, "//", "/") // without categories
}

// categories returns those of a post as they stand in its address.
func (d *draft) categories() string {
	var words []string
	for _, value := range slices.Concat(d.values("categories"), d.values("category")) {
		for word := range strings.FieldsSeq(value.text) {
			words = append(words, newsletter.Slug(word))
		}
	}
	return strings.Join(words, "/")
}
