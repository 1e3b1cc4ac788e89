package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/exchange"
)

// bare runs the bare server of one page and returns its address. It ends when
// input is closed.
func bare(t *testing.T, page kept) (address string, input io.Closer, ended <-chan error) {
	t.Helper()
	line, err := json.Marshal(map[string]kept{"/page": page})
	if err != nil {
		t.Fatal(err)
	}
	in, input := io.Pipe()
	out, said := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- serveBare(in, said) }()
	go input.(io.Writer).Write(append(line, '\n'))
	words, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	address, found := strings.CutPrefix(strings.TrimSpace(words), announcement)
	if !found {
		t.Fatalf("it says %q", words)
	}
	return address, input, done
}

func TestBareServer(t *testing.T) {
	address, input, ended := bare(t, kept{Type: "text/html", Body: []byte("compressed")})
	tests := []struct {
		name     string
		question question
		failure  string
	}{
		{"right", ask("/page", "", http.StatusOK, 10), ""},
		{"other length", ask("/page", "", http.StatusOK, 11), "status 200 and 10 bytes, not 200 and 11"},
		{"other status", ask("/page", `"tag"`, http.StatusNotModified, 0), "status 200 and 10 bytes, not 304 and 0"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n, err := test.question.repeat(t.Context(), address, time.Now().Add(50*time.Millisecond))
			if test.failure == "" && (err != nil || n == 0) {
				t.Errorf("%d answers, %v", n, err)
			}
			if test.failure != "" && (err == nil || !strings.Contains(err.Error(), test.failure)) {
				t.Errorf("the failure is %v, want %q", err, test.failure)
			}
		})
	}
	input.Close()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("it ended with %v", err)
		}
	case <-time.After(patience):
		t.Error("it outlives its input")
	}
}

func TestMedianOfUnsortedValues(t *testing.T) {
	if got := median([]float64{9, 1, 5}); got != 5 {
		t.Errorf("the median is %v", got)
	}
}

func TestBenchArchive(t *testing.T) {
	var files [2]string
	for i := range files {
		file := filepath.Join(t.TempDir(), "archive.jsonl")
		if err := writeArchive(file, smallArchive); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		files[i] = string(text)
	}
	if diff := cmp.Diff(files[0], files[1]); diff != "" {
		t.Errorf("two runs measure different archives:\n%s", diff)
	}
	doc, err := exchange.Read(strings.NewReader(files[0]), exchange.FormatJSONL)
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Issues) != smallArchive {
		t.Errorf("%d issues", len(doc.Issues))
	}
	for _, issue := range doc.Issues {
		if err := issue.Validate(); err != nil || len(issue.Items()) != itemsPerIssue() {
			t.Errorf("issue %d has %d items, %v", issue.Number, len(issue.Items()), err)
		}
	}
	for _, c := range againstBare {
		if target, found := strings.CutPrefix(c.target, "/search?q="); found && !strings.Contains(files[0], target) {
			t.Errorf("nothing is found by %s", c.target)
		}
	}
}

func TestUsedCPU(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		return // there is nothing to read it from
	}
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	c := child{cmd: &exec.Cmd{Process: self}}
	before := c.cpu()
	for began := time.Now(); c.cpu() < before+20*time.Millisecond; {
		if time.Since(began) > patience {
			t.Fatalf("%s of work is %s", time.Since(began), c.cpu()-before)
		}
	}
}

func TestPerformanceOfEveryRun(t *testing.T) {
	const line = `{"url":"http://x/","scores":{"performance":%s},"faults":[]}` + "\n"
	scores, err := performance(strings.NewReader(strings.ReplaceAll(line+line+line, "%s", "99")))
	if diff := cmp.Diff([]float64{99, 99, 99}, scores); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	for _, report := range []string{"", strings.ReplaceAll(line, "%s", "99"), "no JSON"} {
		if scores, err := performance(strings.NewReader(report)); err == nil {
			t.Errorf("%q is read as %v", report, scores)
		}
	}
}
