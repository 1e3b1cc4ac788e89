// Package fetch asks other people's servers, and guards against being led by
// them: only public addresses are connected to, whatever a name resolves to, no
// redirect is followed, and an answer is read up to a limit.
package fetch

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

const (
	// timeout is how long a server may take from the look-up of its name to the
	// end of its answer. Standard Webhooks advises 15 to 30 s; a queue that
	// waits that long for one dead server is none.
	timeout = 10 * time.Second

	// maxAnswer is how much of an answer is read, in bytes. Nobody looks at it; it
	// is read so that servers are not cut off while they write.
	maxAnswer = 4 << 10
)

// Client asks other people's servers.
type Client struct{ http *http.Client }

// New returns a client. private lets it connect to any address, also to those of
// this machine and its network.
func New(private bool) *Client {
	dialer := &net.Dialer{Timeout: timeout}
	if !private {
		dialer.Control = refusePrivate
	}
	return &Client{&http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{ // without a proxy, which would connect for us to wherever
			DialContext:            dialer.DialContext,
			DisableKeepAlives:      true,
			MaxResponseHeaderBytes: 16 << 10,
			TLSHandshakeTimeout:    timeout,
		},
	}}
}

// notPublic is the error of connecting to what is not a public address.
type notPublic struct{ ip netip.Addr }

// Error names the address.
func (n *notPublic) Error() string { return n.ip.String() + " is not a public address" }

// refusePrivate is asked before each connection, after the look-up of its name.
func refusePrivate(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("read the address to connect to: %w", err)
	}
	if !public(to.Addr()) {
		return &notPublic{to.Addr()}
	}
	return nil
}

// Post sends JSON to an address, with headers besides, and returns the status of
// the answer. The words of its error are a sentence for people, and hold nothing
// of the address but its host.
func (c *Client) Post(ctx context.Context, to string, headers map[string]string, body []byte) (Status, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return 0, &unanswered{"", err}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Broadsheet")
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return 0, &unanswered{r.URL.Hostname(), err}
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, maxAnswer) // the status is the answer
	return Status(answer.StatusCode), nil
}

// Status is that of an answer.
type Status int

// String writes it as people know it: "500 Internal Server Error".
func (s Status) String() string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", int(s), http.StatusText(int(s))))
}

// unanswered is why a server did not answer.
type unanswered struct {
	host string
	err  error
}

// Error says it in a sentence.
func (u *unanswered) Error() string {
	if u.host == "" {
		return "The address cannot be read; give another."
	}
	if private, ok := errors.AsType[*notPublic](u.err); ok {
		return fmt.Sprintf("%s is at %s, which is not a public address. Nothing was sent.", u.host, private.ip)
	}
	if _, ok := errors.AsType[*net.DNSError](u.err); ok {
		return fmt.Sprintf("The name %s is not found.", u.host)
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](u.err); ok {
		return fmt.Sprintf("The certificate of %s is not valid for it.", u.host)
	}
	if errors.Is(u.err, syscall.ECONNREFUSED) {
		return fmt.Sprintf("Nothing listens at %s.", u.host)
	}
	if failed, ok := errors.AsType[*url.Error](u.err); ok && failed.Timeout() {
		return fmt.Sprintf("%s did not answer within %d seconds.", u.host, int(timeout.Seconds()))
	}
	return fmt.Sprintf("%s could not be reached, or did not answer as a web server does.", u.host)
}
