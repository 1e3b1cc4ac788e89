package publish

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"broadsheet/internal/job"
	"broadsheet/internal/markdown"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// Stands says how often words stand somewhere.
type Stands struct {
	Issue int    // its number, or 0 for what belongs to none
	What  string // as it goes on after "in": "print", "earlier versions"
	Times int
}

// StandsElsewhere is the error of a redaction when the words stand not as often as
// somebody was shown. It is [newsletter.ErrConflict]; nothing was changed.
type StandsElsewhere struct{ Times int }

// Error says how often they stand.
func (s *StandsElsewhere) Error() string {
	return fmt.Sprintf("the words stand there %d times by now", s.Times)
}

// Is makes it an ErrConflict.
func (s *StandsElsewhere) Is(target error) bool { return target == newsletter.ErrConflict }

// KeptForms rewrites what a session keeps of forms, see session.Rewrite: it
// returns nil where nothing changes.
type KeptForms func(data []byte, rewrite func(string) string) []byte

// LookForWords returns where and how often words stand in what was printed and in
// what the desk keeps, newest issue first, then what belongs to none. It changes
// nothing.
func LookForWords(ctx context.Context, store *postgres.Store, by newsletter.User, words Words, forms KeptForms) (found []Stands, err error) {
	if err := newsletter.Allow(by, newsletter.RedactWords, newsletter.Object{}); err != nil {
		return nil, err
	}
	err = store.View(ctx, func(tx *postgres.Store) error {
		if err := tx.InParallel(ctx); err != nil {
			return err
		}
		r := redaction{Store: tx, words: words, times: map[stand]int{}}
		if err := r.run(ctx, forms); err != nil {
			return err
		}
		found, err = r.stands(ctx)
		return err
	})
	return found, err
}

// LookByHand returns how often words stand in what a redaction leaves: what is
// changed on pages of its own. It changes nothing.
func LookByHand(ctx context.Context, store *postgres.Store, by newsletter.User, words Words) ([]Stands, error) {
	if err := newsletter.Allow(by, newsletter.RedactWords, newsletter.Object{}); err != nil {
		return nil, err
	}
	r := redaction{Store: store, words: words, times: map[stand]int{}}
	for _, in := range postgres.ChangedByHand {
		if err := r.texts(ctx, in); err != nil {
			return nil, err
		}
	}
	return r.stands(ctx)
}

// Redact takes words out of every revision, version and text that is kept, and
// gives readers what is left at once: [Redacted] stands in their place. times is
// how often they stand there, as somebody was shown; otherwise it is a
// [StandsElsewhere]. Words that stand nowhere are gone already. It cannot be
// undone, and the audit does not name them.
func Redact(ctx context.Context, store *postgres.Store, by newsletter.User, words Words, times int, forms KeptForms) error {
	if err := newsletter.Allow(by, newsletter.RedactWords, newsletter.Object{}); err != nil {
		return err
	}
	return store.Tx(ctx, func(tx *postgres.Store) error {
		if err := errors.Join(tx.InParallel(ctx), tx.LockWords(ctx)); err != nil {
			return err
		}
		r := redaction{Store: tx, words: words, by: by, times: map[stand]int{}}
		if err := r.run(ctx, forms); err != nil {
			return err
		}
		switch n := r.all(); n {
		case 0:
			return nil // the form was sent twice
		case times:
		default:
			return &StandsElsewhere{n}
		}
		if err := r.record(ctx); err != nil { // before writing counts its own
			return err
		}
		r.write = true
		if err := r.run(ctx, forms); err != nil {
			return err
		}
		if err := tx.RaiseGeneration(ctx); err != nil {
			return err
		}
		return tx.CheckNow(ctx)
	})
}

// stand is a place where words stand.
type stand struct {
	issue int64 // its id, or 0
	what  string
}

// redaction goes through everything that has words, counts those to be taken
// out, and takes them out if it writes.
type redaction struct {
	*postgres.Store
	words Words
	by    newsletter.User
	times map[stand]int
	write bool
}

// run goes through everything. Items and issues come before their versions, to
// which writing adds what they said before.
func (r redaction) run(ctx context.Context, forms KeptForms) error {
	for _, part := range []func(context.Context) error{r.revisions, r.items, r.issues} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	for _, in := range postgres.KeptIns {
		if err := r.texts(ctx, in); err != nil {
			return err
		}
	}
	return r.forms(ctx, forms)
}

// found counts words and reports whether they are to be taken out.
func (r redaction) found(issue int64, what string, times int) bool {
	if times > 0 {
		r.times[stand{issue, what}] += times
	}
	return r.write && times > 0
}

func (r redaction) revisions(ctx context.Context) error {
	kept, err := r.KeptRevisions(ctx, r.words.parts)
	if err != nil {
		return err
	}
	now, err := r.Now(ctx)
	redacted := false
	for _, k := range kept {
		if !r.found(k.IssueID, "print", r.words.inRevision(k.Content)) {
			continue
		}
		redacted = true
		revision := r.words.outOfRevision(k.Content)
		if k.Served {
			revision.RevisedAt = now // so that feed readers take it for new
		}
		if err := r.RedactRevision(ctx, k.IssueID, revision); err != nil {
			return err
		}
		if k.Served {
			if err := r.Print(ctx, k.IssueID, revision, LinksOf); err != nil {
				return err
			}
			if err := r.Tell(ctx, k.IssueID, job.Corrected, false); err != nil { // as of a silent correction
				return err
			}
		}
	}
	if err == nil && redacted {
		err = r.ForgetWords(ctx)
	}
	return err
}

func (r redaction) items(ctx context.Context) error {
	kept, err := r.KeptItems(ctx, r.words.parts)
	for _, item := range kept {
		if r.found(item.IssueID, "items", r.words.inItem(item.Item)) {
			if err := r.RewriteItem(ctx, r.by, r.words.outOfItem(item.Item), LinksOf); err != nil {
				return err
			}
		}
	}
	return err
}

func (r redaction) issues(ctx context.Context) error {
	kept, err := r.KeptIssues(ctx, r.words.parts)
	for _, issue := range kept {
		intro := textOf(issue.Intro, markdown.Intro)
		if r.found(issue.ID, "the issue’s own words", r.words.in(issue.Title)+r.words.in(issue.Summary)+r.words.inText(intro)) {
			issue.Title, issue.Summary = r.words.out(issue.Title, newsletter.MaxTitle), r.words.out(issue.Summary, newsletter.MaxTitle)
			issue.Intro = r.words.outOfText(intro, markdown.Intro).Markdown
			if err := r.RewriteIssue(ctx, r.by, issue); err != nil {
				return err
			}
		}
	}
	return err
}

// texts goes through the texts of a column.
func (r redaction) texts(ctx context.Context, in postgres.KeptIn) error {
	kept, err := r.KeptTexts(ctx, in, r.words.parts)
	if err != nil {
		return err
	}
	for _, text := range kept {
		times, redacted, err := r.words.kept(in.Form, text.Text)
		if err != nil {
			return fmt.Errorf("read %s: %w", in.What, err)
		}
		if r.found(text.Issue, in.What, times) {
			if err := r.ReplaceKept(ctx, in, text, redacted); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxKept is how many characters a plain text of several lines has at most: as
// many as a blue note.
const maxKept = 2000

// kept counts how often the words stand in a text of some form, and returns it
// without them.
func (w Words) kept(form postgres.KeptForm, text string) (times int, redacted string, err error) {
	switch form {
	case postgres.KeptLinks:
		var links []newsletter.Link
		if err := json.Unmarshal([]byte(text), &links); err != nil {
			return 0, "", err
		}
		out, err := json.Marshal(w.outOfLinks(links))
		return w.inLinks(links), string(out), err
	case postgres.KeptFields:
		var fields postgres.Fields
		if err := json.Unmarshal([]byte(text), &fields); err != nil {
			return 0, "", err
		}
		for name, f := range fields {
			times += w.in(f.Before) + w.in(f.After)
			fields[name] = postgres.Changed[string]{Before: w.out(f.Before, newsletter.MaxTitle), After: w.out(f.After, newsletter.MaxTitle)}
		}
		out, err := json.Marshal(fields)
		return times, string(out), err
	case postgres.KeptNote:
		t := textOf(text, markdown.Note)
		return w.inText(t), w.outOfText(t, markdown.Note).Markdown, nil
	case postgres.KeptIntro:
		t := textOf(text, markdown.Intro)
		return w.inText(t), w.outOfText(t, markdown.Intro).Markdown, nil
	case postgres.KeptLine:
		return w.in(text), w.out(text, newsletter.MaxTitle), nil
	}
	return w.in(text), w.out(text, maxKept), nil
}

// forms goes through the forms that wait for their senders to sign in.
func (r redaction) forms(ctx context.Context, forms KeptForms) error {
	return r.RewriteSessions(ctx, func(data []byte) []byte {
		times := 0
		redacted := forms(data, func(value string) string {
			times += r.words.in(value)
			return r.words.pattern.ReplaceAllLiteralString(value, Redacted)
		})
		if r.found(0, "forms of people who have yet to sign in again", times) {
			return redacted
		}
		return nil
	})
}

// all counts the words everywhere.
func (r redaction) all() int {
	n := 0
	for _, times := range r.times {
		n += times
	}
	return n
}

// stands returns what was found, newest issue first.
func (r redaction) stands(ctx context.Context) ([]Stands, error) {
	numbers, err := r.IssueNumbers(ctx, r.issueIDs())
	var list []Stands
	for at, times := range r.times {
		list = append(list, Stands{numbers[at.issue], at.what, times})
	}
	slices.SortFunc(list, func(a, b Stands) int {
		return cmp.Or(cmp.Compare(b.Issue, a.Issue), cmp.Compare(a.What, b.What))
	})
	return list, err
}

func (r redaction) issueIDs() []int64 {
	ids := map[int64]bool{}
	for at := range r.times {
		if at.issue != 0 {
			ids[at.issue] = true
		}
	}
	return slices.Sorted(maps.Keys(ids))
}

// record says who took words out of what, without the words.
func (r redaction) record(ctx context.Context) error {
	found, err := r.stands(ctx)
	if err != nil {
		return err
	}
	var where []string
	for _, at := range found {
		name := "the desk"
		if at.Issue != 0 {
			name = fmt.Sprint(at.Issue)
		}
		if !slices.Contains(where, name) {
			where = append(where, name)
		}
	}
	ids := r.issueIDs()
	return r.AuditOf(ctx, r.by, "redact words", fmt.Sprintf("%d times, in %s", r.all(), strings.Join(where, ", ")), postgres.Ref{Issues: ids})
}
