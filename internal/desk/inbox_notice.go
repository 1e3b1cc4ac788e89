package desk

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// inboxNotices say what a form of one item did that led back to the list.
var inboxNotices = map[string]string{
	"declined": "Declined. It stands under Declined and can be restored there.",
	"held":     "Held. It stands under Held until somebody restores it or adds it to an issue.",
	"restored": "Restored. It is in the inbox again.",
}

// bulkNotices say what a form of several items did, behind how many.
var bulkNotices = map[string]string{
	"added": "added", "declined": "declined", "held": "held", "restored": "restored to the inbox",
}

// inboxNotice says what has happened: what a form did that led to the list, or
// what is no longer in the list of what was chosen there.
func (d *Desk) inboxNotice(r *http.Request, view inboxView, form bulkForm, open []postgres.IssueLine) (string, error) {
	query := r.URL.Query()
	if r.Method == http.MethodPost {
		ids, _ := form.validate()
		ids = slices.DeleteFunc(ids, func(id int64) bool {
			return slices.ContainsFunc(view.Slips, func(s inboxSlip) bool { return s.ID == id })
		})
		left, err := d.leftWords(r.Context(), ids)
		if left != "" {
			left = "No longer in this list: " + left + "."
		}
		return strings.TrimSpace(view.Notice + " " + left), err
	}
	deed := bulkNotices[query.Get("done")]
	n, err := strconv.Atoi(query.Get("n"))
	if deed == "" || err != nil || n < 0 {
		if notice := inboxNotices[query.Get("done")]; notice != "" {
			return notice, nil
		}
		return view.Notice, nil
	}
	switch {
	case query.Has("to"):
		deed += addedTo(open, query.Get("in"), query.Get("to"))
	case deed == "added":
		deed += " to the inbox"
	}
	notice := counted(n) + " " + deed + "."
	if n == 0 {
		notice = "Nothing was " + deed + "."
	}
	var ids []int64
	for _, text := range query["left"] {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && len(ids) < maxChosen {
			ids = append(ids, id)
		}
	}
	left, err := d.leftWords(r.Context(), ids)
	if left != "" {
		notice += " Left as " + map[bool]string{true: "it is", false: "they are"}[len(ids) == 1] + ": " + left + "."
	}
	return notice, err
}

// counted says how many items, in digits, to be compared with what was chosen.
func counted(n int) string {
	if n == 1 {
		return "1 item"
	}
	return fmt.Sprintf("%d items", n)
}

// addedTo says where items went: " to News in 413". A form may name the
// section by its id or its heading.
func addedTo(open []postgres.IssueLine, issue, section string) string {
	if number, heading := sectionIn(open, section); number != 0 {
		return fmt.Sprintf(" to %s in %d", heading, number)
	}
	for _, line := range open {
		for _, s := range line.Sections {
			if strconv.Itoa(line.Number) == issue && strings.EqualFold(s.Title, section) {
				return fmt.Sprintf(" to %s in %d", s.Title, line.Number)
			}
		}
	}
	return ""
}

// leftWords names items that a form did not change, each with where it is by
// now, or "". It is one query.
func (d *Desk) leftWords(ctx context.Context, ids []int64) (string, error) {
	if len(ids) == 0 {
		return "", nil
	}
	items, err := d.store.DeskItems(ctx, ids)
	if err != nil {
		return "", err
	}
	var words []string
	gone := 0
	for _, id := range ids {
		if item, there := items[id]; there {
			words = append(words, "“"+firstWords(label(item.Item))+"” "+leftAs(item))
		} else {
			gone++
		}
	}
	switch {
	case gone == 1:
		words = append(words, "one is gone, merged with another")
	case gone > 1:
		words = append(words, fmt.Sprintf("%d are gone, merged with others", gone))
	}
	return strings.Join(words, "; "), nil
}

// leftAs says where an item is, and who brought it there.
func leftAs(item postgres.DeskItem) string {
	switch {
	case item.IssueState.Printed():
		return fmt.Sprintf("is printed in %d", item.Issue)
	case item.State == newsletter.Placed:
		return fmt.Sprintf("was put into %s in %d by %s", item.Section, item.Issue, nameOr(item.ChangedBy))
	case item.State == newsletter.Inbox:
		return "was brought back to the inbox by " + nameOr(item.ChangedBy)
	}
	return fmt.Sprintf("was %s by %s", item.State, nameOr(item.ChangedBy))
}
