package worker

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/job"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// verify checks a message as the README tells receivers to.
func verify(secret []byte, d delivery) error {
	id, stamp := d.header.Get("webhook-id"), d.header.Get("webhook-timestamp")
	sent, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || time.Since(time.Unix(sent, 0)).Abs() > 5*time.Minute {
		return fmt.Errorf("the time is %q", stamp)
	}
	mac := hmac.New(sha256.New, secret)
	fmt.Fprintf(mac, "%s.%s.%s", id, stamp, d.body)
	for each := range strings.FieldsSeq(d.header.Get("webhook-signature")) {
		given, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(each, "v1,"))
		if err == nil && hmac.Equal(given, mac.Sum(nil)) {
			return nil
		}
	}
	return fmt.Errorf("the signature %q is wrong", d.header.Get("webhook-signature"))
}

// TestSignature is the example that the libraries of Standard Webhooks are tested
// with.
func TestSignature(t *testing.T) {
	secret, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	headers := signed([][]byte{secret}, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if got, want := headers["webhook-signature"], "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestAMessageTellsWhatHappenedAndIsSigned(t *testing.T) {
	w := newWorld(t)
	w.work()
	item, err := publish.ItemAt(w.board(), 2)
	w.must(err)
	words := item.Item
	words.Note = "A lighthouse keeper counts terns."
	wish := publish.Wish{Number: 139, Place: 2, Version: item.Version, Sentence: "They were terns & gulls."}
	w.must(publish.CorrectItem(t.Context(), w.store, w.osman, wish, words))
	got := w.next()
	if err := verify(w.secret, got); err != nil {
		t.Error(err)
	}
	var m message
	w.must(json.Unmarshal(got.body, &m))
	want := data{Issue: 139, Address: "https://letter.example/issues/139", Revision: 2, Correction: wish.Sentence}
	if m.Type != "issue.corrected" || time.Since(m.Timestamp).Abs() > time.Minute || m.Data != want || !bytes.Contains(got.body, []byte("terns")) {
		t.Errorf("%s", got.body)
	}
	for at := range got.body {
		changed := delivery{got.header, slices.Clone(got.body)}
		changed.body[at] ^= 1
		if verify(w.secret, changed) == nil {
			t.Fatalf("it may be changed at byte %d", at)
		}
	}
	for _, name := range []string{"webhook-id", "webhook-timestamp"} {
		changed := delivery{got.header.Clone(), got.body}
		changed.header.Set(name, strings.Replace(changed.header.Get(name), "1", "2", 1))
		if verify(w.secret, changed) == nil {
			t.Errorf("%s may be changed", name)
		}
	}
	if done := w.until(postgres.JobDone, 1); done.Output != "It answered 204 No Content." {
		t.Errorf("it is said to be %q", done.Output)
	}
	other, err := w.store.NewWebhookSecret(t.Context(), w.osman)
	w.must(err)
	w.must(w.store.TestWebhook(t.Context(), w.osman))
	if got := w.next(); verify(other, got) != nil || verify(w.secret, got) != nil || !bytes.Contains(got.body, []byte(`"type":"test"`)) {
		t.Errorf("with a new secret arrives %s", got.body)
	}
	_, err = w.pool.Exec(t.Context(), "UPDATE webhook_old_secrets SET until = until - interval '24 hours'")
	w.must(err)
	w.must(w.store.TestWebhook(t.Context(), w.osman))
	if got := w.next(); verify(other, got) != nil || verify(w.secret, got) == nil {
		t.Errorf("after a day the signature is %s", got.header.Get("webhook-signature"))
	}
}

func (w *world) board() postgres.Board {
	w.t.Helper()
	board, err := w.store.Board(w.t.Context(), 139)
	w.must(err)
	return board
}

func TestWhatFailsIsTriedAgainUntilItGivesUp(t *testing.T) {
	w := newWorld(t)
	w.answers(http.StatusInternalServerError)
	w.work()
	w.must(publish.Withdraw(t.Context(), w.store, w.osman, 139))
	var ids []string
	for attempt := 1; attempt <= 7; attempt++ {
		ids = append(ids, w.next().header.Get("webhook-id"))
		state := postgres.JobFailed
		if attempt == 1 {
			state = postgres.JobWaits // for 5 seconds only
		}
		failed := w.until(state, attempt)
		if failed.Error != "It answered 500 Internal Server Error." || !failed.NextAt.After(failed.TriedAt) {
			t.Fatalf("it is %+v", failed)
		}
		if wait := failed.NextAt.Sub(failed.TriedAt); wait < delays[attempt-1] || wait > delays[attempt-1]+time.Minute {
			t.Errorf("after attempt %d it waits %s", attempt, wait)
		}
		if attempt == 2 {
			w.hasten(postgres.JobFailed)
		} else {
			w.hasten(postgres.JobWaits)
		}
	}
	ids = append(ids, w.next().header.Get("webhook-id"))
	gaveUp := w.until(postgres.JobGaveUp, 8)
	if n, err := w.store.GaveUp(t.Context()); err != nil || n != 1 || len(slices.Compact(ids)) != 1 {
		t.Errorf("%d wait for a person, the messages were %v (%v)", n, ids, err)
	}
	if said := w.log.String(); strings.Count(said, "it is tried again") != 7 || strings.Count(said, "level=ERROR") != 1 || !strings.Contains(said, "waits for a person") {
		t.Errorf("the log says\n%s", said)
	}
	w.answers(http.StatusOK)
	w.must(w.store.RetryJob(t.Context(), w.osman, gaveUp.ID))
	w.next()
	w.until(postgres.JobDone, 9)
	if n, err := w.store.GaveUp(t.Context()); err != nil || n != 0 {
		t.Errorf("%d wait for a person (%v)", n, err)
	}
}

func TestWhatIsNotReceived(t *testing.T) {
	w := newWorld(t)
	w.work()
	for status, want := range map[int]string{
		http.StatusFound:    "It answered 302 Found, which leads elsewhere and is not followed. Give the address it leads to.",
		http.StatusNotFound: "It answered 404 Not Found.",
		599:                 "It answered 599.",
	} {
		_, err := w.pool.Exec(t.Context(), "DELETE FROM river_job")
		w.must(err)
		w.answers(status)
		w.must(w.store.TestWebhook(t.Context(), w.osman))
		w.next()
		if failed := w.until(postgres.JobLeftOver, 1); failed.Error != want { // a test is not tried again
			t.Errorf("%d is said to be %q", status, failed.Error)
		}
	}
}

func TestAPrivateAddressIsNotTold(t *testing.T) {
	w := newWorld(t)
	w.private = false
	w.work()
	w.must(w.store.TestWebhook(t.Context(), w.osman))
	if failed := w.until(postgres.JobLeftOver, 1); failed.Error != "127.0.0.1 is at 127.0.0.1, which is not a public address. Nothing was sent." || len(w.got) != 0 {
		t.Errorf("it is %+v", failed)
	}
}

func TestWhatIsNotWantedAnyMore(t *testing.T) {
	w := newWorld(t)
	w.must(publish.Withdraw(t.Context(), w.store, w.osman, 139))
	w.must(w.store.RemoveWebhook(t.Context(), w.osman))
	w.work()
	if jobs, err := w.store.JobsOf(t.Context(), job.WebhookKind); err != nil || len(jobs) != 1 || jobs[0].State != postgres.JobLeftOver {
		t.Errorf("the jobs are %+v (%v)", jobs, err)
	}
}

// TestManyProcessesTellOnce publishes the same event to several workers.
func TestManyProcessesTellOnce(t *testing.T) {
	w := newWorld(t)
	for range 4 {
		w.work()
	}
	const turns = 20
	for turn := range turns {
		to := publish.Withdraw
		if turn%2 == 1 {
			to = publish.Reinstate
		}
		w.must(to(t.Context(), w.store, w.osman, 139))
	}
	seen := map[string]int{}
	for range turns {
		seen[w.next().header.Get("webhook-id")]++
	}
	for open := 1; open > 0; { // what is done is never done again
		w.must(w.pool.QueryRow(t.Context(), "SELECT count(*) FROM river_job WHERE state <> 'completed'").Scan(&open))
	}
	if len(seen) != turns || len(w.got) != 0 {
		t.Errorf("%d messages arrived, %d more wait", len(seen), len(w.got))
	}
}
