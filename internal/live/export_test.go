package live

import "time"

// Expire has the boards forget whom no process has announced until a time.
func (b *Boards) Expire(now time.Time) { b.expire(now, false) }

// Announcements returns what a process says when n people of a name are here.
func Announcements(n int, name string) []string {
	b := newBoards(nil)
	for k := range n {
		b.seats[seat{b.process, 1 << 62, int64(k)}] = place{name: name, item: 1 << 62}
	}
	b.announce()
	return b.payloads()
}
