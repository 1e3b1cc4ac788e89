package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"
)

// reader looks at what every instance serves.
type reader struct {
	plan    *plan
	fleet   *fleet
	random  *rand.Rand
	seen    [instances]map[int]bool // issues that were out at a ship
	answers int
}

// feeds are the feeds, each with what names an entry in it.
var feeds = map[string]*regexp.Regexp{
	"/feed.xml":  regexp.MustCompile(`<guid[^>]*>tag:[^<]*:(\d+)</guid>`),
	"/atom.xml":  regexp.MustCompile(`<id>tag:[^<]*:(\d+)</id>`),
	"/feed.json": regexp.MustCompile(`"id": *"tag:[^"]*:(\d+)"`),
}

// read looks at one page after the other, until ctx ends.
func (r *reader) read(ctx context.Context, t *testing.T) {
	pages := slices.Concat([]string{"/", "/archive", "an issue", "an issue", "an issue"}, slices.Collect(maps.Keys(feeds)))
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		ship, page := r.random.IntN(instances), pages[r.random.IntN(len(pages))]
		if page == "an issue" {
			r.issue(t, ship, r.plan.order[r.random.IntN(len(r.plan.order))])
		} else {
			r.page(t, ship, page)
		}
	}
}

// readAll holds, when everything is out, that every ship soon has all of it, and
// has each issue whole.
func (r *reader) readAll(t *testing.T) {
	for ship := range r.fleet.ships {
		eventually(t, "the archive has every issue", func() bool {
			r.page(t, ship, "/archive")
			return len(r.seen[ship]) == len(r.plan.order)
		})
		for path := range feeds {
			if len(r.page(t, ship, path)) == 0 {
				t.Errorf("%s of %d has no entries", path, ship)
			}
		}
		for _, number := range r.plan.order {
			r.issue(t, ship, number)
		}
	}
}

// page looks at one of the pages with several issues, and returns those that it
// lists.
func (r *reader) page(t *testing.T, ship int, path string) (listed map[int]bool) {
	status, body := r.get(ship, path)
	if status == 0 {
		return nil
	}
	if status != http.StatusOK {
		t.Errorf("%s of %d is answered with %d", path, ship, status)
	}
	r.whole(t, path, body)
	if pattern := feeds[path]; pattern != nil {
		return numbers(t, path, body, pattern)
	}
	if path != "/archive" {
		return nil
	}
	listed = numbers(t, path, body, archived)
	for number := range r.seen[ship] {
		if !listed[number] {
			t.Errorf("the archive of %d has lost %d", ship, number)
		}
	}
	r.seen[ship] = listed
	return listed
}

// archived is an issue in the archive.
var archived = regexp.MustCompile(`href="/issues/(\d+)"`)

// issue looks at the page of an issue.
func (r *reader) issue(t *testing.T, ship, number int) {
	path := fmt.Sprintf("/issues/%d", number)
	switch status, body := r.get(ship, path); {
	case status == 0:
	case status == http.StatusNotFound && !r.seen[ship][number]:
	case status != http.StatusOK:
		t.Errorf("%s of %d is answered with %d", path, ship, status)
	default:
		r.see(ship, number)
		if !r.whole(t, path, body)[number] {
			t.Errorf("%s of %d has no items", path, ship)
		}
		if marks := numbers(t, path, body, marked); len(marks) != r.plan.items[number] {
			t.Errorf("%s of %d has %d marks, want %d", path, ship, len(marks), r.plan.items[number])
		}
	}
}

// marked is an item on the page of an issue.
var marked = regexp.MustCompile(` id="(\d+)"`)

func (r *reader) see(ship, number int) {
	if r.seen[ship] == nil {
		r.seen[ship] = map[int]bool{}
	}
	r.seen[ship][number] = true
}

// printed is an item's note.
var printed = regexp.MustCompile(`Note (\d+) of issue (\d+)\.`)

// whole holds that of each issue on a page all items are there, and returns
// which issues those are.
func (r *reader) whole(t *testing.T, path, body string) map[int]bool {
	there := map[int]map[string]bool{}
	for _, found := range printed.FindAllStringSubmatch(body, -1) {
		number, _ := strconv.Atoi(found[2])
		if there[number] == nil {
			there[number] = map[string]bool{}
		}
		there[number][found[1]] = true
	}
	issues := map[int]bool{}
	for number, places := range there {
		issues[number] = true
		if len(places) != r.plan.items[number] {
			t.Errorf("%s has %d of the %d items of %d", path, len(places), r.plan.items[number], number)
		}
	}
	return issues
}

// numbers returns what a pattern finds on a page, each of which may be there
// once.
func numbers(t *testing.T, path, body string, pattern *regexp.Regexp) map[int]bool {
	there := map[int]bool{}
	for _, found := range pattern.FindAllStringSubmatch(body, -1) {
		number, _ := strconv.Atoi(found[1])
		if there[number] {
			t.Errorf("%s has %d twice", path, number)
		}
		there[number] = true
	}
	return there
}

// get asks a ship for a page. The status is 0 when the ship went down before it
// had answered.
func (r *reader) get(ship int, path string) (status int, body string) {
	address := r.fleet.ships[ship].address.Load()
	if address == nil {
		return 0, ""
	}
	response, err := http.Get(*address + path)
	if err != nil {
		return 0, ""
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, ""
	}
	r.answers++
	return response.StatusCode, string(text)
}
