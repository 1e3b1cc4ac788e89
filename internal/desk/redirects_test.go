package desk

import (
	"fmt"
	"strings"
	"testing"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

func TestRedirectsPage(t *testing.T) {
	fits(t, redirectsPage)
	w := newWorld(t)
	w.get(w.osman, address.Redirects).is(200, "There is none")
	w.post(w.osman, address.Redirects, form("from", "https://old.example/2013/09/issue-139.html?x=1", "to", "https://letter.example/issues/139")).leads("/desk/redirects?done=added")
	w.get(w.osman, "/desk/redirects?done=added").is(200, "The old address leads there now", "<code>/2013/09/issue-139.html?x=1</code>", `<a href="/issues/139">/issues/139</a>`)
	for _, test := range []struct{ from, to, says string }{
		{"/2013/09/issue-139.html?x=1", "/issues/140", "Old address leads to /issues/139 already; remove that redirect first"},
		{"/issues/139", "/2013/09/issue-139.html?x=1", "Leads to leads in a circle"},
		{"", "/issues/1", "Old address is not an address of this site"},
		{"/x", "//elsewhere.example/", "Leads to is not an address of this site"},
		{"/x\x00", "/issues/1", "Old address holds characters that cannot be shown"},
		{"/" + strings.Repeat("x", 3000), "/issues/1", "Old address has more than 2048 bytes"},
	} {
		w.post(w.osman, address.Redirects, form("from", test.from, "to", test.to)).is(422, "There is a problem", test.says)
	}
	w.postKept(w.osman, address.Redirects, form("from", "/kept", "to", "/issues/1")).is(200, `value="/kept"`).lacks("<code>/kept")
	w.post(w.osman, address.Redirects+"/remove", form("from", "/2013/09/issue-139.html?x=1")).leads("/desk/redirects?done=removed")
	w.get(w.osman, "/desk/redirects").is(200, "There is none")
	w.post(w.osman, address.Redirects+"/remove", form("from", "/never")).leads("/desk/redirects?done=removed")
	deeds, err := w.store.Deeds(t.Context(), 1)
	must(t, err)
	if deeds[0].Action != "remove redirect" || deeds[1].Action != "add redirect" || deeds[1].Object != "/2013/09/issue-139.html?x=1 to /issues/139" {
		t.Errorf("the audit says %+v", deeds[:2])
	}
}

func TestRedirectsAreFoundByAPartOfThem(t *testing.T) {
	w := newWorld(t)
	for i := range redirectsShown + 5 {
		_, err := w.store.AddRedirect(t.Context(), newsletter.Redirect{From: fmt.Sprintf("/old/%03d", i), To: fmt.Sprintf("/issues/%d", i+1)})
		must(t, err)
	}
	w.get(w.osman, "/desk/redirects").is(200, "/old/000", "/old/099", "And five redirects more").lacks("/old/100")
	w.get(w.osman, "/desk/redirects?q=old/104").is(200, "/old/104", `value="old/104"`).lacks("/old/000", "more;")
	w.get(w.osman, "/desk/redirects?q=nothing").is(200, "No old address has “nothing” in it")
}
