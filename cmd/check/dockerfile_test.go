package main

import (
	"debug/buildinfo"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// dockerfile returns what the pattern's groups match in the Dockerfile.
func dockerfile(t *testing.T, pattern string) []string {
	t.Helper()
	return find(t, filepath.Join("..", "..", "Dockerfile"), pattern)
}

func find(t *testing.T, file, pattern string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(pattern).FindStringSubmatch(string(text))
	if found == nil {
		t.Fatalf("%s has nothing like %s", file, pattern)
	}
	return found[1:]
}

func TestDockerfileHasTheModulesGo(t *testing.T) {
	image := dockerfile(t, `(?m)^FROM golang:(\d+\.\d+) `)[0]
	module := find(t, filepath.Join("..", "..", "go.mod"), `(?m)^go (\d+\.\d+)`)[0]
	if image != module {
		t.Errorf("the Dockerfile builds with Go %s, go.mod asks for %s", image, module)
	}
}

// The image holds nothing but the program, so it must need nothing: no loader,
// no libraries, no user but a number.
func TestDockerfileBuildsAStaticProgram(t *testing.T) {
	line := dockerfile(t, `CGO_ENABLED=0 go (build .+) -ldflags "(.+)" -o /broadsheet (\S+)`)
	program := filepath.Join(t.TempDir(), "broadsheet")
	args := slices.Concat(strings.Fields(line[0]), []string{"-ldflags", line[1], "-o", program, line[2]})
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = filepath.Join("..", "..")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go %q: %v\n%s", args, err, out)
	}
	binary, err := elf.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer binary.Close()
	if libraries, err := binary.ImportedLibraries(); err == nil && len(libraries) > 0 {
		t.Errorf("the program needs %q", libraries)
	}
	if slices.ContainsFunc(binary.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP }) {
		t.Error("the program needs a loader")
	}
	if info, err := buildinfo.ReadFile(program); err != nil || info.Path != "broadsheet/cmd/broadsheet" {
		t.Errorf("the program is %v (%v)", info, err)
	}
	dockerfile(t, `(?m)^USER [1-9]\d*:[1-9]\d*$`)
}
