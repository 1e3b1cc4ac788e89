package page

// SearchBox is the field that searches the archive, on every page that has it.
type SearchBox struct {
	Label string // "Search every note and link since 2017"
	Words string // what was searched for
}
