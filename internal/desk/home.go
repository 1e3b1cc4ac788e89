package desk

import (
	"cmp"
	"net/http"
	"slices"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// homeView is the desk's first page: what waits for whoever asks, and the
// issue that is due next.
type homeView struct {
	page.DeskFrame
	Waiting waiting
	First   bool // there is no issue at all yet
	Held    int
	Next    *postgres.IssueLine // the issue due next, or nil
	At      string              // when it publishes itself, or ""
	Later   []postgres.IssueLine
	Start   *start // opens the next issue; nil when one is open, and for those who may not
	Mine    []submission
	More    int // submissions of mine that are not listed
	May     homeMay
}

// homeMay says what whoever asks may do from here.
type homeMay struct{ Create, Place, Publish, Import bool }

// submission is an item that whoever asks has sent, and what became of it.
type submission struct {
	Label   string
	Path    string // where it can be looked at
	Outcome string // "In the inbox", "Printed as"
	Mark    newsletter.Mark
	Flag    string // class of the flag that the outcome is
	Reason  string
	Reply   string
	At      moment
}

// submissionsShown is how many of one's own items the page lists.
const submissionsShown = 10

var homePage = page.Define[homeView]("desk/home.html")

// home shows what waits, or what to do first.
func (d *Desk) home(w http.ResponseWriter, r *http.Request) error {
	frame, open, err := d.frame(r, "Desk")
	if err != nil {
		return err
	}
	user := page.User(r.Context())
	may := homeMay{
		Create: newsletter.MayEver(user, newsletter.CreateIssue), Place: newsletter.MayEver(user, newsletter.PlaceItem),
		Publish: newsletter.MayEver(user, newsletter.PublishIssue), Import: newsletter.MayEver(user, newsletter.ManagePublication),
	}
	mine, more, err := d.submissions(r, user)
	if err != nil {
		return err
	}
	highest, _, err := d.store.LastIssue(r.Context())
	if err != nil {
		return err
	}
	waiting, err := d.waiting(r)
	if err != nil {
		return err
	}
	view := homeView{DeskFrame: frame, Waiting: waiting, First: highest == 0, Mine: mine, More: more, May: may}
	if _, view.Held, err = d.store.Inbox(r.Context(), postgres.InboxFilter{State: newsletter.Held, Page: 1}); err != nil {
		return err
	}
	if len(open) > 0 {
		view.Next, view.Later = &open[0], open[1:]
		if view.Next.State == newsletter.Scheduled {
			view.At = clockWords(view.Next.ScheduledAt, d.now.Publication().Location())
		}
	} else if !view.First {
		if view.Start, err = d.startNext(r); err != nil {
			return err
		}
	}
	return homePage.Render(w, r, http.StatusOK, view)
}

// submissions returns the newest items a person has sent, wherever they are
// now, and how many more there are.
func (d *Desk) submissions(r *http.Request, user newsletter.User) ([]submission, int, error) {
	var items []postgres.DeskItem
	all := 0
	for _, state := range []newsletter.ItemState{newsletter.Inbox, newsletter.Held, newsletter.Declined, newsletter.Placed} {
		found, total, err := d.store.Inbox(r.Context(), postgres.InboxFilter{State: state, Submitter: user.ID, Page: 1})
		if err != nil {
			return nil, 0, err
		}
		items, all = append(items, found...), all+total
	}
	slices.SortFunc(items, func(a, b postgres.DeskItem) int {
		return cmp.Or(b.SubmittedAt.Compare(a.SubmittedAt), cmp.Compare(b.ID, a.ID))
	})
	items = items[:min(len(items), submissionsShown)]
	list := make([]submission, len(items))
	for i, item := range items {
		list[i] = d.submission(user, item)
	}
	return list, all - len(list), nil
}

func (d *Desk) submission(user newsletter.User, item postgres.DeskItem) submission {
	s := submission{Label: label(item.Item), Outcome: whereOf(item), Reply: item.Reply, At: d.ago(item.SubmittedAt)}
	if newsletter.May(user, newsletter.EditItem, item.Object()) {
		s.Path = address.DeskItem(item.ID)
	}
	switch {
	case item.IssueState == newsletter.Published:
		s.Mark = newsletter.Mark{Issue: item.Issue, Place: item.Place}
		s.Outcome, s.Flag, s.Path = "Printed as "+s.Mark.String(), "done", address.Item(s.Mark)
	case item.State == newsletter.Placed && s.Path == "":
		s.Path = boardAt(item.Issue, item.ID)
	case item.State == newsletter.Declined:
		s.Reason, s.Flag = item.Reason, "bad"
	case item.State == newsletter.Held:
		s.Flag = "to-do"
	}
	return s
}
