package checks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"broadsheet/internal/install"
)

// lighthouseTime is the most that Lighthouse may take over all pages: some five
// seconds for each, on a quiet machine.
const lighthouseTime = 3 * time.Minute

// steady are the categories of Lighthouse that measure no time, so that they
// say the same on every machine. Performance is for the benchmark.
var steady = []string{"accessibility", "best-practices", "seo"}

// lighthouseRun is a page, and the audits that do not apply to it.
type lighthouseRun struct {
	URL  string   `json:"url"`
	Skip []string `json:"skip,omitempty"`
}

// TestLighthouse wants every point there is, of each kind of page. What a
// search finds is kept from search engines on purpose.
func TestLighthouse(t *testing.T) {
	base := startDemo(t)
	runs := []lighthouseRun{
		{URL: base + "/issues/400"}, {URL: base + "/"}, {URL: base + "/archive"},
		{URL: base + "/search?q=alert", Skip: []string{"is-crawlable"}},
	}
	ctx, cancel := context.WithTimeout(t.Context(), lighthouseTime)
	defer cancel()
	report, err := lighthouse(ctx, runs)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for lines := json.NewDecoder(bytes.NewReader(report)); lines.More(); seen++ {
		var page struct {
			URL    string
			Scores map[string]int
			Faults []string
		}
		if err := lines.Decode(&page); err != nil {
			t.Fatalf("%v in %s", err, report)
		}
		if named := slices.Sorted(maps.Keys(page.Scores)); !slices.Equal(named, steady) {
			t.Errorf("%s: scores for %q, want %q", page.URL, named, steady)
		}
		for category, score := range page.Scores {
			if score != 100 {
				t.Errorf("%s: %s %d of 100: %q", page.URL, category, score, page.Faults)
			}
		}
	}
	if seen != len(runs) {
		t.Errorf("%d pages were looked at, want %d", seen, len(runs))
	}
}

// lighthouse returns a line of JSON for each page: see lighthouse.mjs.
func lighthouse(ctx context.Context, runs []lighthouseRun) ([]byte, error) {
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
	return report, nil
}
