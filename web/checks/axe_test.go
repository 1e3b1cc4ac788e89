package checks

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// axeScript is axe-core as npm brought it, read once.
var axeScript = sync.OnceValues(func() (string, error) {
	script, err := os.ReadFile(filepath.Join("node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		return "", fmt.Errorf("axe-core is not here; %s", howToHave)
	}
	return string(script), nil
})

// runAxe asks for rules. Without preload: false it fetches the page's style sheets
// once more. A page that is scrolled has targets half under its bar, which is no
// fault.
const runAxe = `scrollTo(0, 0), axe.run(document, {preload: false, resultTypes: ["violations"], runOnly: %s}).then(found => found.violations)`

// What runAxe is asked for: WCAG 2.2 A and AA and axe's best practice, by axe's
// tags; and of these what colours and sizes decide.
const (
	everyRule = `{type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}`
	lookRules = `{type: "rule", values: ["color-contrast", "link-in-text-block", "target-size"]}`
)

// violation is one rule of axe that the page breaks, and where.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		Target  []any  `json:"target"` // selectors, one per frame on the way in
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// String is one line per place, in axe's words.
func (v violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", v.ID, v.Help)
	for _, n := range v.Nodes {
		fmt.Fprintf(&b, "\n\tat %v: %s", n.Target, strings.Join(strings.Fields(n.Summary), " "))
	}
	return b.String()
}

// world is a place for our own scripts beside those of a page: it sees the same
// document, but neither the page's globals nor its content security policy, so
// that what we run is never counted against the page.
type world struct {
	tab context.Context
	id  runtime.ExecutionContextID
}

// enter makes a world in the tab's present document, with axe loaded. It is
// gone with the document.
func enter(tab context.Context) (world, error) {
	script, err := axeScript()
	if err != nil {
		return world{}, err
	}
	tree, err := chromedp.Call(tab, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		return world{}, err
	}
	made, err := chromedp.Call(tab, page.CreateIsolatedWorld,
		page.CreateIsolatedWorldParams{FrameID: tree.FrameTree.Frame.ID, WorldName: "checks"})
	if err != nil {
		return world{}, err
	}
	w := world{tab, made.ExecutionContextID}
	_, err = run[chromedp.Void](w, script)
	return w, err
}

// run evaluates a script in the world and gives back what it, or the promise it
// returns, comes to.
func run[T any](w world, script string) (T, error) {
	return chromedp.Run(w.tab, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise,
		func(p *runtime.EvaluateParams) { p.ContextID = w.id }))
}

// rulesOf returns which rules axe is asked for in one of the layouts of a state:
// all of them in each, in the longer form. Otherwise a state that is looked at in
// every layout is asked for them in the light, and in the dark for those of looks:
// no other rule knows of colours.
func rulesOf(name string, l layout) string {
	if !long && whole.MatchString(name) && l.scheme == "dark" {
		return lookRules
	}
	return everyRule
}

// axe returns the rules that the page breaks as it stands, a text each.
func axe(w world, rules string) ([]string, error) {
	violations, err := run[[]violation](w, fmt.Sprintf(runAxe, rules))
	if err != nil {
		return nil, fmt.Errorf("axe: %w", err)
	}
	var texts []string
	for _, v := range violations {
		texts = append(texts, "axe: "+v.String())
	}
	return texts, nil
}
