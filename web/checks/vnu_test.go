package checks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"broadsheet/internal/install"
)

// vnuTime is the most that one run of the HTML checker may take. Starting Java
// takes seconds, a page milliseconds: all pages go into one run.
const vnuTime = 3 * time.Minute

var vnuJar = filepath.Join("node_modules", "vnu-jar", "build", "dist", "vnu.jar")

// vnu checks the HTML of many pages, by name, and returns what is wrong with
// each: errors and warnings, a line each. A page without fault has no entry.
// dir is an empty folder it may write to.
func vnu(ctx context.Context, dir string, pages map[string][]byte) (map[string][]string, error) {
	java, err := install.Java.Find()
	if err != nil {
		return nil, fmt.Errorf("%w; %s", err, howToHave)
	}
	if _, err := os.Stat(vnuJar); err != nil {
		return nil, fmt.Errorf("the HTML checker is not here; %s", howToHave)
	}
	names := map[string]string{} // by file
	for name, html := range pages {
		file := fmt.Sprintf("%04d.html", len(names))
		names[file] = name
		if err := os.WriteFile(filepath.Join(dir, file), html, 0o600); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, vnuTime)
	defer cancel()
	report, err := runVnu(ctx, java, dir)
	if err != nil {
		return nil, err
	}
	return readVnu(report, names)
}

// runVnu returns the checker's report on all files of a folder. Its exit status
// only says that there is something in the report.
func runVnu(ctx context.Context, java, dir string) ([]byte, error) {
	var report, rest bytes.Buffer
	cmd := exec.CommandContext(ctx, java, "-Xss1m", "-jar", vnuJar,
		"--format", "json", "--stdout", "--exit-zero-always", "--skip-non-html", dir)
	cmd.Stdout, cmd.Stderr = &report, &rest
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("HTML checker: %w\n%s", err, rest.Bytes())
	}
	return report.Bytes(), nil
}

// readVnu sorts a report's messages by page. Its type "info" holds warnings;
// remarks that are none have no subtype.
func readVnu(report []byte, names map[string]string) (map[string][]string, error) {
	var read struct {
		Messages []struct {
			Type, SubType, URL, Message, Extract string
			LastLine                             int
		}
	}
	if err := json.Unmarshal(report, &read); err != nil {
		return nil, fmt.Errorf("HTML checker's report: %w\n%s", err, report)
	}
	found := map[string][]string{}
	for _, m := range read.Messages {
		if m.Type == "info" && m.SubType != "warning" {
			continue
		}
		page, ok := names[filepath.Base(m.URL)]
		if !ok {
			return nil, fmt.Errorf("HTML checker: %s", m.Message)
		}
		found[page] = append(found[page], fmt.Sprintf("html: line %d: %s (%s)",
			m.LastLine, m.Message, strings.Join(strings.Fields(m.Extract), " ")))
	}
	return found, nil
}
