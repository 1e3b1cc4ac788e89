package desk

import (
	"net/http"
	"strconv"

	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// activityView is a page of what everybody did, newest first, and before it what
// the program does by itself.
type activityView struct {
	page.DeskFrame
	Jobs    []jobLine // background work that is not done; on the first page
	Deeds   []deed
	Earlier int // page with older deeds, or 0
	Later   int // page with newer ones, or 0
}

var activityPage = page.Define[activityView]("desk/activity.html")

// activity shows who did what, and what background work waits, runs or failed.
func (d *Desk) activity(w http.ResponseWriter, r *http.Request) error {
	frame, _, err := d.frame(r, "Activity")
	if err != nil {
		return err
	}
	number, _ := strconv.Atoi(r.URL.Query().Get("page")) // anything but a number is the first
	number = min(max(number, 1), postgres.MaxPage)
	deeds, err := d.store.Deeds(r.Context(), number)
	if err != nil {
		return err
	}
	view := activityView{DeskFrame: frame, Later: number - 1}
	if number == 1 {
		jobs, err := d.store.OpenJobs(r.Context())
		if err != nil {
			return err
		}
		view.Jobs = d.jobLines(jobs)
	}
	for _, done := range deeds {
		view.Deeds = append(view.Deeds, deed{done, d.ago(done.At)})
	}
	if len(deeds) == postgres.DeskPerPage {
		view.Earlier = number + 1
	}
	return activityPage.Render(w, r, http.StatusOK, view)
}
