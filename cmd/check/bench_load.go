package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// question is a request, what its answer must be like, and how the last stint
// of asking it went.
type question struct {
	request []byte
	status  int
	size    int // of the answer's body, in bytes, or anySize
	score
}

// anySize is the size of what nobody knows beforehand.
const anySize = -1

// ask returns the question for a target as a browser asks it that has the page
// of a tag, or of none.
func ask(target, tag string, status, size int) question {
	lines := []string{
		"GET " + target + " HTTP/1.1", "Host: weekly.example", "User-Agent: check", "Accept: text/html,*/*;q=0.8",
		"Accept-Language: en", "Accept-Encoding: gzip, deflate, br", "Sec-Fetch-Site: none",
	}
	if tag != "" {
		lines = append(lines, "If-None-Match: "+tag)
	}
	return question{request: []byte(strings.Join(lines, "\r\n") + "\r\n\r\n"), status: status, size: size}
}

// score is what a server did in a stint.
type score struct {
	requests int
	took     time.Duration
	cpu      time.Duration // of the server
}

func (s score) perSecond() float64 { return float64(s.requests) / s.took.Seconds() }

// cpuEach returns the server's microseconds of CPU for a request.
func (s score) cpuEach() float64 { return float64(s.cpu.Microseconds()) / float64(s.requests) }

// stint asks a server the question over and over on all connections.
func (c *child) stint(ctx context.Context, q question) (score, error) {
	began, used := time.Now(), c.cpu()
	counts := make([]int, clients)
	group, ctx := errgroup.WithContext(ctx)
	for i := range counts {
		group.Go(func() (err error) {
			counts[i], err = q.repeat(ctx, c.address, began.Add(stint))
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return score{}, err
	}
	s := score{took: time.Since(began), cpu: c.cpu() - used}
	for _, n := range counts {
		s.requests += n
	}
	return s, nil
}

// repeat asks on one connection until the time has come, and returns how often
// it was answered.
func (q question) repeat(ctx context.Context, address string, until time.Time) (int, error) {
	l, err := dial(ctx, address)
	if err != nil {
		return 0, err
	}
	defer l.Close()
	if err := l.SetDeadline(until.Add(patience)); err != nil {
		return 0, err
	}
	n := 0
	for ; n < maxCount/clients && time.Now().Before(until) && ctx.Err() == nil; n++ {
		if err := l.ask(q); err != nil {
			return n, err
		}
	}
	return n, ctx.Err()
}

// line is a connection to a server. It is a client that costs as little as can be,
// as it runs beside the server that is measured.
type line struct {
	net.Conn
	answers *bufio.Reader
}

func dial(ctx context.Context, address string) (line, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	return line{conn, bufio.NewReaderSize(conn, 64<<10)}, err
}

// ask asks the question, and holds the answer to what it must be like.
func (l line) ask(q question) error {
	if _, err := l.Write(q.request); err != nil {
		return err
	}
	status, size, compressed := 0, 0, false
	for {
		header, err := l.answers.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(header) <= len("\r\n") {
			break
		}
		if value, found := bytes.CutPrefix(header, []byte("Content-Length: ")); found {
			size, _ = strconv.Atoi(string(bytes.TrimSpace(value)))
		} else if value, found := bytes.CutPrefix(header, []byte("HTTP/1.1 ")); found {
			status, _ = strconv.Atoi(string(value[:min(len(value), 3)]))
		} else if bytes.Equal(header, []byte("Content-Encoding: br\r\n")) {
			compressed = true
		}
	}
	if status != q.status || q.size != anySize && size != q.size || status == http.StatusOK && !compressed {
		return fmt.Errorf("an answer has status %d and %d bytes, not %d and %d, or is not compressed", status, size, q.status, q.size)
	}
	_, err := l.answers.Discard(size)
	return err
}

// fetch gets a page as a server gives it to a browser.
func fetch(address, target string) (kept, error) {
	r, err := http.NewRequest(http.MethodGet, "http://"+address+target, nil)
	if err != nil {
		return kept{}, err
	}
	r.Header.Set("Accept-Encoding", "gzip, deflate, br")
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return kept{}, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return kept{}, err
	}
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Encoding") != "br" {
		return kept{}, fmt.Errorf("%s is answered with %s, or not compressed", target, answer.Status)
	}
	return kept{answer.Header.Get("Content-Type"), answer.Header.Get("Etag"), body}, nil
}
