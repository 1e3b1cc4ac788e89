package site

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/pgtest"
	"broadsheet/migrations"
)

//go:embed plans_seed.sql
var plansSeed string

// large are the tables that grow with the archive's items and revisions. No page
// reads one of them from end to end.
var large = []string{"printed_items", "printed_links", "printed_intros", "revisions", "items", "links"}

// planned are requests that reach every statement of every route, by the
// route's pattern.
var planned = map[string][]string{
	"/":                                {"/"},
	"/latest":                          {"/latest"},
	"/archive":                         {"/archive"},
	"/archive/{year:[0-9]+}":           {"/archive/2005", "/archive/1066"},
	"/issues/{number:[0-9]+}":          {"/issues/5000", "/issues/99999"},
	"/issues/{number:[0-9]+}.{form}":   {"/issues/5000.md"},
	"/issues/{number:[0-9]+}/card.png": {"/issues/5000/card.png", "/issues/99999/card.png"},
	"/card.png":                        {"/card.png"},
	"/{mark:[0-9]+(?:\\.[0-9]+)?}":     {"/5000", "/5000.3", "/77777.3"},
	"/sections/{slug}":                 {"/sections/news", "/sections/news?page=990", "/sections/news?page=9999", "/sections/nothing"},
	"/sites/{site}":                    {"/sites/site7.example", "/sites/site7.example?page=2", "/sites/nobody.example"},
	"/search":                          plannedSearches,
	"/follow":                          {"/follow"},
	"/about":                           {"/about"},
	"/sitemap.xml":                     {"/sitemap.xml"},
	"/sitemap-{part:[0-9]+}.xml":       {"/sitemap-1.xml"},
	"/theme/{hash:[0-9a-f]+}.css":      {"/theme/000000000000.css"},
	"/robots.txt":                      {"/robots.txt"},
	"/events.ics":                      {"/events.ics"},
	"/feed.xml":                        {"/feed.xml", "/feed.xml?page=490"},
	"/atom.xml":                        {"/atom.xml"},
	"/feed.json":                       {"/feed.json"},
	"/sections/{slug}/feed.xml":        {"/sections/news/feed.xml", "/sections/news/feed.xml?page=990"},
	"/sections/{slug}/atom.xml":        {"/sections/news/atom.xml"},
	"/sections/{slug}/feed.json":       {"/sections/news/feed.json"},
	"/sites/{site}/feed.xml":           {"/sites/site7.example/feed.xml", "/sites/site7.example/feed.xml?page=2"},
	"/sites/{site}/atom.xml":           {"/sites/site7.example/atom.xml"},
	"/sites/{site}/feed.json":          {"/sites/site7.example/feed.json"},
	"":                                 {"/old/address.html?p=7"}, // no route: it may be one of an imported archive
}

var plannedSearches = []string{
	"/search", "/search?q=word7", "/search?q=word7+wor", "/search?q=%22word7+word8%22", "/search?q=word7+-word8", "/search?q=word3&page=300",
	"/search?q=word3&order=newest", "/search?q=word7&section=news&year=2005&site=site7.example", "/search?q=the+of", "/search?q=zebra",
	"/search?q=5000", "/search?q=5000.3", "/search?q=site7.example", "/search?q=nobody.example", "/search?q=https://site7.example/5000/7",
}

// statement is what was asked of the database.
type statement struct {
	sql  string
	args []any
}

// recorder keeps the statements of a pool, by the request that made them.
type recorder struct {
	mu         sync.Mutex
	statements []statement
}

func (r *recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	r.record(data.SQL, data.Args)
	return ctx
}
func (r *recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// Statements of a batch come by themselves.
func (r *recorder) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}
func (r *recorder) TraceBatchQuery(_ context.Context, _ *pgx.Conn, data pgx.TraceBatchQueryData) {
	r.record(data.SQL, data.Args)
}
func (r *recorder) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

func (r *recorder) record(sql string, args []any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if word, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(sql)), " "); word == "select" || word == "with" || strings.HasPrefix(word, "with") {
		r.statements = append(r.statements, statement{sql, args})
	}
}

// take returns what was recorded since it was last asked.
func (r *recorder) take() []statement {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.statements
	r.statements = nil
	return taken
}

// TestNoPageReadsTheWholeArchive looks at the plan of every statement that any
// page makes in a large archive: made for the request's own values and, as
// PostgreSQL does from the sixth time on, for any values.
func TestNoPageReadsTheWholeArchive(t *testing.T) {
	recorder := &recorder{}
	w, explainer := largeWorld(t, recorder)
	seen := map[string]bool{}
	for pattern, targets := range planned {
		for _, target := range targets {
			recorder.take()
			// Where all takes too long it is 503; what was asked is looked at anyway.
			if answer := w.ask(http.MethodGet, target, nil); answer.Code == http.StatusInternalServerError {
				t.Fatalf("%s is answered with %d", target, answer.Code)
			}
			for _, s := range recorder.take() {
				for how, plan := range explainer.plans(t, s) {
					seen[s.sql] = true
					if read := slices.DeleteFunc(plan.scanned(), func(table string) bool { return !slices.Contains(large, table) }); len(read) > 0 {
						t.Errorf("%s (%s) reads the whole of %v, with a plan %s:\n%s", target, pattern, read, how, s.sql)
					}
				}
			}
		}
	}
	_ = chi.Walk(w.router, func(_, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if planned[pattern] == nil {
			t.Errorf("no request for %s is planned", pattern)
		}
		return nil
	})
	if len(seen) < 20 {
		t.Errorf("only %d statements were seen", len(seen))
	}
}

// largeWorld returns a site on a large archive whose statements go to a
// recorder, and what explains them.
func largeWorld(t *testing.T, recorder *recorder) (*world, explainer) {
	t.Helper()
	config, err := pgxpool.ParseConfig(pgtest.NewBlank(t))
	if err != nil {
		t.Fatal(err)
	}
	config.ConnConfig.Tracer = recorder
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if _, err := migrations.Up(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	w := worldOn(t, pool)
	conn, err := pgx.Connect(t.Context(), pool.Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	for _, sql := range []string{plansSeed, "VACUUM (ANALYZE) issues, revisions, printed_issues, printed_items, printed_links, printed_intros"} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	return w, explainer{conn}
}

// explainer asks PostgreSQL how it would run statements.
type explainer struct{ conn *pgx.Conn }

// plans returns the plans of a statement by how they were made.
func (e explainer) plans(t *testing.T, s statement) map[string]plan {
	t.Helper()
	if rewriter, ok := s.first().(pgx.QueryRewriter); ok {
		sql, args, err := rewriter.RewriteQuery(t.Context(), e.conn, s.sql, s.args[1:])
		if err != nil {
			t.Fatal(err)
		}
		s = statement{sql, args}
	}
	described, err := e.conn.Prepare(t.Context(), "", s.sql)
	if err != nil {
		t.Fatalf("%v\n%s", err, s.sql)
	}
	nulls := ""
	if n := len(described.ParamOIDs); n > 0 {
		nulls = "(" + strings.Repeat(", NULL", n)[2:] + ")"
	}
	for _, sql := range []string{"DEALLOCATE ALL", "SET plan_cache_mode = force_generic_plan", "PREPARE explained AS " + s.sql} {
		if _, err := e.conn.Exec(t.Context(), sql, pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Fatalf("%v\n%s", err, sql)
		}
	}
	generic := e.explain(t, "EXECUTE explained"+nulls)
	if _, err := e.conn.Exec(t.Context(), "DEALLOCATE ALL", pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
	return map[string]plan{"for any values": generic, "for its values": e.explain(t, s.sql, s.args...)}
}

func (s statement) first() any {
	if len(s.args) == 0 {
		return nil
	}
	return s.args[0]
}

func (e explainer) explain(t *testing.T, sql string, args ...any) plan {
	t.Helper()
	var text []byte
	args = append([]any{pgx.QueryExecModeDescribeExec}, args...)
	if err := e.conn.QueryRow(t.Context(), "EXPLAIN (FORMAT JSON) "+sql, args...).Scan(&text); err != nil {
		t.Fatalf("%v\n%s", err, sql)
	}
	var explained []struct{ Plan plan }
	if err := json.Unmarshal(text, &explained); err != nil || len(explained) != 1 {
		t.Fatal(fmt.Errorf("%w\n%s", err, text))
	}
	return explained[0].Plan
}

// plan is a node of a plan with those below it.
type plan struct {
	Type      string `json:"Node Type"`
	Relation  string `json:"Relation Name"`
	Index     string `json:"Index Name"`
	Condition string `json:"Index Cond"` // what is looked up in the index
	Plans     []plan
}

// eventsIndex holds nothing but what the calendar shows.
const eventsIndex = "printed_items_events"

// scanned returns the tables that are read from end to end: as they lie, or in
// the order of an index in which nothing is looked up.
func (p plan) scanned() []string {
	var tables []string
	through := strings.HasPrefix(p.Type, "Index") && p.Condition == "" && p.Index != eventsIndex
	if strings.HasSuffix(p.Type, "Seq Scan") || through {
		tables = append(tables, p.Relation)
	}
	for _, below := range p.Plans {
		tables = append(tables, below.scanned()...)
	}
	return tables
}
