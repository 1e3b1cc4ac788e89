package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestWrongWords calls the program in ways that mean nothing.
func TestWrongWords(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args []string
		want string
	}{
		"nothing":                 {nil, "expected one of"},
		"unknown command":         {[]string{"publish"}, "unexpected argument publish"},
		"unknown flag":            {[]string{"serve", "--colour"}, "unknown flag --colour"},
		"half a command":          {[]string{"migrate"}, "expected one of"},
		"argument too many":       {[]string{"serve", "now"}, "unexpected argument now"},
		"no path to import":       {[]string{"import"}, "nothing to import was named"},
		"unknown import format":   {[]string{"import", "--format", "poem", "x"}, `--format must be one of "auto","devops-weekly","markdown","jsonl"`},
		"no export format":        {[]string{"export", "--out", "-"}, "--format"},
		"unknown export format":   {[]string{"export", "--format", "poem", "--out", "-"}, "--format must be one of"},
		"nowhere to export to":    {[]string{"export", "--format", "jsonl"}, "--out"},
		"issue that is no number": {[]string{"export", "--format", "jsonl", "--out", "-", "--issue", "seven"}, "--issue"},
		"folder as one stream":    {[]string{"export", "--format", "text", "--out", "-"}, "several issues need a folder"},
		"unknown log format":      {[]string{"serve", "--log-format", "xml"}, "--log-format must be one of"},
		"unknown log level":       {[]string{"serve", "--log-level", "loud"}, "--log-level must be one of"},
		"flag without its value":  {[]string{"serve", "--listen"}, "--listen"},
		"neither yes nor no":      {[]string{"serve", "--migrate=perhaps"}, "--migrate"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			execute(t, test.args...).refuses(t, 2, test.want, "; see: broadsheet --help")
		})
	}
}

// TestWrongSettings gives the same by environment, and what is only found out
// when it is used.
func TestWrongSettings(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"BROADSHEET_LOG_LEVEL=loud":               "--log-level must be one of",
		"BROADSHEET_ACCESS_LOG=perhaps":           "BROADSHEET_ACCESS_LOG",
		"BROADSHEET_BASE_URL=orchard":             "orchard",
		"BROADSHEET_TRUSTED_PROXIES=10.0.0.0/8,x": `"x" is not a network such as 10.0.0.0/8`,
	}
	for setting, want := range tests {
		t.Run(setting, func(t *testing.T) {
			t.Parallel()
			cmd := program(t, "serve", "--listen", "127.0.0.1:0", "--log-format", "json", "--database-url", pgtestURL(t))
			cmd.Env = environment(setting)
			finish(t, cmd).refuses(t, 2, want)
		})
	}
}

// calls are the flags that say what one call does. They have no environment
// variable: it would change what a command does behind one's back.
var calls = map[string][]string{
	"demo":   {"database-url", "install", "fresh"},
	"import": {"format", "dry-run", "json", "old-feed"},
	"export": {"format", "issue", "out"},
	"user":   {"email", "name", "role", "password-stdin"},
}

// TestHelp asks every command for help and holds it against the command table.
func TestHelp(t *testing.T) {
	t.Parallel()
	parser, err := kong.New(&commands{}, kong.Name("broadsheet"))
	if err != nil {
		t.Fatal(err)
	}
	top := succeed(t, "--help")
	for _, node := range parser.Model.Leaves(true) {
		command, flags := strings.Fields(node.FullPath())[1:], slices.Concat(node.AllFlags(true)...)
		t.Run(node.FullPath(), func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(top, "\n  "+strings.Join(command, " ")) || node.Help == "" {
				t.Errorf("the list of commands lacks %q, or what it does:\n%s", command, top)
			}
			help := strings.Join(strings.Fields(succeed(t, append(slices.Clone(command), "--help")...)), " ")
			for _, flag := range flags {
				name := "--" + flag.Name
				if flag.Tag.Negatable != "" {
					name = "--[no-]" + flag.Name
				}
				if !strings.Contains(help, " "+name) || flag.Help == "" {
					t.Errorf("the help does not explain %s:\n%s", name, help)
				}
				variable := "$BROADSHEET_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
				oneCall := flag.Name == "help" || slices.Contains(calls[command[0]], flag.Name)
				if strings.Contains(help, variable) == oneCall {
					t.Errorf("%s: %s is named: %v, want %v", name, variable, !oneCall, oneCall)
				}
			}
		})
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	if out := succeed(t, "version"); !strings.HasPrefix(out, "broadsheet ") || !strings.Contains(out, ", go1.") {
		t.Errorf("the version is %q", out)
	}
}
