package main

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
)

// govulncheck looks for known vulnerabilities that the code can reach. Their data
// come over the network: when they cannot be had the step is left out, even in
// CI, since that says nothing about the code.
func govulncheck(ctx context.Context, w io.Writer) error {
	var said bytes.Buffer
	err := execute(ctx, io.MultiWriter(w, &said), "go", "tool", "govulncheck", "./...")
	if err != nil && unreachable(said.String()) {
		return leftOut("the vulnerability data cannot be reached from here; run it where vuln.go.dev answers")
	}
	return err
}

// noData is how govulncheck's last words begin when it could not get its data.
const noData = "govulncheck: fetching vulnerabilities: "

// unreachable reports whether govulncheck gave up for want of its data. When it
// finds something it has had them.
func unreachable(said string) bool {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	return slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, noData) })
}
