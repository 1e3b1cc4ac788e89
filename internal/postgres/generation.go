package postgres

import "context"

// Channel is the name on which every process hears of what changed. The
// payload of a new generation is "generation".
const Channel = "broadsheet"

// Generation returns the number that rises with every public change.
func (s *Store) Generation(ctx context.Context) (int64, error) {
	var number int64
	err := s.db.QueryRow(ctx, "SELECT number FROM generation").Scan(&number)
	return number, wrap(err, "read the generation")
}

// RaiseGeneration marks everything public as changed, as of the end of the
// transaction, and tells every process. Call it late in the transaction: its
// row is locked from here on. In a rehearsal it does nothing: the lock would keep
// everybody from publishing until the end, for a number that nobody will see.
func (s *Store) RaiseGeneration(ctx context.Context) error {
	if s.rehearses {
		return nil
	}
	_, err := s.db.Exec(ctx, `
		WITH raised AS (UPDATE generation SET number = number + 1 RETURNING number)
		SELECT pg_notify($1, 'generation') FROM raised`, Channel)
	return wrap(err, "raise the generation")
}

// Listen calls heard for every notification on [Channel] and [DeskChannel], on
// one connection of its own, until ctx ends or the connection breaks; it
// returns why. heard is also called once, with "" and "", as soon as it
// listens, for whatever was missed.
func (s *Store) Listen(ctx context.Context, heard func(channel, payload string)) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return wrap(err, "listen")
	}
	listening := conn.Hijack() // never goes back to the pool while it listens
	defer listening.Close(context.WithoutCancel(ctx))
	if _, err := listening.Exec(ctx, "LISTEN "+Channel+"; LISTEN "+DeskChannel); err != nil {
		return wrap(err, "listen")
	}
	heard("", "")
	for {
		n, err := listening.WaitForNotification(ctx)
		if err != nil {
			return wrap(err, "listen")
		}
		heard(n.Channel, n.Payload)
	}
}
