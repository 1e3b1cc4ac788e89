package canonical

import "strings"

// trackers are the query parameters that only say how a reader came to a page.
// Only names that mean nothing else anywhere: "ref", "source" and "cmp" choose
// what some sites show and stay. The lists of Firefox ("Query Parameter
// Stripping" in its source documentation) and Brave (brave-core,
// components/query_filter) are the source, with what the senders themselves
// document for campaign links.
var trackers = set(
	"gclid gclsrc dclid gbraid wbraid srsltid _ga _gl", // Google Ads and Analytics
	"fbclid igshid igsh",                       // Facebook, Instagram
	"msclkid", "twclid", "ttclid", "li_fat_id", // Microsoft, X, TikTok, LinkedIn
	"yclid ysclid _openstat", // Yandex
	"mc_cid mc_eid",          // Mailchimp
	"_hsenc _hsmi __hssc __hstc __hsfp hsctatracking", // HubSpot
	"mkt_tok",                          // Adobe Marketo
	"ck_subscriber_id",                 // Kit
	"ml_subscriber ml_subscriber_hash", // MailerLite
	"vero_id vero_conv",                // Vero
	"oly_anon_id oly_enc_id",           // Omeda Olytics
	"wt_mc wt_zmc",                     // Mapp (Webtrekk)
	"wickedid", "rb_clickid", "__s",    // Wicked Reports, Roistat, Drip
)

// campaign begins the parameters of Google Analytics campaigns, which other
// programs took over with endings of their own.
const campaign = "utm_"

// tracking reports whether a query parameter of this name only tracks readers.
// Names are compared without regard to case.
func tracking(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, campaign) || trackers[name]
}

func set(lines ...string) map[string]bool {
	names := map[string]bool{}
	for _, line := range lines {
		for name := range strings.FieldsSeq(line) {
			names[name] = true
		}
	}
	return names
}
