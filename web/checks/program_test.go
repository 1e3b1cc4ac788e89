package checks

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"broadsheet/internal/exchange"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/pgtest"
)

// binary builds the program once.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "broadsheet-checks-")
	if err != nil {
		return "", err
	}
	removeBinary = func() { _ = os.RemoveAll(dir) }
	path := filepath.Join(dir, "broadsheet")
	if out, err := exec.Command("go", "build", "-o", path, "broadsheet/cmd/broadsheet").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// removeBinary clears up behind binary.
var removeBinary = func() {}

// command returns the program's command, with a database and nothing else of
// the environment's settings.
func command(t *testing.T, database string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, append(args, "--database-url", database)...)
	cmd.Stderr = t.Output()
	return cmd
}

// start runs the program until the end of the test and returns its address
// and all that it said, once it says that it listens.
func start(t *testing.T, database string, args ...string) (base string, said []string) {
	t.Helper()
	cmd := command(t, database, append(args, "--listen", "127.0.0.1:0", "--log-level", "warn")...)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("the program ended with %v", err)
		}
	})
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		said = append(said, lines.Text())
		if base, found := strings.CutPrefix(lines.Text(), "listening on "); found {
			sessions.forgetAll(base)
			return base, said
		}
	}
	t.Fatal("the program ended without listening")
	return "", nil
}

// startDemo serves the demo publication, startEmpty one without any issue or
// anybody, with the path at which its owner is set up, and startOdd one whose
// issues have texts that break pages.
func startDemo(t *testing.T) string {
	base, _ := start(t, pgtest.URL(t), "demo")
	return base
}

func startEmpty(t *testing.T) (base, setUp string) {
	base, said := start(t, pgtest.URL(t), "serve")
	for _, line := range said {
		if _, rest, found := strings.Cut(line, base+"/set-up/"); found {
			secret, _, _ := strings.Cut(rest, " ")
			return base, "/set-up/" + secret
		}
	}
	t.Fatalf("no set-up address in %q", said)
	return "", ""
}

func startOdd(t *testing.T) string { return startImported(t, oddIssues(t)) }

// startImported serves a publication that is given as JSON lines.
func startImported(t *testing.T, export []byte) string {
	t.Helper()
	database, file := pgtest.URL(t), filepath.Join(t.TempDir(), "publication.jsonl")
	if err := os.WriteFile(file, export, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := command(t, database, "import", file).Output(); err != nil {
		t.Fatalf("import: %v\n%s", err, out)
	}
	base, _ := start(t, database, "serve")
	return base
}

// oddIssues returns, as JSON lines: 100, of every shape; 101, withdrawn; 102,
// of long words, other scripts and hostile texts; 103, of sixty items; 104, of
// one; 105, in the writings of many languages. The publication has a theme.
func oddIssues(t *testing.T) []byte {
	t.Helper()
	publication := newslettertest.Publication()
	publication.Name = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"
	publication.Accent = newsletter.Accent{Light: "#CD2A5C", Dark: "#9878A0"} // with hardly the contrast that is asked for
	withdrawn, hostile, many, single := newslettertest.Issue(101), newslettertest.Issue(102), newslettertest.Issue(103), newslettertest.Issue(104)
	withdrawn.State = newsletter.Withdrawn
	hostile.Sections = append(hostile.Sections, oddSection())
	many.Sections, many.Withdrawn, many.Corrections = []newsletter.Section{manyItems()}, nil, nil
	single.Sections, single.Withdrawn, single.Corrections = []newsletter.Section{{Title: "News", Kind: newsletter.KindLinks, Of: "News",
		Items: []newsletter.Item{{Place: 1, State: newsletter.Placed, Note: "One."}}}}, nil, nil
	return export(t, publication, newslettertest.Issue(100), withdrawn, hostile, many, single, writings(105))
}

// export returns a publication with issues as JSON lines.
func export(t *testing.T, publication newsletter.Publication, issues ...newsletter.Issue) []byte {
	t.Helper()
	var out bytes.Buffer
	to := exchange.NewJSONL(&out)
	if err := to.Publication(publication); err != nil {
		t.Fatal(err)
	}
	for _, issue := range issues {
		if err := to.Issue(issue); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func oddSection() newsletter.Section {
	long := strings.Repeat("Rindfleischetikettierungsüberwachungsaufgabenübertragung", 4)
	notes := []string{
		long, "ספינה קטנה עוגנת בנמל הישן.", "قارب صغير في الميناء القديم.", "港に小さな船が泊まっている。風が強いので出航は来週になるそうだ。",
		"<script>document.title = 'hacked'</script> & <b onclick=alert(1)>bold</b> <img src=x onerror=alert(1)>",
		"[click](javascript:alert(1)) ![x](https://picture.example/x.png) <https://bare.example/" + strings.Repeat("very-long/", 40) + ">",
		"> quoted\n\n- a list\n- of two\n\n1. and\n2. numbers\n\n```\na line of code that is far too long for the column it stands in, and has no place to break\n```",
	}
	section := newsletter.Section{Title: `<"Odd" & 'Ends'>`, Kind: newsletter.KindLinks}
	for k, note := range notes {
		section.Items = append(section.Items, newsletter.Item{
			Place: 10 + k, State: newsletter.Placed, Title: `Title "quoted" <em>` + long[:40*(k%2)], Note: note,
			Links: []newsletter.Link{{URL: fmt.Sprintf("https://example.example/%s?a=1&b=<2>#%d", long, k)}, {URL: "https://other.example/", Text: long}},
		})
	}
	return section
}

func manyItems() newsletter.Section {
	section := newsletter.Section{Title: "News", Kind: newsletter.KindLinks, Of: "News"}
	for place := 1; place <= 60; place++ {
		section.Items = append(section.Items, newsletter.Item{
			Place: place, State: newsletter.Placed, Sponsored: place%20 == 0, Note: fmt.Sprintf("Boat number %d has left the harbour.", place),
			Links: []newsletter.Link{{URL: fmt.Sprintf("https://boats.example/%d", place)}},
		})
	}
	return section
}
