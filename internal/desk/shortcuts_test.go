package desk

import (
	"testing"

	"broadsheet/internal/address"
)

func TestSingleKeysAreTurnedOffAndOn(t *testing.T) {
	w := newWorld(t)
	w.get(w.tove, address.Shortcuts).is(200, "<kbd>J</kbd>", "<kbd>Alt</kbd> <kbd>↑</kbd>", `name="single_keys"`).lacks("saved")
	w.post(w.tove, address.Shortcuts, "").leads("/desk/shortcuts?done=saved")
	saved, err := w.store.User(t.Context(), w.tove.ID)
	must(t, err)
	if saved.SingleKeys {
		t.Error("the keys are still on")
	}
	w.get(saved.User, "/desk/shortcuts?done=saved").is(200, "Your keys are saved.", `data-keys="off"`).lacks(" checked")
	w.post(saved.User, address.Shortcuts, form("single_keys", "on"))
	if saved, err = w.store.User(t.Context(), w.tove.ID); err != nil || !saved.SingleKeys {
		t.Errorf("the keys are still off (%v)", err)
	}
	w.get(saved.User, address.Inbox).is(200).lacks("data-keys")
	if emil, err := w.store.User(t.Context(), w.emil.ID); err != nil || !emil.SingleKeys {
		t.Errorf("somebody else's keys are off (%v)", err)
	}
}
