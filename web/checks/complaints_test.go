package checks

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// complaints collects what the browser says against a page while it is open:
// violations of its content security policy, errors on the console, exceptions,
// and requests that failed. The page's own answer is not one: a page that says
// "not found" is meant to come with 404.
type complaints struct {
	page string // the page's address

	mu    sync.Mutex
	lines []string
	asked map[network.RequestID]string // addresses of requests under way
}

// hear takes one event of the tab. The browser waits for it, so it only notes.
func (c *complaints) hear(event any) {
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			c.add("%s: %s", e.Entry.Source, e.Entry.Text)
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError && len(e.Args) > 0 {
			c.add("console: %s%s", e.Args[0].Value, e.Args[0].Description)
		}
	case *runtime.EventExceptionThrown:
		c.add("exception: %s", (&chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails}).Error())
	case *network.EventRequestWillBeSent:
		c.ask(e.RequestID, e.Request.URL)
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 && e.Response.URL != c.page {
			c.add("request: %s answered %d", e.Response.URL, e.Response.Status)
		}
	case *network.EventLoadingFailed:
		c.failed(e)
	}
}

// ask remembers the address of a request: the event of its failure lacks it.
func (c *complaints) ask(id network.RequestID, address string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asked == nil {
		c.asked = map[network.RequestID]string{}
	}
	c.asked[id] = address
}

// failed notes a request that got no answer, unless the page itself dropped it.
func (c *complaints) failed(e *network.EventLoadingFailed) {
	if e.Canceled {
		return
	}
	c.mu.Lock()
	address := c.asked[e.RequestID]
	c.mu.Unlock()
	c.add("request: %s failed: %s", address, e.ErrorText)
}

func (c *complaints) add(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lines = append(c.lines, fmt.Sprintf(format, args...))
}

// forget drops what holds one of some texts: it was provoked.
func (c *complaints) forget(texts ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lines = slices.DeleteFunc(c.lines, func(line string) bool {
		return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(line, text) })
	})
}

// all returns what was heard so far, a line each, in order.
func (c *complaints) all() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.lines)
}
