package exchange

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"broadsheet/internal/newsletter"
)

func TestOldAddressesOfPosts(t *testing.T) {
	for name, test := range map[string]struct {
		file, front string   // the file's name, and lines of its front matter
		want        []string // old addresses
		warns       string
	}{
		"Jekyll's own":              {"site/_posts/2013-09-01-139.md", "date: 2013-09-01T12:45:10+01:00", []string{"/2013/09/01/139.html"}, ""},
		"a word in the name":        {"2013-09-01-issue-139.markdown", "", []string{"/2013/09/01/issue-139.html"}, ""},
		"another day in the file":   {"2013-09-02-139.md", "date: 2013-09-01", []string{"/2013/09/02/139.html", "/2013/09/01/139.html"}, ""},
		"a slug":                    {"2013-09-01-139.md", "slug: pears", []string{"/2013/09/01/pears.html"}, ""},
		"categories":                {"2013-09-01-139.md", "categories: [Ops, news]", []string{"/ops/news/2013/09/01/139.html"}, `"categories"`},
		"a permalink":               {"2013-09-01-139.md", "permalink: /letters/139/", []string{"/letters/139/"}, ""},
		"a permalink without slash": {"139.md", "permalink: letters/139", []string{"/letters/139"}, ""},
		"a pattern":                 {"2013-09-01-139.md", "permalink: /:categories/:year/:i_month/:i_day/:title/", []string{"/2013/9/1/139/"}, ""},
		"a pattern without a day":   {"139.md", "permalink: /:year/:title/", nil, `line 4: the old address "/:year/:title/" cannot be kept`},
		"an unknown pattern":        {"2013-09-01-139.md", "permalink: /:long_month/:title/", nil, `cannot be kept`},
		"a colon that is none":      {"139.md", "permalink: /Letters:139", []string{"/Letters:139"}, ""},
		"a whole address":           {"139.md", "url: https://old.example/posts/139?x=1", []string{"/posts/139?x=1"}, ""},
		"today's":                   {"139.md", "permalink: /issues/139/", nil, ""},
		"another host":              {"139.md", `permalink: //evil.example/`, nil, "cannot be kept"},
		"aliases of Hugo":           {"site/content/posts/139.md", "aliases:\n  - /2013/139.html\n  - \"/old/letter/\"\n  - earlier\n  - ../first/139/", []string{"/2013/139.html", "/old/letter/", "/posts/earlier", "/first/139"}, ""},
		"aliases in brackets":       {"139.md", `aliases: [ "/a b/", '/c', /d/index.html, ]`, []string{"/a b/", "/c", "/d/index.html", "/d/"}, ""},
		"an alias of a folder":      {"content/posts/139/index.md", "aliases: earlier", []string{"/posts/earlier"}, ""},
		"an alias beside an url":    {"139.md", "url: /letters/139/\naliases: [138b, /letters/139]", []string{"/letters/139/", "/letters/138b"}, ""},
		"an alias of nowhere":       {"139.md", "aliases:\n- earlier", nil, `line 5: the old address "earlier" cannot be kept`},
		"aliases of other hosts":    {"139.md", "aliases:\n- https://old.example/p/139/?a=1\n- https://old.example\n- //evil.example/", []string{"/p/139/?a=1"}, `"https://old.example" cannot be kept`},
		"Jekyll's redirect_from":    {"2013-09-01-139.md", "redirect_from:\n  - /post/123456789/\n  - post/139\n  - /issues/139\n  - /2013/09/01/139.html", []string{"/2013/09/01/139.html", "/post/123456789/", "/post/139"}, ""},
		"one redirect_from":         {"139.md", "redirect_from: /post/123456789/", []string{"/post/123456789/"}, ""},
		"no redirect_from":          {"139.md", "redirect_from:\naliases: []", nil, ""},
		"categories as a list":      {"2013-09-01-139.md", "categories:\n- Ops\n- news", []string{"/ops/news/2013/09/01/139.html"}, `"categories"`},
		"a list of another kind":    {"139.md", "tags:\n- ops: yes\n- pears", nil, `"tags" of the front matter`},
		"fields of another field":   {"139.md", "resources:\n  - src: pear.png\n    name: pear\n    title: Issue 7 - 1st September 2001\naliases: /c", []string{"/c"}, `"resources" of the front matter`},
		"no post's name":            {"139.md", "slug: pears", nil, `"slug" of the front matter`},
		"no day of the calendar":    {"2013-02-31-139.md", "", nil, ""},
		"no Markdown":               {"2013-09-01-139.txt", "", nil, ""},
		"no name":                   {"", "", nil, ""},
	} {
		for kind, layout := range map[Format]string{FormatDevopsWeekly: "layout: note", FormatMarkdown: "layout: post"} {
			t.Run(name+" as "+string(kind), func(t *testing.T) {
				text := "---\n" + layout + "\ntitle: Issue 139 - 1st September 2013\n" + test.front + "\n---\n\nNews\n====\n\nA pear.\n"
				doc, err := ReadNamed(test.file, strings.NewReader(text), kind)
				if err != nil {
					t.Fatal(err)
				}
				var want []newsletter.Redirect
				for _, from := range test.want {
					want = append(want, newsletter.Redirect{From: from, To: "/issues/139"})
				}
				if diff := cmp.Diff(want, doc.OldAddresses, cmpopts.EquateEmpty()); diff != "" {
					t.Error(diff)
				}
				if warnings := strings.Join(doc.Warnings, "\n"); !strings.Contains(warnings, test.warns) || test.warns == "" && warnings != "" {
					t.Errorf("the warnings are %q, want %q", warnings, test.warns)
				}
			})
		}
	}
}

// What was not printed was at no address.
func TestDraftsHaveNoOldAddress(t *testing.T) {
	text := "---\nlayout: post\ntitle: Issue 139 - 1st September 2013\nstate: \"draft\"\n---\n\nNews\n====\n\nA pear.\n"
	if doc, err := ReadNamed("2013-09-01-139.md", strings.NewReader(text), FormatMarkdown); err != nil || len(doc.OldAddresses) != 0 {
		t.Errorf("%v, %v", doc.OldAddresses, err)
	}
}
