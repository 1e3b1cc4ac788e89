package checks

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// pictures is where the pictures of all pages are kept; git ignores it.
const pictures = "pictures"

// The widths a page is looked at, in CSS pixels: a desk, a phone, the narrowest
// that WCAG 2.2 (1.4.10) asks for. zoomedWidth is the desk at 200 % zoom.
var widths = []int{1280, 390, 320}

const zoomedWidth = 1280 / 2

// schemes are the two colour schemes a reader may prefer.
var schemes = []string{"light", "dark"}

// layout is a width in a colour scheme.
type layout struct {
	width  int
	scheme string
}

// String is "390 dark".
func (l layout) String() string { return fmt.Sprintf("%d %s", l.width, l.scheme) }

// whole are the names of states that are always looked at in every layout: what
// readers and editors look at most.
var whole = regexp.MustCompile(`^(home|issue|archive|search found|board|board with its inbox|board with its checks|editor open|editor conflict)$`)

// long is the longer form of the checks.
var long = os.Getenv("BROADSHEET_LONG") != ""

// layoutsOf returns the layouts that a state is looked at in: every pair of a width
// and a scheme for the states in whole, and for all of them in the longer form of
// the checks. Of the rest every second one is looked at in the light at a desk,
// and the others in the dark on a phone.
func layoutsOf(name string) []layout {
	if !long && !whole.MatchString(name) {
		return []layout{[]layout{{1280, "light"}, {390, "dark"}}[len(name)%2]}
	}
	var all []layout
	for _, scheme := range schemes {
		for _, width := range widths {
			all = append(all, layout{width, scheme})
		}
	}
	return all
}

// read are the beginnings of the names of states that are looked at with the
// text at 200 %, as WCAG 2.2 (1.4.4) asks for, too: the pages readers read.
var read = regexp.MustCompile(`^(home|issue|archive|year|search|section|site|follow|about|not found|empty)`)

// pathOf is the open page's path.
func pathOf(w world) string {
	path, _ := run[string](w, "location.pathname") // without one it is looked at
	return path
}

// enlarged lays the open page out on the narrowest phone, whose owner reads text
// of twice the usual size, keeps a picture, and says what sticks out.
func enlarged(w world, name string) ([]string, error) {
	if err := textSize(w, 200); err != nil {
		return nil, err
	}
	narrowest := slices.Min(widths)
	if err := show(w.tab, narrowest, "light"); err != nil {
		return nil, err
	}
	wide, err := overflow(w)
	return wide, errors.Join(err, picture(w.tab, name, narrowest, "enlarged"), textSize(w, 100))
}

// textSize gives the open page's text a size, in percent of the usual one, as
// whoever sets it in the browser does. Its own setting is shared by all tabs.
func textSize(w world, percent int) error {
	set := fmt.Sprintf(`document.documentElement.style.fontSize = "%d%%"`, percent)
	_, err := run[string](w, set)
	return err
}

// onPaper are the beginnings of the names of states that are looked at in print,
// too; paperWidth is what the style sheet's margins leave of A4, 17 cm at 96 dpi.
var onPaper = regexp.MustCompile(`^(home|issue|archive|search found|section$|site|about)`)

const paperWidth = 642

// asPrinted lays the open page out as it is printed, keeps a picture, and says
// what sticks out of the paper.
func asPrinted(w world, name string) ([]string, error) {
	if err := chromedp.Do(w.tab, chromedp.EmulateViewport(paperWidth, 900)); err != nil {
		return nil, fmt.Errorf("set the width of paper: %w", err)
	}
	if _, err := chromedp.Call(w.tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		return nil, fmt.Errorf("show it as printed: %w", err)
	}
	wide, err := overflow(w)
	return wide, errors.Join(err, picture(w.tab, name, paperWidth, "printed"))
}

// show lays the open page out at a width, in a colour scheme.
func show(tab context.Context, width int, scheme string) error {
	if err := chromedp.Do(tab, chromedp.EmulateViewport(int64(width), 900)); err != nil {
		return fmt.Errorf("set the width %d: %w", width, err)
	}
	return dress(tab, scheme)
}

// dress gives the tab a colour scheme.
func dress(tab context.Context, scheme string) error {
	prefer := emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(tab, emulation.SetEmulatedMedia, prefer); err != nil {
		return fmt.Errorf("set the scheme %s: %w", scheme, err)
	}
	return nil
}

// picture saves the whole page as it is shown now, as NAME-WIDTH-SCHEME.png.
// A name may be any text; what is not a letter or digit becomes a dash. Chromium
// shifts pictures beyond the window of mirrored pages that do not fill it.
func picture(tab context.Context, name string, width int, scheme string) error {
	fits, err := chromedp.Run(tab, chromedp.Evaluate[bool](`document.documentElement.scrollHeight <= innerHeight`))
	if err != nil {
		return fmt.Errorf("measure the page: %w", err)
	}
	if fits {
		return pictureInWindow(tab, name, width, scheme)
	}
	return keep(tab, chromedp.FullScreenshot(100), name, width, scheme)
}

// pictureInWindow saves what the window shows: what stands over the page is in
// its place.
func pictureInWindow(tab context.Context, name string, width int, scheme string) error {
	return keep(tab, chromedp.CaptureScreenshot(), name, width, scheme)
}

func keep(tab context.Context, shot chromedp.Action[[]byte], name string, width int, scheme string) error {
	png, err := chromedp.Run(tab, shot)
	if err != nil {
		return fmt.Errorf("take a picture: %w", err)
	}
	if err := os.MkdirAll(pictures, 0o755); err != nil {
		return err
	}
	return os.WriteFile(pictureFile(name, width, scheme), png, 0o644)
}

var notInNames = regexp.MustCompile(`[^\pL\pN]+`)

func pictureFile(name string, width int, scheme string) string {
	plain := strings.Trim(notInNames.ReplaceAllString(name, "-"), "-")
	return filepath.Join(pictures, fmt.Sprintf("%s-%d-%s.png", plain, width, scheme))
}

// findOverflow names the innermost elements that stick out of the window to the
// right, or whose text does; those inside a box that scrolls by itself do not
// move the page.
const findOverflow = `(() => {
	const root = document.documentElement;
	if (root.scrollWidth <= innerWidth) return [];
	const out = e => { const box = e.getBoundingClientRect();
		return Math.max(box.right, box.left + e.scrollWidth) > innerWidth + 0.5; };
	const scrolls = e => { for (; e && e !== document.body; e = e.parentElement)
		if (getComputedStyle(e).overflowX !== "visible") return true; return false; };
	const name = e => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + [...e.classList].map(c => "." + c).join("");
	const found = [...document.body.querySelectorAll("*")].filter(e => out(e) && ![...e.children].some(out) && !scrolls(e));
	return ["the page is " + root.scrollWidth + " px wide", ...found.slice(0, 5).map(name)];
})()`

// overflow says by what the open page can be scrolled sideways; nothing if not.
func overflow(w world) ([]string, error) {
	found, err := run[[]string](w, findOverflow)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return []string{"sideways scroll: " + strings.Join(found, ", ")}, nil
}

var pageCount = regexp.MustCompile(`/Type\s*/Pages\s*/Count\s+(\d+)`)

// sheets prints the open page to A4 and returns the number of sheets it takes.
func sheets(tab context.Context) (int, error) {
	pdf, err := chromedp.Run(tab, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4)))
	if err != nil {
		return 0, fmt.Errorf("print: %w", err)
	}
	return countSheets(pdf)
}

// countSheets reads the number of pages off the root of a PDF's page tree, the
// greatest of the counts that the nodes of the tree hold.
func countSheets(pdf []byte) (int, error) {
	most := 0
	for _, found := range pageCount.FindAllSubmatch(pdf, -1) {
		n, err := strconv.Atoi(string(found[1]))
		if err != nil {
			return 0, err
		}
		most = max(most, n)
	}
	if most == 0 {
		return 0, errors.New("print: the PDF has no pages")
	}
	return most, nil
}
