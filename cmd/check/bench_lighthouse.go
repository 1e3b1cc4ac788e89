package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"broadsheet/internal/install"
)

// lighthouseMust is the performance, of 100, that the issue page is to have: the
// median of lighthouseRuns. It is a measured time, so that no test holds it.
const (
	lighthouseMust = 99
	lighthouseRuns = 3
)

// lighthouse prints Lighthouse's performance of the issue page on a slow phone,
// simulated. Without the tools for it, it prints what is lacking.
func (b *measure) lighthouse(ctx context.Context, out io.Writer) error {
	ours, err := b.serve(ctx, smallArchive)
	if err != nil {
		return err
	}
	if missing := install.Missing([]install.Need{install.Chromium, install.Node}); len(missing) > 0 || stale(pageChecks) {
		fmt.Fprintf(out, "Lighthouse is left out: run `go run ./cmd/check --only pages --install` first\n")
		return nil
	}
	chromium, err := install.Chromium.Find()
	if err != nil {
		return err
	}
	node, err := install.Node.Find()
	if err != nil {
		return err
	}
	wish, err := json.Marshal(map[string]any{
		"chrome": chromium, "categories": []string{"performance"},
		"runs": slices.Repeat([]map[string]string{{"url": "http://" + ours.address + "/issues/60"}}, lighthouseRuns),
	})
	if err != nil {
		return err
	}
	var report bytes.Buffer
	cmd := exec.CommandContext(ctx, node, filepath.Join(pageChecks, "lighthouse.mjs"), string(wish))
	cmd.Stdout, cmd.Stderr = &report, out
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // so that it ends its browser
	cmd.WaitDelay = patience
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("lighthouse: %w", err)
	}
	scores, err := performance(&report)
	if err != nil {
		return fmt.Errorf("lighthouse: %w", err)
	}
	_, err = fmt.Fprintf(out, "Lighthouse, performance of the issue page: %.0f of 100, the median of %.0f (must %d)\n", median(scores), scores, lighthouseMust)
	return err
}

// performance reads the scores from the report of lighthouse.mjs.
func performance(report io.Reader) (scores []float64, err error) {
	for lines := json.NewDecoder(report); lines.More(); {
		var page struct {
			Scores struct{ Performance float64 }
		}
		if err := lines.Decode(&page); err != nil {
			return nil, err
		}
		scores = append(scores, page.Scores.Performance)
	}
	if len(scores) != lighthouseRuns {
		return nil, fmt.Errorf("%d runs, want %d", len(scores), lighthouseRuns)
	}
	return scores, nil
}
