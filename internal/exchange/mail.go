package exchange

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"strings"

	"time"
)

// mailHeader is a line that only a mail's headers have (RFC 5322), at the start
// of a file or after other header lines.
var mailHeader = regexp.MustCompile(`(?i)\A(?:From [^\n]*\n)?(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:subject|from|received|message-id|mime-version):`)

// isMail reports whether a file begins with the headers of a mail.
func isMail(head []byte) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, byteOrderMark), "\r\n")
	return mailHeader.Match(head[:min(len(head), detectSize)])
}

// openMail is open for a mail: the text form after RFC 5322 headers. The mail's
// time is the issue's.
func (d *draft) openMail(data []byte) ([]line, error) {
	data = bytes.TrimLeft(bytes.TrimPrefix(data, byteOrderMark), "\r\n")
	if bytes.HasPrefix(data, []byte("From ")) { // the separator of a mail box, RFC 4155
		_, data, _ = bytes.Cut(data, []byte("\n"))
	}
	message, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return nil, errors.New("the mail's headers cannot be read; save the mail again, whole and as text")
	}
	text, err := mailText(message.Header, message.Body, 0)
	if err != nil {
		return nil, err
	}
	d.inMail = true
	lines, err := d.splitLines(text)
	if err != nil {
		return nil, err
	}
	d.warnCut(lines)

	subject := parseMasthead(decoded(message.Header.Get("Subject")))
	head, rest, ok := letterhead(lines)
	found := parseMasthead(head.text)
	if !ok {
		found = subject
	}
	if subject.number > 0 && subject.number != found.number {
		d.warn(head.no, "the subject says %d; the issue is %d", subject.number, found.number)
	}
	date, err := mailDate(message.Header)
	if err != nil {
		return nil, err
	}
	return rest, d.identify(head.no, found, line{head.no, date})
}

// header is what tells how a part of a mail is written down.
type header interface{ Get(string) string }

// maxNested is how deep the parts of a mail are looked for in each other, and
// maxParts how many of each level. A letter has its text in the second part of
// the second level at most.
const (
	maxNested = 4
	maxParts  = 20
)

// mailText returns the text of a mail, or of the first part of it that is plain
// text. A mail that does not say how it is written is quoted-printable.
func mailText(h header, body io.Reader, nested int) ([]byte, error) {
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		kind, params = "text/plain", nil
	}
	switch charset := strings.ToLower(params["charset"]); {
	case strings.HasPrefix(kind, "multipart/") && nested < maxNested:
		return firstPlain(multipart.NewReader(body, params["boundary"]), nested+1)
	case kind != "text/plain":
		return nil, fmt.Errorf("the mail has no plain text, only %s; save its text instead", clip(kind))
	case charset != "" && charset != "utf-8" && charset != "us-ascii":
		return nil, fmt.Errorf("the mail's text is written in %s; save it as UTF-8", clip(charset))
	}
	raw, err := io.ReadAll(body)
	if err != nil {
		return nil, errCutMail
	}
	text, err := io.ReadAll(decoder(h.Get("Content-Transfer-Encoding"), raw))
	if err != nil {
		return nil, errCutMail
	}
	return text, nil
}

var errCutMail = errors.New("the mail's text breaks off or is damaged in the middle of its encoding; save the mail again, whole")

// decoder undoes the encoding of a mail's text.
func decoder(encoding string, raw []byte) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "7bit", "8bit", "binary":
		return bytes.NewReader(raw)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, bytes.NewReader(raw))
	}
	// In a buffer as large as the text, lines may have any length.
	return quotedprintable.NewReader(bufio.NewReaderSize(bytes.NewReader(raw), len(raw)+1))
}

func firstPlain(parts *multipart.Reader, nested int) ([]byte, error) {
	for range maxParts {
		part, err := parts.NextRawPart()
		if err != nil {
			break
		}
		text, err := mailText(part.Header, part, nested)
		if err == nil || errors.Is(err, errCutMail) {
			return text, err
		}
	}
	return nil, errors.New("the mail has no part that is plain text in UTF-8; save its text instead")
}

// mailDate returns a mail's date the way front matter has it, or "" if it has
// none.
func mailDate(h mail.Header) (string, error) {
	written := h.Get("Date")
	if written == "" {
		return "", nil
	}
	date, err := mail.ParseDate(written)
	if err != nil || !plausible(date) {
		return "", fmt.Errorf("the mail's date %q does not exist or cannot be read; write it like \"Sun, 1 Sep 2013 11:45:10 +0000\"", clip(written))
	}
	return date.Format(time.RFC3339), nil
}

// decoded returns a header's words, which may be encoded (RFC 2047).
func decoded(s string) string {
	words, err := new(mime.WordDecoder).DecodeHeader(s)
	if err != nil {
		return s
	}
	return words
}
