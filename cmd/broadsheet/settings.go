package main

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"

	"broadsheet/internal/address"
)

// webSettings are the settings of commands that serve.
type webSettings struct {
	Listen         string   `help:"Address and port to serve on; port 0 picks a free one." default:"127.0.0.1:8080" env:"BROADSHEET_LISTEN" placeholder:"HOST:PORT"`
	BaseURL        string   `name:"base-url" help:"The newsletter's public address, such as https://weekly.example. Default: the address it listens on." env:"BROADSHEET_BASE_URL" placeholder:"URL"`
	AccessLog      bool     `help:"Write a line for every public page served, too." env:"BROADSHEET_ACCESS_LOG"`
	TrustedProxies []string `help:"Networks of proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8." env:"BROADSHEET_TRUSTED_PROXIES" placeholder:"NET"`
	PrivateWebhook bool     `help:"Let the webhook be http:// and at an address that is not public, such as a chat of your own network. It always may while the newsletter's public address is on this machine." env:"BROADSHEET_PRIVATE_WEBHOOK"`
}

// private reports whether the webhook may be at an address that is not public:
// where that is wanted, and on the machine of somebody who tries the program out.
func (s webSettings) private(base address.Base) bool {
	host, err := netip.ParseAddrPort(base.Host())
	return s.PrivateWebhook || err == nil && host.Addr().IsLoopback()
}

// base returns the public address, made of the listener's where none is set.
func (s webSettings) base(listening net.Addr) (address.Base, error) {
	if s.BaseURL != "" {
		base, err := address.ParseBase(s.BaseURL)
		if err != nil {
			return "", wrongWords(err.Error())
		}
		return base, nil
	}
	host, port, _ := net.SplitHostPort(listening.String())
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return address.Base("http://" + net.JoinHostPort(host, port)), nil
}

// proxies checks the trusted networks.
func (s webSettings) proxies() ([]string, error) {
	for _, network := range s.TrustedProxies {
		if _, err := netip.ParsePrefix(network); err != nil {
			return nil, wrongWords(fmt.Sprintf("--trusted-proxies: %q is not a network such as 10.0.0.0/8", network))
		}
	}
	return s.TrustedProxies, nil
}

// logSettings are the settings of the log, which goes to stderr.
type logSettings struct {
	LogFormat string `help:"How the log is written: text or json." enum:"text,json" default:"text" env:"BROADSHEET_LOG_FORMAT"`
	LogLevel  string `help:"What the log holds: debug, info, warn or error, and everything worse. Default: info when serving, else warn." enum:",debug,info,warn,error" default:"" env:"BROADSHEET_LOG_LEVEL"`
}

// logger returns the log, at the usual level unless another is set.
func (s logSettings) logger(w io.Writer, usual slog.Level) *slog.Logger {
	level := usual
	if s.LogLevel != "" {
		_ = level.UnmarshalText([]byte(s.LogLevel)) // one of the flag's own words
	}
	options := &slog.HandlerOptions{Level: level}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
