package desk

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// oldOrder is an order that an issue has had.
type oldOrder struct {
	Version int64
	Words   string // "Tomás moved “Gulls” to Events"
	When    moment
}

// orderView is the page of one order that an issue has had. After somebody
// else has changed the order it shows today's instead.
type orderView struct {
	page.DeskFrame
	Board    postgres.Board
	Order    oldOrder
	Last     *oldOrder // what somebody else has done since the page was made
	Sections []orderSection
	Left     string // what was in the order and is not in the issue any more, in a sentence
	Arrange  bool   // whoever looks may go back to it
}

// orderSection is a section of an order with the words people know its items
// by.
type orderSection struct {
	Title string
	Items []string
}

var orderPage = page.Define[orderView]("desk/order.html")

func (d *Desk) oldOrders(orders []postgres.EarlierOrder) []oldOrder {
	list := make([]oldOrder, len(orders))
	for k, order := range orders {
		list[k] = d.oldOrder(order)
	}
	return list
}

func (d *Desk) oldOrder(order postgres.EarlierOrder) oldOrder {
	words := nameOr(order.Name) + " " + order.What
	switch {
	case order.Name == "" && order.What == "":
		words = "The first order that is known"
	case order.What == "":
		words += "changed the order"
	}
	return oldOrder{order.Version, page.Capital(words), d.ago(order.At)}
}

// showOrder shows an order that an issue has had.
func (d *Desk) showOrder(w http.ResponseWriter, r *http.Request, board postgres.Board, asked string) error {
	version, err := strconv.ParseInt(asked, 10, 64)
	if err != nil {
		return newsletter.ErrNotFound
	}
	order, err := d.store.EarlierOrder(r.Context(), board.ID, version)
	if err != nil {
		return err
	}
	ids := order.Layout.Left(board.Layout())
	left, err := d.store.DeskItems(r.Context(), ids)
	if err != nil {
		return err
	}
	view, err := d.orderView(r, "An earlier order of "+strconv.Itoa(board.Number), board, order, order.Layout, left)
	if err != nil {
		return err
	}
	view.Left = leftWords(ids, left)
	return orderPage.Render(w, r, http.StatusOK, view)
}

// orderView names the sections and items of a layout. Items that are not in
// the issue are named by those that left it.
func (d *Desk) orderView(r *http.Request, title string, board postgres.Board, order postgres.EarlierOrder, layout postgres.Layout, left map[int64]postgres.DeskItem) (orderView, error) {
	frame, _, err := d.frame(r, title)
	if err != nil {
		return orderView{}, err
	}
	frame.Here = address.Issues
	titles, labels := map[int64]string{}, map[int64]string{}
	for _, item := range left {
		labels[item.ID] = label(item.Item)
	}
	for _, section := range board.Sections {
		titles[section.ID] = section.Title
		for _, item := range section.Items {
			labels[item.ID] = label(item.Item)
		}
	}
	view := orderView{
		DeskFrame: frame, Board: board, Order: d.oldOrder(order),
		Arrange: newsletter.May(frame.User, newsletter.Arrange, board.Object()),
	}
	for _, s := range layout {
		section := orderSection{Title: cmp.Or(titles[s.Section], "A section that was removed")}
		for _, id := range s.Items {
			section.Items = append(section.Items, cmp.Or(labels[id], "An item that is gone"))
		}
		view.Sections = append(view.Sections, section)
	}
	return view, nil
}

// leftWords says which items of an order are not in the issue any more, and
// where they are, or nothing.
func leftWords(ids []int64, items map[int64]postgres.DeskItem) string {
	if len(ids) == 0 {
		return ""
	}
	var names []string
	for _, id := range ids {
		item, there := items[id]
		if !there {
			continue
		}
		where := whereOf(item)
		names = append(names, fmt.Sprintf("%s (%s)", label(item.Item), strings.ToLower(where[:1])+where[1:]))
	}
	if gone := len(ids) - len(items); gone > 0 {
		names = append(names, page.Count(gone, "item")+" merged into others")
	}
	return "Not in the issue any more, and left where they are: " + strings.Join(names, ", ") + "."
}

// restoreOrder puts an earlier order onto what stands in the issue today.
func (d *Desk) restoreOrder(w http.ResponseWriter, r *http.Request, board postgres.Board, form restoreForm) error {
	err := d.store.RestoreOrder(r.Context(), page.User(r.Context()), board.Number, form.Order, form.Seen)
	if conflict, ok := errors.AsType[*postgres.OrderConflict](err); ok {
		return d.orderConflict(w, r, board.Number, form, conflict.Last)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, fmt.Sprintf("%s?restored=%d", address.DeskIssueTo(board.Number, "history"), form.Order))
}

// orderConflict shows today's order to somebody who wanted an earlier one back
// while another moved.
func (d *Desk) orderConflict(w http.ResponseWriter, r *http.Request, number int, form restoreForm, last postgres.EarlierOrder) error {
	board, err := d.store.Board(r.Context(), number)
	if err != nil {
		return err
	}
	order, err := d.store.EarlierOrder(r.Context(), board.ID, form.Order)
	if err != nil {
		return err
	}
	view, err := d.orderView(r, "Moved meanwhile", board, order, board.Layout(), nil)
	if err != nil {
		return err
	}
	view.Last = new(d.oldOrder(last))
	return orderPage.Render(w, r, http.StatusConflict, view)
}

// restored says, after an earlier order has been brought back, that it was, and
// which of its items have left the issue.
func (d *Desk) restored(r *http.Request, board postgres.Board) (string, error) {
	version, err := strconv.ParseInt(r.URL.Query().Get("restored"), 10, 64)
	if err != nil {
		return "", nil
	}
	order, err := d.store.EarlierOrder(r.Context(), board.ID, version)
	if errors.Is(err, newsletter.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	ids := order.Layout.Left(board.Layout())
	left, err := d.store.DeskItems(r.Context(), ids)
	return strings.TrimSpace("The earlier order is back; the one before it stands below. " + leftWords(ids, left)), err
}
