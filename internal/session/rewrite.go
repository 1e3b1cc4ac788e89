package session

import (
	"encoding/json"
	"net/url"

	"github.com/alexedwards/scs/v2"
)

// Rewrite returns the data of a session, as a store has it, with every value of
// the forms that are kept in it rewritten; nil where nothing changes or the data
// cannot be read, when nobody else can read them either.
func Rewrite(data []byte, rewrite func(value string) string) []byte {
	deadline, values, err := scs.GobCodec{}.Decode(data)
	if err != nil {
		return nil
	}
	kept, _ := values[keptKey].([]byte)
	var forms []Form
	_ = json.Unmarshal(kept, &forms) // none, or what putForms wrote
	changed := false
	for k, form := range forms {
		body, _ := url.ParseQuery(form.Body) // as Keep wrote it
		for _, list := range body {
			for n, value := range list {
				list[n] = rewrite(value)
				changed = changed || list[n] != value
			}
		}
		forms[k].Body = body.Encode()
	}
	if !changed {
		return nil
	}
	values[keptKey], _ = json.Marshal(forms) // strings and numbers
	written, err := scs.GobCodec{}.Encode(deadline, values)
	if err != nil {
		return nil
	}
	return written
}
