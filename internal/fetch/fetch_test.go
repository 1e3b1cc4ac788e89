package fetch

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func TestPublicAddresses(t *testing.T) {
	for ip, want := range map[string]bool{
		"9.9.9.9": true, "2620:fe::9": true, "::ffff:9.9.9.9": true, "100.63.0.1": true, "172.32.0.1": true,
		"127.0.0.1": false, "127.9.9.9": false, "0.0.0.0": false, "0.1.2.3": false, "10.1.2.3": false, "172.16.0.1": false,
		"192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "192.0.0.8": false, "192.0.2.1": false, "198.18.0.1": false,
		"198.51.100.1": false, "203.0.113.1": false, "224.0.0.1": false, "240.0.0.1": false, "255.255.255.255": false,
		"::": false, "::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "fe80::1": false, "fe80::1%eth0": false, "fd00::1": false, "fec0::1": false,
		"ff02::1": false, "64:ff9b::7f00:1": false, "2001::1": false, "2001:db8::1": false, "2002:7f00:1::": false,
	} {
		if got := public(netip.MustParseAddr(ip)); got != want {
			t.Errorf("%s is public: %v", ip, got)
		}
	}
}

func TestPost(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Method != http.MethodPost || string(body) != `{}` || r.Header.Get("Content-Type") != "application/json" || r.Header.Get("Webhook-Id") != "msg_1" {
			t.Errorf("%s %v %q", r.Method, r.Header, body)
		}
		_, _ = io.CopyN(w, endless{}, 1<<30) // more than anybody wants to read
	}))
	t.Cleanup(server.Close)
	status, err := New(true).Post(t.Context(), server.URL, map[string]string{"webhook-id": "msg_1"}, []byte(`{}`))
	if err != nil || status.String() != "200 OK" {
		t.Errorf("%s (%v)", status, err)
	}
}

// endless is an answer that goes on.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestPrivateAddressesAreNotConnectedTo(t *testing.T) {
	asked := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	t.Cleanup(server.Close)
	byName := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	for _, to := range []string{server.URL, byName, "http://[::1]:9/", "http://169.254.169.254/latest"} {
		_, err := New(false).Post(t.Context(), to, nil, nil)
		if err == nil || !strings.Contains(err.Error(), "which is not a public address. Nothing was sent.") {
			t.Errorf("%s: %v", to, err)
		}
	}
	if asked {
		t.Error("it was asked")
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	followed := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed = true }))
	t.Cleanup(elsewhere.Close)
	server := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	t.Cleanup(server.Close)
	status, err := New(true).Post(t.Context(), server.URL, nil, nil)
	if err != nil || status != http.StatusTemporaryRedirect || followed {
		t.Errorf("%s, followed: %v (%v)", status, followed, err)
	}
}

// TestWhyNobodyAnswered holds that the words are plain, and hold no more of the
// address than its host.
func TestWhyNobodyAnswered(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	untrusted := httptest.NewTLSServer(nil)
	t.Cleanup(untrusted.Close)
	rude := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }))
	t.Cleanup(rude.Close)
	for to, want := range map[string]string{
		closed.URL + "/SECRET":           "Nothing listens at 127.0.0.1.",
		untrusted.URL + "/SECRET":        "The certificate of 127.0.0.1 is not valid for it.",
		rude.URL + "/SECRET":             "127.0.0.1 could not be reached, or did not answer as a web server does.",
		"https://nowhere.invalid/SECRET": "The name nowhere.invalid is not found.",
		"http://%zz/SECRET":              "The address cannot be read; give another.",
	} {
		if _, err := New(true).Post(t.Context(), to, nil, nil); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", to, err, want)
		}
	}
}
