package checks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/install"
)

// lighthouseTime is the most that Lighthouse may take over all pages: some five
// seconds for each, on a quiet machine.
const lighthouseTime = 5 * time.Minute

// steady are the categories of Lighthouse that measure no time, so that they
// say the same on every machine. Performance is for the benchmark.
var steady = []string{"accessibility", "best-practices", "seo"}

// scores are the points of a page in the steady categories.
type scores struct {
	Accessibility int
	BestPractices int `json:"best-practices"`
	SEO           int
}

var allPoints = scores{100, 100, 100}

// lighthouseReport is what Lighthouse says of a page.
type lighthouseReport struct {
	URL    string
	Scores scores
	Faults []string // audits that cost points, in its words
}

// lighthouseRun is a page, and the audits that do not apply to it.
type lighthouseRun struct {
	URL  string   `json:"url"`
	Skip []string `json:"skip,omitempty"`
}

// TestLighthouse wants every point there is, of each kind of page. What a
// search finds is kept from search engines on purpose. Lighthouse gives up on
// robots.txt after two seconds, so that a page that lacks a point is looked at
// once more: the machine may have been busy.
func TestLighthouse(t *testing.T) {
	base := startDemo(t)
	runs := []lighthouseRun{
		{URL: base + "/issues/400"}, {URL: base + "/"}, {URL: base + "/archive"},
		{URL: base + "/search?q=alert", Skip: []string{"is-crawlable"}},
	}
	ctx, cancel := context.WithTimeout(t.Context(), lighthouseTime)
	defer cancel()
	var wanting []string
	for range 2 {
		reports, err := lighthouse(ctx, runs)
		if err != nil {
			t.Fatal(err)
		}
		var again []lighthouseRun
		wanting = nil
		for i, report := range reports {
			if report.Scores != allPoints {
				again = append(again, runs[i])
				wanting = append(wanting, fmt.Sprintf("%s: %+v, because of %q", report.URL, report.Scores, report.Faults))
			}
		}
		if runs = again; len(runs) == 0 {
			return
		}
	}
	t.Error(strings.Join(wanting, "\n"))
}

// lighthouse returns what Lighthouse says of each page: see lighthouse.mjs.
func lighthouse(ctx context.Context, runs []lighthouseRun) ([]lighthouseReport, error) {
	chromium, chromiumErr := install.Chromium.Find()
	node, nodeErr := install.Node.Find()
	for _, err := range []error{chromiumErr, nodeErr} {
		if err != nil {
			return nil, fmt.Errorf("%w; %s", err, howToHave)
		}
	}
	if _, err := os.Stat("node_modules/lighthouse"); err != nil {
		return nil, fmt.Errorf("Lighthouse is not here; %s", howToHave)
	}
	wish, err := json.Marshal(map[string]any{"chrome": chromium, "categories": steady, "runs": runs})
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, node, "lighthouse.mjs", string(wish))
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // so that it ends its browser
	cmd.WaitDelay = 10 * time.Second
	report, err := cmd.Output()
	if err != nil {
		var said []byte
		if failed, ok := err.(*exec.ExitError); ok {
			said = failed.Stderr
		}
		return nil, fmt.Errorf("Lighthouse: %w\n%s", err, said)
	}
	return readLighthouse(report, len(runs))
}

// readLighthouse reads the lines of a report on so many pages.
func readLighthouse(report []byte, pages int) (all []lighthouseReport, err error) {
	for lines := json.NewDecoder(bytes.NewReader(report)); lines.More(); {
		var page lighthouseReport
		if err := lines.Decode(&page); err != nil {
			return nil, fmt.Errorf("Lighthouse's report: %w\n%s", err, report)
		}
		all = append(all, page)
	}
	if len(all) != pages {
		return nil, fmt.Errorf("Lighthouse reports on %d pages of %d\n%s", len(all), pages, report)
	}
	return all, nil
}
