// Package install finds the programs that the project's own commands need on a
// machine, and has the machine's package manager bring those that are missing:
// apt-get or Homebrew.
package install

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// ErrNoManager is what Run and Commands fail with on a machine with neither
// apt-get nor Homebrew.
var ErrNoManager = errors.New("found neither apt-get nor brew: install what is missing by hand")

// Missing returns the needs that the machine does not meet, in their order.
func Missing(needs []Need) []Need {
	return slices.DeleteFunc(slices.Clone(needs), func(n Need) bool {
		_, err := n.Find()
		return err == nil
	})
}

// Allowed reports whether packages may be installed: because the flag says so,
// because CI is set, or because the person at the terminal says yes when asked.
// in is the standard input; without a terminal there is nobody to ask.
func Allowed(flag bool, needs []Need, in *os.File, out io.Writer) bool {
	if flag || os.Getenv("CI") != "" {
		return true
	}
	commands, err := Commands(needs)
	if err != nil || !terminal(in) {
		return false
	}
	fmt.Fprintf(out, "Missing: %s. This would install it:\n", names(needs))
	for _, c := range commands {
		fmt.Fprintln(out, "  "+c.String())
	}
	fmt.Fprint(out, "Go on? [y/N] ")
	return yes(in)
}

// yes reads one line and reports whether it is y or yes.
func yes(in io.Reader) bool {
	answer, _ := bufio.NewReader(in).ReadString('\n')
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes"
}

// terminal reports whether a person may be typing at f.
func terminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// names is how the needs are listed in a sentence.
func names(needs []Need) string {
	var all []string
	for _, n := range needs {
		all = append(all, n.Name)
	}
	return strings.Join(all, ", ")
}

// Run installs what meets the needs, with what the package manager says going
// to w, and then looks whether it did. Needs already met cost nothing. It cannot
// be cancelled: a package manager is not to be killed half-way.
func Run(needs []Need, w io.Writer) error {
	needs = Missing(needs)
	if len(needs) == 0 {
		return nil
	}
	commands, err := Commands(needs)
	if err != nil {
		return fmt.Errorf("%s: %w", names(needs), err)
	}
	failed := runAll(commands, w)
	for _, n := range Missing(needs) {
		_, err := n.Find()
		return cmp.Or(failed, fmt.Errorf("installed, but still: %w", err))
	}
	return nil
}

// runAll runs the commands one after another, all of them: when the list of
// packages cannot be renewed an old one often serves. It returns the last error.
func runAll(commands []Command, w io.Writer) error {
	var failed error
	for _, c := range commands {
		fmt.Fprintln(w, "$ "+c.String())
		cmd := exec.Command(c[0], c[1:]...)
		cmd.Stdout, cmd.Stderr = w, w
		if err := cmd.Run(); err != nil {
			failed = fmt.Errorf("%s: %w", c, err)
		}
	}
	return failed
}
