package newsletter_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"broadsheet/internal/newsletter"
)

func TestMentions(t *testing.T) {
	people := []newsletter.User{
		{ID: 1, Name: "Wren Halloran"}, {ID: 2, Name: "Wren Okafor"}, {ID: 3, Name: "Tomás Reis"},
		{ID: 4, Name: "Ann"}, {ID: 5, Name: "Ann Marie Dahl"}, {ID: 6, Name: "Gone Fishing", Disabled: true}, {ID: 7, Name: "Li"},
	}
	for text, want := range map[string]struct {
		words  []string
		people []int64
	}{
		"nobody here":                         {},
		"@wren, look":                         {[]string{"@wren"}, []int64{1, 2}},
		"@Wren Halloran, and @TOMÁS":          {[]string{"@Wren Halloran", "@TOMÁS"}, []int64{1, 3}},
		"(@wren okafor's)":                    {[]string{"@wren okafor"}, []int64{2}},
		"@Wren Hallorann":                     {[]string{"@Wren"}, []int64{1, 2}},
		"@Wrens @wren2 @Wren\u0301 @tom":      {},
		"@Ann":                                {[]string{"@Ann"}, []int64{4, 5}},
		"@Ann Marie Dahl":                     {[]string{"@Ann Marie Dahl"}, []int64{5}},
		"@Ann Marie":                          {[]string{"@Ann"}, []int64{4, 5}},
		"@Gone and @Gone Fishing":             {},
		"mail wren@ann.example or a@Li":       {},
		"@@Li@Li":                             {[]string{"@Li"}, []int64{7}},
		"@Li @Li":                             {[]string{"@Li", "@Li"}, []int64{7}},
		"@":                                   {},
		"Reis knows; ask @Reis":               {},
		"\xff@Li\xff":                         {[]string{"@Li"}, []int64{7}},
		"line\n@Tomás Reis\nline @ Li@ @\tLi": {[]string{"@Tomás Reis"}, []int64{3}},
	} {
		var words []string
		for _, m := range newsletter.Mentions(text, people) {
			words = append(words, text[m.From:m.To])
		}
		var ids []int64
		for _, u := range newsletter.Mentioned(text, people) {
			ids = append(ids, u.ID)
		}
		if !slices.Equal(words, want.words) || !slices.Equal(ids, want.people) {
			t.Errorf("%q names %q, people %v; want %q, %v", text, words, ids, want.words, want.people)
		}
	}
}

func FuzzMentions(f *testing.F) {
	f.Add("@wren @Wren Halloran", "Wren Halloran")
	f.Add("@\xff\xfe@K", "K \xff")
	f.Fuzz(func(t *testing.T, text, name string) {
		end := 0
		for _, m := range newsletter.Mentions(text, []newsletter.User{{ID: 1, Name: name}}) {
			if m.From < end || m.To <= m.From+1 || m.To > len(text) || text[m.From] != '@' || len(m.People) != 1 {
				t.Fatalf("%q by %q: %+v", text, name, m)
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[m.From:m.To]) {
				t.Fatalf("%q is cut inside a character: %+v", text, m)
			}
			end = m.To
		}
	})
}

func TestCheckBlueNote(t *testing.T) {
	for _, good := range []string{"Fine.", "Two\nlines\t@Wren", strings.Repeat("é", newsletter.MaxBlueNote), "<script>"} {
		if err := newsletter.CheckBlueNote(good); err != nil {
			t.Errorf("%.20q: %v", good, err)
		}
	}
	for _, bad := range []string{"", " \n\t ", strings.Repeat("x", newsletter.MaxBlueNote+1), "bell\a", "\xff"} {
		wantOnly(t, newsletter.CheckBlueNote(bad), "text")
	}
}
