package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/exchange"
	"broadsheet/internal/publish"
)

// fileReport is what became of one file.
type fileReport struct {
	File   string          `json:"file"`
	Format exchange.Format `json:"format"`
	Error  string          `json:"error"` // empty when the file is in
	publish.Report
}

func countFailed(reports []fileReport) int {
	failed := 0
	for _, r := range reports {
		if r.Error != "" {
			failed++
		}
	}
	return failed
}

// writeReports writes what became of every file, for people or for programs.
func writeReports(w io.Writer, reports []fileReport, asJSON, dryRun bool) error {
	if asJSON {
		return writeJSON(w, reports, dryRun)
	}
	outcomes := map[publish.Outcome]int{}
	for _, r := range reports {
		r.write(w)
		for _, issue := range r.Issues {
			outcomes[issue.Outcome]++
		}
	}
	verb := "added"
	if dryRun {
		verb = "would be added"
	}
	_, err := fmt.Fprintf(w, "%s: %s %s, %d unchanged, %d different and left alone, %s failed\n", count(len(reports), "file"),
		count(outcomes[publish.Added], "issue"), verb, outcomes[publish.Unchanged], outcomes[publish.Differs], count(countFailed(reports), "file"))
	return err
}

// writeJSON writes the reports for programs. Lists are never null.
func writeJSON(w io.Writer, reports []fileReport, dryRun bool) error {
	reports = append([]fileReport{}, reports...)
	for i := range reports {
		r := &reports[i]
		r.Issues = append([]publish.IssueOutcome{}, r.Issues...)
		r.Messages = append([]string{}, r.Messages...)
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		DryRun bool         `json:"dry_run"`
		Files  []fileReport `json:"files"`
		Failed int          `json:"failed"`
	}{dryRun, reports, countFailed(reports)})
}

// fewIssues is how many issues the line of a file names. More get a line each.
const fewIssues = 8

// write writes what became of the file, for people.
func (r fileReport) write(w io.Writer) {
	name := r.File
	if !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		name = strconv.Quote(name) // it could forge lines and steer terminals
	}
	fmt.Fprintf(w, "%s: %s\n", name, r.sentence())
	if len(r.Issues) > fewIssues {
		for _, issue := range r.issues() {
			fmt.Fprintf(w, "    %s\n", issue)
		}
	}
	for _, message := range r.Messages {
		fmt.Fprintf(w, "    %s\n", message)
	}
}

// sentence says in a line what became of the file.
func (r fileReport) sentence() string {
	if r.Error != "" {
		return "failed: " + r.Error
	}
	parts := r.issues()
	if len(parts) > fewIssues {
		parts = []string{count(len(parts), "issue")}
	}
	if r.Publication != "" {
		parts = append(parts, fmt.Sprintf("publication %s", r.Publication))
	}
	parts = append(parts, r.Items.Sentence("item outside issues", "items outside issues")...)
	parts = append(parts, r.Redirects.Sentence("redirect", "redirects")...)
	parts = append(parts, r.FeedIDs.Sentence("feed entry", "feed entries")...)
	if len(parts) == 0 {
		return "holds nothing to import"
	}
	return strings.Join(parts, ", ")
}

// issues says of each issue what became of it.
func (r fileReport) issues() []string {
	var parts []string
	for _, issue := range r.Issues {
		parts = append(parts, fmt.Sprintf("issue %d %s (%s, %s)", issue.Number, issue.Outcome, count(issue.Items, "item"), count(issue.Links, "link")))
	}
	return parts
}

// count returns a number in digits with its noun, whose plural takes an s.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
