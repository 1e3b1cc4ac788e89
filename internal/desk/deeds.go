package desk

import (
	"regexp"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// deed is a line of the audit as it is shown.
type deed struct {
	postgres.Deed
	When moment
}

// pastTense is how the deeds of the audit go on after a person's name. One that
// is not here stands as it was recorded.
var pastTense = map[string]string{
	"submit item": "sent in", "edit item": "edited", "move item": "moved", "decline item": "declined", "hold item": "held",
	"restore item": "returned to the inbox", "merge items": "merged",
	"create issue": "started", "edit issue": "edited the words of", "discard issue": "discarded", "publish issue": "published",
	"schedule issue": "scheduled", "unschedule issue": "took back the schedule of", "hold back issue": "held back", "correct issue": "corrected", "correct item": "corrected", "correct heading": "corrected the heading", "add forgotten item": "added", "withdraw item": "withdrew",
	"withdraw issue": "withdrew", "reinstate issue": "reinstated",
	"redact words":      "took words out",
	"make preview link": "made a preview link of", "revoke preview link": "revoked the preview link of",
	"import issue": "imported issue", "import publication": "imported the publication", "restore order": "restored an order of",
	"add section": "added the section", "rename section": "changed the section", "move section": "moved the section",
	"remove section": "removed the section", "give section": "gave the section", "mark section": "marked the section",
	"write blue note": "wrote a blue note on", "finish blue note": "finished a blue note on", "open blue note": "opened a blue note again on",
	"add redirect": "added the old address", "remove redirect": "removed the old address", "change redirect": "changed the old address",
	"set webhook": "set the webhook to", "replace webhook secret": "made a new secret for the webhook", "remove webhook": "removed the webhook", "test webhook": "sent a test to the webhook",
	"try job again": "had tried again:", "leave job undone": "left undone:",
	"change settings": "changed the settings of", "change default sections": "changed the default sections of",
	"change their name": "changed their name", "set their password": "set their password", "make a sign-in link": "made a sign-in link for",
	"set up the newsletter": "set up the newsletter", "sign in by a one-time link": "signed in by a one-time link",
	"disable": "disabled", "enable": "enabled",
}

// number finds the number by which an item is recorded, before its first words.
var number = regexp.MustCompile(`(^| into )[0-9]+: `)

// moments finds moments as the audit keeps them.
var moments = regexp.MustCompile(`[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z`)

// spelledOut writes a moment of the audit for people, in UTC: a line of the audit
// is the same for all.
func spelledOut(kept string) string {
	at, err := time.Parse(time.RFC3339, kept)
	if err != nil {
		return kept
	}
	return page.LongDay(newsletter.DateOf(at)) + at.Format(", 15:04 UTC")
}

// What says what was done, as it goes on after the name of who did it.
func (d deed) What() string {
	verb, known := pastTense[d.Action]
	if rest, added := strings.CutPrefix(d.Action, "add "); added && !known {
		verb, known = "added as "+rest, true
	}
	if !known {
		verb = d.Action + ":"
	}
	object := d.Object
	if !strings.HasSuffix(d.Action, " issue") { // its number is what people call it by
		object = number.ReplaceAllString(object, "$1")
	}
	object = moments.ReplaceAllStringFunc(object, spelledOut)
	return strings.TrimSuffix(strings.TrimSpace(verb+" "+object), ":")
}
