package newsletter

// Progress says how far a section of an issue has come. It is for the desk
// alone and never printed.
type Progress string

// How far a section can have come. A skipped one holds no items: it is left
// out of this issue on purpose.
const (
	SectionOpen    Progress = "open"
	SectionReady   Progress = "ready"
	SectionSkipped Progress = "skipped"
)

// Valid reports whether p is one of the three.
func (p Progress) Valid() bool {
	return p == SectionOpen || p == SectionReady || p == SectionSkipped
}
