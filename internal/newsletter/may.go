package newsletter

import (
	"slices"
	"strings"
)

// Action is something a person may want to do. Every route declares one.
type Action string

// The actions. The first three are open to everybody.
const (
	Read       Action = "read the site"
	SignIn     Action = "sign in"
	ReadShared Action = "read a preview that was shared" // with its secret address

	UseDesk    Action = "use the desk"   // boards, inbox, one's own settings
	SubmitItem Action = "submit an item" // into the inbox
	EditItem   Action = "edit the item"
	TriageItem Action = "decline, hold, restore or merge the item"
	PlaceItem  Action = "put the item into an issue or move it" // also as a field of a form
	Arrange    Action = "arrange the issue's sections"
	SeeDeeds   Action = "see who did what in the issue"
	Remark     Action = "write and finish blue notes here"

	CreateIssue  Action = "create an issue"
	WriteIssue   Action = "write the issue's introduction, number, date and summary"
	DiscardIssue Action = "discard the issue"
	PreviewIssue Action = "preview the issue"
	PublishIssue Action = "publish the issue"
	CorrectIssue Action = "correct, withdraw or reinstate the issue"

	ManagePeople      Action = "manage people"
	ManageSections    Action = "manage the default sections"
	ManagePublication Action = "manage the publication's settings"
	SeeActivity       Action = "see what everybody did"
	RedactWords       Action = "take words out of everything that is kept"
)

// policy says from which role on an action is open, whatever it concerns.
var policy = map[Action]Role{
	UseDesk:    Contributor,
	SubmitItem: Contributor,
	EditItem:   Contributor, // own, while in the inbox; see May
	Remark:     Contributor, // on own items, while in the inbox; see May

	TriageItem: Editor,
	PlaceItem:  Editor,
	Arrange:    Editor,
	SeeDeeds:   Editor,

	CreateIssue:  Curator,
	WriteIssue:   Curator,
	DiscardIssue: Curator,
	PreviewIssue: Curator,
	PublishIssue: Curator,
	CorrectIssue: Curator,

	ManagePeople:      Owner,
	ManageSections:    Owner,
	ManagePublication: Owner,
	SeeActivity:       Owner,
	RedactWords:       Owner,
}

// Public reports whether an action is open to everybody, without signing in.
func (a Action) Public() bool { return a == Read || a == SignIn || a == ReadShared }

// Known reports whether a is an action with a policy.
func (a Action) Known() bool { return a.Public() || policy[a] != "" }

// Object is what an action concerns, as far as it decides who may.
type Object struct {
	Issue     IssueState // of the issue, or of the one the item stands in; "" outside issues
	Item      ItemState  // of the item, or ""
	Submitter int64      // who submitted the item, or 0
}

// MayEver reports whether there can be an object with which the user may do
// the action. Routes ask it before the object is known.
func MayEver(u User, a Action) bool {
	if a.Public() {
		return true
	}
	return u.ID != 0 && !u.Disabled && policy[a] != "" && u.Role.AtLeast(policy[a])
}

// May reports whether the user may do the action to the object. It is the one
// place that decides.
func May(u User, a Action, o Object) bool {
	if !MayEver(u, a) {
		return false
	}
	switch a {
	case EditItem:
		if !u.Role.AtLeast(Editor) {
			return o.Item == Inbox && o.Submitter == u.ID
		}
		return open(u, o.Issue)
	case Remark:
		if !u.Role.AtLeast(Editor) {
			return o.Item == Inbox && o.Submitter == u.ID
		}
		return !o.Issue.Printed()
	case TriageItem, PlaceItem:
		return open(u, o.Issue)
	case Arrange, WriteIssue, PreviewIssue:
		return o.Issue != "" && open(u, o.Issue)
	case PublishIssue:
		return o.Issue == Draft || o.Issue == Scheduled
	case DiscardIssue:
		return o.Issue == Draft
	case CorrectIssue:
		return o.Issue.Printed()
	}
	return true
}

// open reports whether what stands in an issue of the given state, or outside
// every issue, may be changed by the user: a scheduled issue is closed to all
// but curators, a printed one to all.
func open(u User, state IssueState) bool {
	switch state {
	case "", Draft:
		return true
	case Scheduled:
		return u.Role.AtLeast(Curator)
	}
	return false
}

// RolesFor returns the roles of those who may ever do an action that is not
// public, from least to most.
func RolesFor(a Action) []Role {
	return slices.DeleteFunc(slices.Clone(Roles), func(r Role) bool { return !MayEver(User{ID: 1, Role: r}, a) })
}

// WhoMay returns the roles that may do an action, as in "an editor, a curator
// or an owner".
func WhoMay(a Action) string {
	if a.Public() {
		return "everybody"
	}
	var names []string
	for _, role := range RolesFor(a) {
		article := "a "
		if strings.ContainsAny(string(role[:1]), "aeiou") {
			article = "an "
		}
		names = append(names, article+string(role))
	}
	if len(names) == 1 {
		return names[0]
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// Forbidden is the error of an action that a person may not do. It is
// [ErrForbidden], and pages say from it who may.
type Forbidden struct {
	Action Action
	Object Object
}

// Error says what is not allowed and who may.
func (f *Forbidden) Error() string {
	switch {
	case f.Action == Remark && f.Object.Issue.Printed():
		return "a printed issue takes no blue notes"
	case f.Action == Remark: // a scheduled issue takes them
		return WhoMay(TriageItem) + " may " + string(f.Action) + "; on an item in the inbox its sender, too"
	}
	if f.Action == CorrectIssue && f.Object.Issue != "" && !f.Object.Issue.Printed() {
		return "the issue is not printed; change it on its board"
	}
	switch f.Object.Issue {
	case Published, Withdrawn:
		return "a printed issue changes by correction only"
	case Scheduled:
		return "the issue is scheduled and closed to all but curators"
	}
	if f.Action == EditItem { // also open to contributors, but to one of them
		return "its sender while it is in the inbox, " + WhoMay(TriageItem) + " may edit the item"
	}
	return WhoMay(f.Action) + " may " + string(f.Action)
}

// OfRole reports whether the person's role forbids it: where the state of an
// issue does, another role would be of little help.
func (f *Forbidden) OfRole() bool {
	return f.Object.Issue == "" || f.Object.Issue == Draft && f.Action != CorrectIssue
}

// Is makes it an ErrForbidden.
func (f *Forbidden) Is(target error) bool { return target == ErrForbidden }

// Allow returns nil when the user may do the action to the object, else a
// [Forbidden].
func Allow(u User, a Action, o Object) error {
	if May(u, a, o) {
		return nil
	}
	return &Forbidden{a, o}
}
