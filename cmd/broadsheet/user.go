package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/password"
	"broadsheet/internal/postgres"
)

// userCommand is what can be done about people from the command line. Whoever
// has the database needs no account.
type userCommand struct {
	Add     userAdd     `cmd:"" help:"Add somebody. Without a password a one-time sign-in address is printed."`
	List    userList    `cmd:"" help:"List everybody: e-mail, name, role, and whether they are disabled."`
	Disable userDisable `cmd:"" help:"Sign somebody out everywhere and keep them from signing in."`
	Link    userLink    `cmd:"" help:"Print a one-time sign-in address for somebody."`
}

// peopleSettings are the settings of all of them.
type peopleSettings struct {
	databaseSettings
	logSettings
}

// actor names the command in the audit.
var actor = newsletter.User{Name: "the command user"}

// with runs do on the database in one transaction, and prints its result once
// that is done.
func (s peopleSettings) with(ctx context.Context, out *output, do func(*postgres.Store) (string, error)) error {
	log := s.logger(out.stderr, slog.LevelWarn)
	db, err := s.open(ctx, ownDatabase, 0, log)
	if err != nil {
		return err
	}
	defer db.close()
	if err := migrate(ctx, db, log); err != nil {
		return err
	}
	var result string
	err = postgres.New(db.Pool).Tx(ctx, func(tx *postgres.Store) (err error) {
		result, err = do(tx)
		return err
	})
	if err == nil {
		fmt.Fprint(out.stdout, result)
	}
	return err
}

// linkSettings are those of commands that print an address.
type linkSettings struct {
	BaseURL string `name:"base-url" help:"The newsletter's public address, which the printed one begins with." default:"http://127.0.0.1:8080" env:"BROADSHEET_BASE_URL" placeholder:"URL"`
}

// link makes a one-time sign-in address for a person and returns it as a line.
func (s linkSettings) link(ctx context.Context, tx *postgres.Store, id int64) (string, error) {
	base, err := address.ParseBase(s.BaseURL)
	if err != nil {
		return "", wrongWords(err.Error())
	}
	secret, err := tx.NewSignInLink(ctx, id)
	return base.Absolute(address.SignInLink(secret)) + "\n", err
}

type userAdd struct {
	peopleSettings
	linkSettings
	Email         string `help:"Mail address to sign in with." required:"" placeholder:"E"`
	Name          string `help:"Name that others see." required:"" placeholder:"N"`
	Role          string `help:"What they may do: contributor, editor, curator or owner, each also what those before may." required:"" enum:"contributor,editor,curator,owner" placeholder:"R"`
	PasswordStdin bool   `name:"password-stdin" help:"Read their password from the first line of standard input."`
}

// Run adds somebody.
func (c userAdd) Run(ctx context.Context, out *output) error {
	u := newsletter.User{Email: c.Email, Name: c.Name, Role: newsletter.Role(c.Role)}
	if err := u.Validate(); err != nil {
		return wrongWords(err.Error())
	}
	hash, err := c.hash(ctx, os.Stdin)
	if err != nil {
		return err
	}
	return c.with(ctx, out, func(tx *postgres.Store) (string, error) {
		id, err := tx.AddUser(ctx, u, hash)
		if err != nil {
			return "", err
		}
		if err := tx.AuditBy(ctx, actor, "add "+c.Role, c.Email); err != nil || hash != "" {
			return "", err
		}
		return c.link(ctx, tx, id)
	})
}

// hash returns the hash of the password on standard input, or "" where none is
// to be read.
func (c userAdd) hash(ctx context.Context, stdin io.Reader) (string, error) {
	if !c.PasswordStdin {
		return "", nil
	}
	line, err := bufio.NewReader(stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("cannot read the password: %w; give it as one line", err)
	}
	plain := strings.TrimRight(line, "\r\n")
	if complaint := password.Complaint(plain, c.Name, c.Email); complaint != "" {
		return "", fmt.Errorf("the password %s", complaint)
	}
	return password.New().Hash(ctx, plain)
}

type userList struct{ peopleSettings }

// Run lists everybody, a line each, columns separated by tabs.
func (c userList) Run(ctx context.Context, out *output) error {
	return c.with(ctx, out, func(tx *postgres.Store) (string, error) {
		people, err := tx.Users(ctx)
		var lines strings.Builder
		for _, u := range people {
			state := ""
			if u.Disabled {
				state = "\tdisabled"
			}
			fmt.Fprintf(&lines, "%s\t%s\t%s%s\n", u.Email, u.Name, u.Role, state)
		}
		return lines.String(), err
	})
}

type userDisable struct {
	peopleSettings
	Email string `arg:"" help:"Mail address of whom."`
}

// Run disables somebody.
func (c userDisable) Run(ctx context.Context, out *output) error {
	return c.with(ctx, out, func(tx *postgres.Store) (string, error) {
		who, err := find(ctx, tx, c.Email)
		if err != nil {
			return "", err
		}
		if err := tx.Disable(ctx, who.ID); err != nil {
			return "", err
		}
		return "", tx.AuditBy(ctx, actor, "disable", who.Email)
	})
}

type userLink struct {
	peopleSettings
	linkSettings
	Email string `arg:"" help:"Mail address of whom."`
}

// Run prints a one-time sign-in address.
func (c userLink) Run(ctx context.Context, out *output) error {
	return c.with(ctx, out, func(tx *postgres.Store) (string, error) {
		who, err := find(ctx, tx, c.Email)
		if err != nil {
			return "", err
		}
		if who.Disabled {
			return "", fmt.Errorf("%s is disabled; enable them on the desk's page of people first", who.Email)
		}
		if err := tx.AuditBy(ctx, actor, "make a sign-in link", who.Email); err != nil {
			return "", err
		}
		return c.link(ctx, tx, who.ID)
	})
}

// find returns the person with a mail address.
func find(ctx context.Context, tx *postgres.Store, email string) (postgres.Account, error) {
	who, err := tx.UserByEmail(ctx, email)
	if errors.Is(err, newsletter.ErrNotFound) {
		err = fmt.Errorf("nobody has the e-mail %.80q; see: broadsheet user list", email)
	}
	return who, err
}
