package checks

import (
	"net/http"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
)

// mirroredStates are the pages of a publication in Arabic: laid out from the
// right, with words from the left among them.
var mirroredStates = map[string][]state{
	"/":       {{name: "home mirrored", path: "/"}},
	"/latest": {{name: "latest mirrored", path: "/latest", status: http.StatusFound}},
	"/archive": {
		{name: "archive mirrored", path: "/archive"},
		{name: "not found mirrored", path: "/nowhere", status: http.StatusNotFound},
	},
	"/issues/{number:[0-9]+}": {{name: "issue mirrored", path: "/issues/100"}},
	"/sections/{slug}":        {{name: "section mirrored", path: "/sections/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1"}},
	"/sites/{site}":           {{name: "site mirrored", path: "/sites/harbour.example"}},
	"/search":                 {{name: "search found mirrored", path: "/search?q=%D8%A7%D9%84%D9%85%D9%8A%D9%86%D8%A7%D8%A1"}},
	"/follow":                 {{name: "follow mirrored", path: "/follow"}},
	"/about":                  {{name: "about mirrored", path: "/about"}},
}

func TestMirrored(t *testing.T) {
	publication := newslettertest.Publication()
	publication.Name, publication.Tagline, publication.Description = "رسالة الميناء", "قوارب صغيرة وأخبار بطيئة", "روابط لمن يحب القوارب."
	publication.Language, publication.TimeZone = "ar", "Africa/Cairo"
	publication.About, publication.AboutHTML = "تُكتب في **بيت القوارب**.", "<p>تُكتب في <strong>بيت القوارب</strong>.</p>\n"
	publication.Closing, publication.ClosingHTML = "إلى الأحد.", "<p>إلى الأحد.</p>\n"
	publication.Sections = append(publication.Sections, newsletter.StandingSection{Title: "أخبار", Kind: newsletter.KindLinks})
	issue := writings(101)
	issue.Sections[0].Of = "أخبار"
	walk(t, startImported(t, export(t, publication, newslettertest.Issue(100), issue)), mirroredStates)
}

// writings returns an issue whose words run from the right, from the left
// without spaces, and both ways in one line.
func writings(number int) newsletter.Issue {
	issue := newslettertest.Issue(number)
	issue.Summary, issue.Intro = "ضباب طوال الأسبوع", "ضباب طوال الأسبوع، و*105* رسائل من الميناء. كتب إلينا ثلاثة قراء من Bergen هذا الأسبوع.\n\nMore on Sunday.\n\n*ליאור, חיפה*"
	issue.Corrections[0].Sentence = "النوارس كانت خرشنات (Sterna paradisaea)."
	issue.Sections[0] = section("أخبار",
		newsletter.Item{Title: "קריאה ראשונה: מה למדנו מ-10 שנים של PostgreSQL", Note: "ספינה קטנה עוגנת בנמל הישן, 12 מטר אורכה.\n\n- ראשית, קשירת חבלים\n- שנית, *tide tables*\n\n> מי שאינו ממהר מגיע.",
			Links: []newsletter.Link{{URL: "https://harbour.example/first/", Text: "היומן של המעבורת, על כל מה שקרה בלילה ההוא (חלק 2)"}, {URL: "https://harbour.example/%D7%A0%D7%9E%D7%9C/" + strings.Repeat("far/", 30)}}},
		newsletter.Item{Note: "قارب صغير في الميناء القديم، وصل في الساعة 7:30 من Bergen.\n\nThe same in English, for those at sea.", Links: []newsletter.Link{{URL: "https://harbour.example/second"}}},
		newsletter.Item{Title: "دليل المدّ والجزر", Note: "ملاحظة قصيرة.", Sponsored: true, PlaceName: "חיפה", EventOn: newsletter.Date{Year: 2026, Month: 6, Day: 12}},
	)
	issue.Sections[1] = section("お知らせ・港のニュース",
		newsletter.Item{Title: "港に小さな船が泊まっている。風が強いので出航は来週になるそうだ。", Note: strings.Repeat("船長は「急ぐ者は着かない」と言った。灯台守は毎朝カモメを数え、その数を日誌に書きとめる。", 3),
			Links: []newsletter.Link{{URL: "https://harbour.example/third", Text: strings.Repeat("灯台守の日誌、", 8)}}},
		newsletter.Item{Note: "海边的小船停在旧港。今天有雾，明天出航。（见第二页。）", Links: []newsletter.Link{{URL: "https://harbour.example/港/日誌"}}},
		newsletter.Item{Note: "항구에 작은 배가 정박해 있다. 바람이 강해서 출항은 다음 주가 될 것이다.", Links: []newsletter.Link{{URL: "https://harbour.example/fifth"}}},
		newsletter.Item{Note: "เรือลำเล็กจอดอยู่ที่ท่าเรือเก่าลมแรงมากดังนั้นการออกเดินทางจะเป็นสัปดาห์หน้าตามที่นายท้ายบอกไว้เมื่อเช้านี้", Links: []newsletter.Link{{URL: "https://harbour.example/sixth"}}},
	)
	for s, place := 0, 10; s < 2; s++ {
		for i := range issue.Sections[s].Items {
			issue.Sections[s].Items[i].Place, issue.Sections[s].Items[i].State = place, newsletter.Placed
			place++
		}
	}
	return issue
}

func section(title string, items ...newsletter.Item) newsletter.Section {
	return newsletter.Section{Title: title, Kind: newsletter.KindLinks, Items: items}
}
