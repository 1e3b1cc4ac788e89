package password

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Length of a password in characters. NIST SP 800-63B asks for 8 at least and
// for long ones to be taken; 10 keeps the shortest from being guessed within
// the limits of the sign-in.
const (
	MinLength = 10
	MaxLength = 256
)

// common are the first passwords anybody tries, of those that are long enough.
var common = []string{
	"0123456789", "1234567890", "12345678910", "123456789a", "0987654321", "1q2w3e4r5t", "1q2w3e4r5t6y", "1qaz2wsx3edc",
	"abcdefghij", "administrator", "changeme123", "correcthorsebatterystaple", "football123", "iloveyou123", "letmein123",
	"letmeinplease", "passw0rd123", "password01", "password12", "password123", "password1234", "password12345",
	"passwordpassword", "princess123", "qwerty12345", "qwerty123456", "qwertyuiop", "qwertyuiop123", "sunshine123",
	"welcome123", "welcome1234", "zaq12wsxcde3",
}

// Complaint says what is wrong with a new password, as it continues the word
// "Password", or "". about is what others know of the person: name and mail
// address.
func Complaint(password string, about ...string) string {
	switch n := utf8.RuneCountInString(password); {
	case n < MinLength:
		return fmt.Sprintf("is too short; give at least %d characters", MinLength)
	case n > MaxLength:
		return fmt.Sprintf("is too long; give at most %d characters", MaxLength)
	}
	lower := strings.ToLower(password)
	first, _ := utf8.DecodeRuneInString(lower)
	if slices.Contains(common, lower) || strings.Trim(lower, string(first)) == "" {
		return "is one of the first that anybody tries; think of another, such as four words that do not belong together"
	}
	for _, word := range knownWords(about) {
		lower = strings.ReplaceAll(lower, word, "")
	}
	if utf8.RuneCountInString(lower) < MinLength/2 {
		return "is little more than your name or address; think of another"
	}
	return ""
}

// knownWords returns the words of a name and a mail address, the longest first.
func knownWords(about []string) []string {
	var words []string
	for _, known := range about {
		known = strings.ToLower(known)
		local, domain, _ := strings.Cut(known, "@")
		words = append(words, known, domain)
		words = append(words, strings.Fields(local)...)
	}
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	return words
}
