package worker

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// quiet is River's log in ours. What River says of itself in good times, such as
// who leads, is for those who debug it; and while the database is away it says a
// thing once a minute instead of each second.
type quiet struct {
	slog.Handler
	said *said
}

// again is how long a thing that was said is not said again.
const again = time.Minute

// said remembers when what was said last.
type said struct {
	mu sync.Mutex
	at map[string]time.Time
}

// lately reports whether something was said lately, and remembers that it is said
// now if not.
func (s *said) lately(words string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last, known := s.at[words]; known && now.Sub(last) < again {
		return true
	}
	if s.at == nil {
		s.at = map[string]time.Time{}
	}
	s.at[words] = now
	return false
}

// Enabled reports whether a level is written: less than a warning counts as debug.
func (q *quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return q.Handler.Enabled(ctx, lowered(level))
}

// Handle writes a record that was not written lately.
func (q *quiet) Handle(ctx context.Context, r slog.Record) error {
	r.Level = lowered(r.Level)
	if r.Level >= slog.LevelWarn && q.said.lately(r.Message, r.Time) {
		return nil
	}
	r.Message = "background work: " + r.Message
	return q.Handler.Handle(ctx, r)
}

// WithAttrs returns the handler with attributes.
func (q *quiet) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &quiet{q.Handler.WithAttrs(attrs), q.said}
}

// WithGroup returns the handler with a group.
func (q *quiet) WithGroup(name string) slog.Handler {
	return &quiet{q.Handler.WithGroup(name), q.said}
}

func lowered(level slog.Level) slog.Level {
	if level < slog.LevelWarn {
		return min(level, slog.LevelDebug)
	}
	return level
}
