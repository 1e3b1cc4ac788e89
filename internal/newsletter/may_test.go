package newsletter_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"broadsheet/internal/newsletter"
)

// everyAction lists all actions, so that the table below is whole.
var everyAction = []newsletter.Action{
	newsletter.Read, newsletter.SignIn, newsletter.UseDesk, newsletter.SubmitItem, newsletter.EditItem, newsletter.TriageItem,
	newsletter.PlaceItem, newsletter.Arrange, newsletter.CreateIssue, newsletter.WriteIssue, newsletter.DiscardIssue,
	newsletter.PreviewIssue, newsletter.PublishIssue, newsletter.ManagePeople, newsletter.ManageSections,
	newsletter.ManagePublication, newsletter.SeeActivity, newsletter.SeeDeeds, newsletter.Remark, newsletter.ReadShared, newsletter.CorrectIssue, newsletter.RedactWords,
}

func user(role newsletter.Role) newsletter.User { return newsletter.User{ID: 7, Role: role} }

// TestPolicy spells out who may do what: an independent table that May has to
// agree with for every action, role and object.
func TestPolicy(t *testing.T) {
	const own, others = 7, 8
	states := []newsletter.IssueState{"", newsletter.Draft, newsletter.Scheduled, newsletter.Published, newsletter.Withdrawn}
	items := []newsletter.ItemState{"", newsletter.Inbox, newsletter.Held, newsletter.Declined, newsletter.Placed}
	in := func(state newsletter.IssueState, list ...newsletter.IssueState) bool {
		return slices.Contains(list, state)
	}
	expect := func(role newsletter.Role, a newsletter.Action, o newsletter.Object) bool {
		editor := role == newsletter.Editor || role == newsletter.Curator || role == newsletter.Owner
		curator := role == newsletter.Curator || role == newsletter.Owner
		open := editor && in(o.Issue, "", newsletter.Draft) || curator && o.Issue == newsletter.Scheduled
		switch a {
		case newsletter.Read, newsletter.SignIn, newsletter.ReadShared:
			return true
		case newsletter.UseDesk, newsletter.SubmitItem:
			return role != ""
		case newsletter.EditItem:
			return open || role == newsletter.Contributor && o.Item == newsletter.Inbox && o.Submitter == own
		case newsletter.Remark:
			return editor && !in(o.Issue, newsletter.Published, newsletter.Withdrawn) || role == newsletter.Contributor && o.Item == newsletter.Inbox && o.Submitter == own
		case newsletter.TriageItem, newsletter.PlaceItem:
			return open
		case newsletter.Arrange:
			return open && o.Issue != ""
		case newsletter.CreateIssue:
			return curator
		case newsletter.SeeDeeds:
			return editor
		case newsletter.WriteIssue, newsletter.PreviewIssue, newsletter.PublishIssue:
			return curator && in(o.Issue, newsletter.Draft, newsletter.Scheduled)
		case newsletter.CorrectIssue:
			return curator && in(o.Issue, newsletter.Published, newsletter.Withdrawn)
		case newsletter.DiscardIssue:
			return curator && o.Issue == newsletter.Draft
		}
		return role == newsletter.Owner
	}
	for _, role := range append([]newsletter.Role{""}, newsletter.Roles...) {
		who := user(role)
		if role == "" {
			who = newsletter.User{}
		}
		for _, a := range everyAction {
			ever := false
			for _, issue := range states {
				for _, item := range items {
					for _, submitter := range []int64{own, others} {
						o := newsletter.Object{Issue: issue, Item: item, Submitter: submitter}
						got := newsletter.May(who, a, o)
						ever = ever || got
						if want := expect(role, a, o); got != want {
							t.Errorf("%q to %q %+v: %v, want %v", role, a, o, got, want)
						}
						if err := newsletter.Allow(who, a, o); (err == nil) != got || err != nil && !errors.Is(err, newsletter.ErrForbidden) {
							t.Errorf("%q to %q %+v: Allow returned %v", role, a, o, err)
						}
					}
				}
			}
			if newsletter.MayEver(who, a) != ever {
				t.Errorf("%q to %q: MayEver is %v, and there is such an object: %v", role, a, !ever, ever)
			}
		}
	}
}

func TestWhoIsOutMayNothing(t *testing.T) {
	disabled := newsletter.User{ID: 7, Role: newsletter.Owner, Disabled: true}
	for name, who := range map[string]newsletter.User{"disabled": disabled, "role unknown": {ID: 7, Role: "admin"}, "no id": {Role: newsletter.Owner}} {
		for _, a := range everyAction {
			if newsletter.MayEver(who, a) != a.Public() {
				t.Errorf("%s: may %s", name, a)
			}
		}
	}
	if newsletter.MayEver(user(newsletter.Owner), "burn everything") {
		t.Error("an action without a policy is allowed")
	}
}

func TestWhoMay(t *testing.T) {
	for a, want := range map[newsletter.Action]string{
		newsletter.Read:         "everybody",
		newsletter.TriageItem:   "an editor, a curator or an owner",
		newsletter.PublishIssue: "a curator or an owner",
		newsletter.ManagePeople: "an owner",
	} {
		if got := newsletter.WhoMay(a); got != want {
			t.Errorf("%s: %q, want %q", a, got, want)
		}
	}
}

func TestRolesFor(t *testing.T) {
	if got := newsletter.RolesFor(newsletter.Arrange); !slices.Equal(got, newsletter.Roles[1:]) {
		t.Errorf("%v may arrange", got)
	}
}

func TestForbiddenSaysWhoMay(t *testing.T) {
	for want, forbidden := range map[string]newsletter.Forbidden{
		"its sender while it is in the inbox, an editor, a curator or an owner may edit the item":                        {Action: newsletter.EditItem, Object: newsletter.Object{Item: newsletter.Held}},
		"a printed issue changes by correction only":                                                                     {Action: newsletter.EditItem, Object: newsletter.Object{Item: newsletter.Placed, Issue: newsletter.Published}},
		"a printed issue takes no blue notes":                                                                            {Action: newsletter.Remark, Object: newsletter.Object{Issue: newsletter.Published}},
		"an editor, a curator or an owner may write and finish blue notes here; on an item in the inbox its sender, too": {Action: newsletter.Remark, Object: newsletter.Object{Issue: newsletter.Scheduled}},
		"a curator or an owner may discard the issue":                                                                    {Action: newsletter.DiscardIssue, Object: newsletter.Object{Issue: newsletter.Draft}},
	} {
		if got := forbidden.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestUserValidate(t *testing.T) {
	good := newsletter.User{Name: "Inès", Email: "ines@letter.example", Role: newsletter.Owner, Theme: newsletter.ThemeDark}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for _, email := range []string{"", "ines", "@letter.example", "ines@", "a b@letter.example", "a@b.example,c@d.example", "<a@b.example>", "a@b.example\nBcc: c@d.example", fmt.Sprintf("%0250d@b.example", 1)} {
		bad := good
		bad.Email = email
		wantOnly(t, bad.Validate(), "email")
	}
	bad := good
	bad.Role = "admin"
	wantOnly(t, bad.Validate(), "role")
	bad = good
	bad.Name = "two\nlines"
	wantOnly(t, bad.Validate(), "name")
}
