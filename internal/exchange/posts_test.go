package exchange

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

func TestPosts(t *testing.T) {
	p := newsletter.Publication{Name: "Bee Keepers Weekly"}
	want := []string{
		"Bee Keepers Weekly 12: Counting & weighing\n\nhttps://bees.example/issues/12",
		"In Bee Keepers Weekly 12:\n– A day out\n\nhttps://bees.example/issues/12",
	}
	if diff := cmp.Diff(want, Posts(printed(), p, base)); diff != "" {
		t.Error(diff)
	}
	bare := newsletter.Revision{Number: 3}
	if diff := cmp.Diff([]string{"Bee Keepers Weekly 3\n\nhttps://bees.example/issues/3"}, Posts(bare, p, base)); diff != "" {
		t.Error(diff)
	}
}

// TestPostsKeepTheirLength gives them more than they have room for.
func TestPostsKeepTheirLength(t *testing.T) {
	word := "Zwölfundzwanzig "
	r := newsletter.Revision{Number: 412, Summary: strings.Repeat(word, 30)}
	long := newsletter.PrintedItem{Title: strings.TrimSpace(strings.Repeat(word, 6))}
	r.Sections = []newsletter.PrintedSection{
		{Items: []newsletter.PrintedItem{{Links: []newsletter.Link{{Text: "First", URL: "https://a.example/"}}}, long, long, long}},
		{Items: []newsletter.PrintedItem{{Title: "Short"}}},
	}
	posts := Posts(r, newsletter.Publication{Name: "Bees"}, base)
	for _, post := range posts {
		if n := utf8.RuneCountInString(post); n > MaxPost || n < 200 || !strings.HasSuffix(post, "\n\nhttps://bees.example/issues/412") {
			t.Errorf("%d characters: %q", n, post)
		}
	}
	if !strings.Contains(posts[0], "Zwölfundzwanzig…") {
		t.Errorf("cut within a word: %q", posts[0])
	}
	if !strings.HasPrefix(posts[1], "In Bees 412:\n– First\n– ") || strings.Contains(posts[1], "Short") || strings.Contains(posts[1], "…") {
		t.Errorf("not the first items, each whole: %q", posts[1])
	}
}
