package publish_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// plainForms reads sessions that hold nothing but one typed text.
func plainForms(data []byte, rewrite func(string) string) []byte {
	return []byte(rewrite(string(data)))
}

func redaction(t *testing.T, given string) publish.Words {
	t.Helper()
	words, err := publish.NewWords(given)
	if err != nil {
		t.Fatal(err)
	}
	return words
}

// took takes words out as often as they stand, and returns how often that was.
func took(t *testing.T, store *postgres.Store, by newsletter.User, given string) int {
	t.Helper()
	found, err := publish.LookForWords(t.Context(), store, by, redaction(t, given), plainForms)
	if err != nil {
		t.Fatal(err)
	}
	times := 0
	for _, at := range found {
		times += at.Times
	}
	if err := publish.Redact(t.Context(), store, by, redaction(t, given), times, plainForms); err != nil {
		t.Fatal(err)
	}
	return times
}

// TestWordsAreTakenOutOfEverything writes words wherever they can be written,
// takes them out, and looks for them in every column of every table.
func TestWordsAreTakenOutOfEverything(t *testing.T) {
	pool := pgtest.New(t)
	store, ctx := postgres.New(pool), t.Context()
	by, owner := curator(t, store), person(t, store, "Osman", newsletter.Owner)
	draft(t, store, by, 7)
	const who, found = "Jane & Doe", "jane"
	b := board(t, store, 7)
	words := b.Issue()
	words.Title, words.Intro, words.Summary = "With "+who, "Fog. *Jane* &amp; **Doe** was there.\n\n_Ines_", "About "+who+"."
	must(t, store.SaveIssue(ctx, by, 7, b.Version, words))
	item := b.Sections[1].Items[0]
	item.Title, item.Note, item.PlaceName = "By "+who, "Said Jane\n& Doe, see [it](https://gulls.example/Jane%20%26%20Doe).", who
	item.Links = []newsletter.Link{{URL: "https://gulls.example/1", Text: "of " + who}, {URL: "https://gulls.example/Jane+&+Doe", Text: "x"}}
	_, err := store.SaveItem(ctx, by, item.ID, item.Version, item.Item, publish.LinksOf)
	must(t, err)
	must(t, store.RenameSection(ctx, by, 7, b.Sections[1].ID, "Letters of "+who, b.Sections[1].Kind, 0))
	must(t, store.AddBlueNote(ctx, by, postgres.Remarked{Issue: 7}, "Ask "+who+".", ""))
	loose, err := store.CreateItem(ctx, by, newsletter.Item{Note: "Loose, by " + who}, nil, "", publish.LinksOf)
	must(t, err)
	must(t, store.Decline(ctx, owner, loose, "It is "+who, "Sorry, "+who))
	_, err = publish.Publish(ctx, store, by, publish.Request{Number: 7, Override: who + " wants it"})
	must(t, err)
	must(t, publish.WithdrawItem(ctx, store, by, publish.Wish{Number: 7, Place: 4, Sentence: "It was not " + who + "."}))
	draft(t, store, by, 8)
	b = board(t, store, 8)
	must(t, store.SaveIssue(ctx, by, 8, b.Version, newsletter.Issue{Number: 8, Date: b.Date, Intro: who + " again."}))
	_, err = pool.Exec(ctx, "INSERT INTO sessions (token, data, expiry) VALUES ('a', $1, now() + interval '1 day'), ('b', 'nothing', now())", []byte("typed "+who))
	must(t, err)
	before, generation1 := revision(t, store), generation(t, store)

	if err := publish.Redact(ctx, store, owner, redaction(t, who), 3, plainForms); !errors.Is(err, newsletter.ErrConflict) || !strings.Contains(everything(t, pool)["revisions"], found) {
		t.Fatalf("words are taken out that nobody was shown: %v", err)
	}
	times := took(t, store, owner, who)
	for table, text := range everything(t, pool) {
		if strings.Contains(text, found) {
			t.Errorf("%s still holds them: %s", table, text)
		}
	}
	after := revision(t, store)
	note := after.Sections[1].Items[0]
	if note.Note.HTML != "<p>Said (redacted), see <a href=\"https://gulls.example/(redacted)\">it</a>.</p>\n" || note.Links[1].URL != "https://gulls.example/(redacted)" ||
		note.Title != "By (redacted)" || after.Sections[1].Title != "Letters of (redacted)" || after.Corrections[0].Sentence != "It was not (redacted)." || after.Summary != "About (redacted)." {
		t.Errorf("readers get %+v", after)
	}
	if after.Ordinal != before.Ordinal || !after.PublishedAt.Equal(before.PublishedAt) || marks(after) != marks(before) || generation(t, store) <= generation1 {
		t.Errorf("it is revision %d with %s, generation %d", after.Ordinal, marks(after), generation(t, store))
	}
	if hits, err := store.Search(ctx, postgres.Query{Words: "redacted", Page: 1}); err != nil || len(hits.Hits) != 2 || hits.Total != 2 {
		t.Errorf("search finds %+v (%v)", hits, err)
	}
	deeds, err := store.Deeds(ctx, 1)
	if err != nil || deeds[0].Action != "redact words" || deeds[0].Object != fmt.Sprintf("%d times, in 8, 7, the desk", times) {
		t.Errorf("the deed is %+v (%v)", deeds[0], err)
	}
	var left string
	if err := pool.QueryRow(ctx, "SELECT convert_from(data, 'UTF8') FROM sessions WHERE token = 'a'").Scan(&left); err != nil || left != "typed (redacted)" {
		t.Errorf("a form that waits for its sender holds %q (%v)", left, err)
	}
	if n := took(t, store, owner, who); n != 0 {
		t.Errorf("they stand %d times after that", n)
	}
	if now := revision(t, store); now.Ordinal != after.Ordinal {
		t.Error("the same again prints it again")
	}
	stale := item.Item
	if _, err := store.SaveItem(ctx, by, board(t, store, 8).Sections[0].Items[0].ID, 0, stale, publish.LinksOf); !errors.Is(err, newsletter.ErrConflict) {
		t.Errorf("words of before are saved over what is left: %v", err)
	}
}

// everything returns all that the database holds, table by table, in small
// letters.
func everything(t *testing.T, pool *pgxpool.Pool) map[string]string {
	t.Helper()
	rows, err := pool.Query(t.Context(), "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
	must(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(t, err)
	all := map[string]string{}
	for _, table := range tables {
		var text string
		must(t, pool.QueryRow(t.Context(), "SELECT coalesce(string_agg(to_jsonb(t)::text, E'\n'), '') FROM "+pgx.Identifier{table}.Sanitize()+" AS t").Scan(&text))
		all[table] = strings.ToLower(text)
	}
	return all
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestOneTextWithoutTheWords: whatever Markdown stands between the letters, no
// reader finds the words afterwards, and what does not have them stays.
func TestOneTextWithoutTheWords(t *testing.T) {
	const whole = publish.Redacted
	store, by := printed(t)
	owner := person(t, store, "Osman", newsletter.Owner)
	for given, tests := range map[string]map[string]string{
		"Jane Doe": {
			"By Jane Doe.":                             "By (redacted).",
			"By **Jane** Doe.":                         "By **(redacted).",
			"By jane doe.":                             "By jane doe.",
			"By Jane D.":                               "By Jane D.",
			"By Jane\n> Doe":                           "By (redacted)",
			"By J*ane* Doe":                            "By (redacted)",
			"By [Jane](https://x.example) Doe":         whole,
			"By Jane <b>Doe</b>, who":                  whole,
			"By Jane D&#111;e":                         whole,
			"See <https://x.example/Jane%20Doe>.":      "See <https://x.example/(redacted)>.",
			strings.Repeat("Jane Doe ", 900) + "is it": whole,
		},
		"snake_case": {"A snake_case name, a snake-case one": "A (redacted) name, a snake-case one"},
		"5 < 6":      {"So 5 < 6 and 5 > 6": "So (redacted) and 5 > 6"},
		"Jäger":      {"By J&auml;ger": whole, "By Jäger, https://x.example/J%C3%A4ger": "By (redacted), https://x.example/(redacted)"},
		"[x](":       {"A [x](https://x.example)": "A (redacted)https://x.example)"},
	} {
		for note, want := range tests {
			item, err := publish.ItemAt(board(t, store, 7), 2)
			must(t, err)
			words := item.Item
			words.Note = note
			if err := publish.CorrectItem(t.Context(), store, by, publish.Wish{Number: 7, Place: 2, Version: item.Version}, words); err != nil {
				t.Fatalf("%q: %v", note, err)
			}
			took(t, store, owner, given)
			got := revision(t, store).Sections[1].Items[0].Note
			if got.Markdown != want {
				t.Errorf("%q without %q is %q, want %q", note, given, got.Markdown, want)
			}
			if again, err := publish.LookForWords(t.Context(), store, owner, redaction(t, given), plainForms); err != nil || len(again) != 0 {
				t.Errorf("%q: %+v still stands in %q (%v)", note, again, got.HTML, err)
			}
		}
	}
}

func TestWordsThatCannotBeTakenOut(t *testing.T) {
	for _, given := range []string{"", "  ab ", "redact", "(redacted)", strings.Repeat("x", 301)} {
		if _, err := publish.NewWords(given); err == nil {
			t.Errorf("%q can be taken out", given)
		}
	}
	store, by := printed(t)
	for _, who := range []newsletter.User{by, person(t, store, "Emil", newsletter.Editor)} {
		_, err := publish.LookForWords(t.Context(), store, who, redaction(t, "Gulls"), plainForms)
		if err2 := publish.Redact(t.Context(), store, who, redaction(t, "Gulls"), 4, plainForms); !errors.Is(err, newsletter.ErrForbidden) || !errors.Is(err2, newsletter.ErrForbidden) {
			t.Errorf("a %s looks for words (%v) and takes them out (%v)", who.Role, err, err2)
		}
	}
}

// TestALinkWithoutItsSiteGoes: what cannot be an address any more is none, and an
// item never becomes empty.
func TestALinkWithoutItsSiteGoes(t *testing.T) {
	store, by := printed(t)
	owner := person(t, store, "Osman", newsletter.Owner)
	item, err := publish.ItemAt(board(t, store, 7), 2)
	must(t, err)
	words := newsletter.Item{Links: []newsletter.Link{{URL: "https://janedoe.example/x", Text: "y"}}}
	must(t, publish.CorrectItem(t.Context(), store, by, publish.Wish{Number: 7, Place: 2, Version: item.Version}, words))
	took(t, store, owner, "janedoe")
	got := revision(t, store).Sections[1].Items[0]
	if len(got.Links) != 0 || got.Note.Plain != publish.Redacted {
		t.Errorf("printed is %+v", got)
	}
	if now, err := publish.ItemAt(board(t, store, 7), 2); err != nil || len(now.Links) != 0 || now.Note != publish.Redacted {
		t.Errorf("the desk has %+v (%v)", now, err)
	}
}

// TestARevisionStaysButForItsWords: the schema lets nothing else change, and
// nothing at all by another way.
func TestARevisionStaysButForItsWords(t *testing.T) {
	pool := pgtest.New(t)
	store := postgres.New(pool)
	by := curator(t, store)
	draft(t, store, by, 7)
	_, err := publish.Publish(t.Context(), store, by, publish.Request{Number: 7})
	must(t, err)
	r := revision(t, store)
	id := board(t, store, 7).ID
	moved, dated, fewer := r, r, r
	moved.Number, dated.Date.Year = 8, 1999
	fewer.Sections = r.Sections[1:]
	for name, changed := range map[string]newsletter.Revision{"number": moved, "date": dated, "marks": fewer} {
		if err := store.RedactRevision(t.Context(), id, changed); err == nil {
			t.Errorf("its %s changes", name)
		}
	}
	r.Summary = "x"
	must(t, store.RedactRevision(t.Context(), id, r))
	if _, err := pool.Exec(t.Context(), "UPDATE revisions SET content = content"); err == nil {
		t.Error("anybody may change it")
	}
}

// TestWordsAreTakenOutWhileOthersWrite: nobody waits in a circle, and none of what
// was there before is left.
func TestWordsAreTakenOutWhileOthersWrite(t *testing.T) {
	store, by := printed(t)
	owner := person(t, store, "Osman", newsletter.Owner)
	draft(t, store, by, 8)
	gulls := board(t, store, 8).Sections[1].Items[0]
	var all sync.WaitGroup
	work := func(do func(k int) error) {
		all.Go(func() {
			for k := range 12 {
				if err := do(k); err != nil && !errors.Is(err, newsletter.ErrConflict) {
					t.Error(err)
				}
			}
		})
	}
	work(func(k int) error { return store.StepItem(t.Context(), by, gulls.ID, k%2 == 0, 0) })
	work(func(k int) error {
		item, err := store.DeskItem(t.Context(), gulls.ID)
		if err != nil {
			return err
		}
		item.Title = fmt.Sprint("Title ", k)
		_, err = store.SaveItem(t.Context(), by, item.ID, item.Version, item.Item, publish.LinksOf)
		return err
	})
	work(func(k int) error {
		words := newsletter.Issue{Date: newsletter.Date{Year: 2026, Month: 1, Day: 1 + k%28}, Intro: "Fog."}
		return publish.CorrectIssue(t.Context(), store, by, publish.Wish{Number: 7, Version: board(t, store, 7).Version}, words)
	})
	for _, given := range []string{"Gulls", "Terns", "keeper"} {
		all.Go(func() {
			for {
				found, err := publish.LookForWords(t.Context(), store, owner, redaction(t, given), plainForms)
				times := 0
				for _, at := range found {
					times += at.Times
				}
				if err == nil {
					err = publish.Redact(t.Context(), store, owner, redaction(t, given), times, plainForms)
				}
				if !errors.Is(err, newsletter.ErrConflict) {
					if err != nil {
						t.Error(err)
					}
					return
				}
			}
		})
	}
	all.Wait()
	for _, given := range []string{"Gulls", "Terns", "keeper"} {
		if n := took(t, store, owner, given); n != 0 {
			t.Errorf("%q still stands %d times", given, n)
		}
	}
}
