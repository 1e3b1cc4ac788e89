package desk

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
)

func TestRedirectsPage(t *testing.T) {
	fits(t, redirectsPage)
	w := newWorld(t, newslettertest.Issue(139), newslettertest.Issue(140))
	w.get(w.osman, address.Redirects).is(200, "There is none")
	w.post(w.osman, address.Redirects, form("from", "https://old.example/2013/09/issue-139.html?x=1", "to", "https://letter.example/issues/139")).leads("/desk/redirects?done=added")
	w.get(w.osman, "/desk/redirects?done=added").is(200, "The old address leads there now", "<code>/2013/09/issue-139.html?x=1</code>", `<a href="/issues/139">/issues/139</a>`)
	for _, test := range []struct{ from, to, says string }{
		{"/2013/09/issue-139.html?x=1", "/issues/140", "Old address leads to /issues/139 already; change that redirect instead"},
		{"/a", "/a?b=1", "Leads to leads in a circle"},
		{"", "/issues/139", "Old address is not an address of this site"},
		{"/", "/issues/139", "Old address is an address of today"},
		{"https://letter.example/archive", "/issues/139", "Old address is an address of today"},
		{"/issues/140", "/issues/139", "Old address is an address of today"},
		{"/?p=139", "/issues/139", "Old address is an address of today"},
		{"/desk/inbox", "/issues/139", "Old address is an address of today"},
		{"/x", "https://evil.example/", "Leads to is an address of another site"},
		{"/x", "https://evil.example", "Leads to is an address of another site"},
		{"/x", "https://letter.example@evil.example/", "Leads to is an address of another site"},
		{"/x", "https://letter.example.evil.example?/", "Leads to is an address of another site"},
		{"/x", "/issues/7", "Leads to is no page that readers find here"},
		{"/x", "/desk", "Leads to is no page that readers find here"},
		{"/x", "/archive/1999", "Leads to is no page that readers find here"},
		{"/x", "/139.99", "Leads to is no page that readers find here"},
		{"/x", "//elsewhere.example/", "Leads to is not an address of this site"},
		{"/x\x00", "/issues/1", "Old address holds characters that cannot be shown"},
		{"/" + strings.Repeat("x", 3000), "/issues/139", "Old address has more than 2048 bytes"},
	} {
		w.post(w.osman, address.Redirects, form("from", test.from, "to", test.to)).is(422, "There is a problem", test.says)
	}
	for _, to := range []string{"/issues/139#2", "/", "/139.2", "/issues/140.txt", "/archive/2026", "/sections/news", "/2013/09/issue-139.html?x=1", "HTTPS://LETTER.example?q=x"} {
		w.post(w.osman, address.Redirects, form("from", "/good", "to", to)).leads("/desk/redirects?done=added")
		w.post(w.osman, address.Redirects+"/remove", form("from", "/good")).leads("/desk/redirects?done=removed")
	}
	w.postKept(w.osman, address.Redirects, form("from", "/kept", "to", "/issues/139")).is(200, `value="/kept"`).lacks("<code>/kept")
	w.post(w.osman, address.Redirects+"/remove", form("from", "/2013/09/issue-139.html?x=1")).leads("/desk/redirects?done=removed")
	w.get(w.osman, "/desk/redirects").is(200, "There is none")
	w.post(w.osman, address.Redirects+"/remove", form("from", "/never")).leads("/desk/redirects?done=removed")
	deeds, err := w.store.Deeds(t.Context(), 1)
	must(t, err)
	if deeds[0].Action != "remove redirect" || deeds[1].Action != "remove redirect" || deeds[2].Action != "add redirect" || deeds[2].Object != "/good to /?q=x" {
		t.Errorf("the audit says %+v", deeds[:3])
	}
}

func TestRedirectIsChanged(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139), newslettertest.Issue(140))
	for _, from := range []string{"/old/ä?c=d", "/other"} {
		w.post(w.osman, address.Redirects, form("from", from, "to", "/issues/139")).leads("/desk/redirects?done=added")
	}
	const was = "/old/%C3%A4?c=d"
	change := "/desk/redirects?change=" + url.QueryEscape(was)
	w.get(w.osman, address.Redirects).is(200, "/desk/redirects?change=%2fold%2f%25C3%25A4%3fc%3dd")
	w.get(w.osman, change).is(200, `name="was" value="`+was+`"`, `value="/issues/139"`, "Change the old address", "Leave it as it is")
	w.get(w.osman, "/desk/redirects?change=/never").is(404)
	w.post(w.osman, address.Redirects, form("was", was, "from", "/other", "to", "/issues/140")).is(422, "leads to /issues/139 already", `name="was" value="`+was+`"`)
	w.post(w.osman, address.Redirects, form("was", was, "from", was, "to", "/issues/7")).is(422, "is no page that readers find here")
	w.post(w.osman, address.Redirects, form("was", was, "from", was, "to", "/issues/140")).leads("/desk/redirects?done=changed")
	w.post(w.osman, address.Redirects, form("was", was, "from", "/new", "to", "/issues/140")).leads("/desk/redirects?done=changed")
	w.get(w.osman, "/desk/redirects?done=changed").is(200, "The old address is changed", "<code>/new</code>", `<a href="/issues/140">`).lacks("<code>/old")
	w.post(w.osman, address.Redirects, form("was", was, "from", was, "to", "/issues/140")).is(422, "Old address has been removed by somebody else")
	deeds, err := w.store.Deeds(t.Context(), 1)
	must(t, err)
	if deeds[0].Action != "change redirect" || deeds[0].Object != was+" into /new to /issues/140" {
		t.Errorf("the audit says %+v", deeds[0])
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
