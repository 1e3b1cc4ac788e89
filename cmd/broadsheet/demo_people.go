package main

import (
	"context"
	"fmt"
	"strings"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/password"
	"broadsheet/internal/postgres"
)

// demoPassword opens all accounts of the demo, which is served on this machine
// only. It is printed at every start.
const demoPassword = "quiet as a pager"

// demoPeople are the demo's people, one per role. Items that carry their names
// are theirs.
var demoPeople = []newsletter.User{
	{Name: "Ines Okafor", Email: "ines@quietpager.example", Role: newsletter.Owner},
	{Name: "Tomás Reis", Email: "tomas@quietpager.example", Role: newsletter.Curator},
	{Name: "Wren Halloran", Email: "wren@quietpager.example", Role: newsletter.Editor},
	{Name: "Maud Lindqvist", Email: "maud@quietpager.example", Role: newsletter.Contributor},
}

// addDemoPeople adds the demo's people.
func addDemoPeople(ctx context.Context, tx *postgres.Store) error {
	hash, err := password.New().Hash(ctx, demoPassword)
	if err != nil {
		return fmt.Errorf("hash the demo's password: %w", err)
	}
	for _, person := range demoPeople {
		if _, err := tx.AddUser(ctx, person, hash); err != nil {
			return fmt.Errorf("add %s: %w", person.Name, err)
		}
	}
	return nil
}

// signIns lists how to sign in, for the demo's greeting.
func signIns() string {
	var lines strings.Builder
	for _, person := range demoPeople {
		fmt.Fprintf(&lines, "                %-26s %s\n", person.Email, person.Role)
	}
	return lines.String()
}
