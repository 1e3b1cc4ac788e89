package main

import (
	"context"
	"fmt"
	"slices"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// demoDraft is the number of the demo's open issue.
const demoDraft = 414

// demoOwners say who looks after which section of the demo's draft.
var demoOwners = map[string]string{"News": "Wren Halloran", "Events": "Wren Halloran", "Tools": "Tomás Reis", "Sponsor": "Ines Okafor"}

// demoRemark is a blue note in the demo: on the item of the draft that has a
// link, or on a section, or without both on the draft itself.
type demoRemark struct{ by, link, section, text string }

// demoRemarks are the demo's blue notes.
var demoRemarks = []demoRemark{
	{by: "Ines Okafor", text: "Nothing about the cake, please. The couple read us, and the cake is still being discussed."},
	{by: "Tomás Reis", section: "Events", text: "@Wren, is the hotel in the mountains the one that lost our booking? If so I should like the second weekend."},
	{by: "Tomás Reis", link: "https://nightdesk.example/the-toast-and-the-ticket", text: "@Wren Halloran this one is yours: you were at the table. Two sentences, and not the one about the pager."},
	{by: "Wren Halloran", link: "https://git.example/breadbasket/breadbasket", text: "I have tried it for an evening. It works, and it also tells everyone that you asked, @Tomás. Say so or leave it out?"},
}

// addDemoDesk adds what the desk's people say to each other about the draft,
// which no export holds.
func addDemoDesk(ctx context.Context, tx *postgres.Store) error {
	users, err := tx.Users(ctx)
	if err != nil {
		return err
	}
	people := map[string]newsletter.User{}
	for _, u := range users {
		people[u.Name] = u
	}
	board, err := tx.LockIssue(ctx, demoDraft)
	if err != nil {
		return fmt.Errorf("find the demo's draft: %w", err)
	}
	for _, s := range board.Sections {
		owner := people[demoOwners[s.Title]]
		if owner.ID == 0 {
			continue
		}
		if err := tx.OwnSection(ctx, owner, demoDraft, s.ID, owner.ID); err != nil {
			return fmt.Errorf("give %s to %s: %w", s.Title, owner.Name, err)
		}
		if s.Kind == newsletter.KindSponsor {
			err = tx.MarkSection(ctx, owner, demoDraft, s.ID, newsletter.SectionReady)
		}
		if err != nil {
			return fmt.Errorf("mark %s: %w", s.Title, err)
		}
	}
	for _, remark := range demoRemarks {
		if err := tx.AddBlueNote(ctx, people[remark.by], remark.on(board), remark.text, ""); err != nil {
			return fmt.Errorf("add the blue note %.30q: %w", remark.text, err)
		}
	}
	return nil
}

// on returns what a remark is on.
func (d demoRemark) on(board postgres.Board) postgres.Remarked {
	for _, s := range board.Sections {
		if d.section != "" && s.Title == d.section {
			return postgres.Remarked{Issue: board.Number, Section: s.ID}
		}
		for _, item := range s.Items {
			if slices.ContainsFunc(item.Links, func(l newsletter.Link) bool { return l.URL == d.link }) {
				return postgres.Remarked{Item: item.ID}
			}
		}
	}
	return postgres.Remarked{Issue: board.Number}
}
