package maax

import (
	"encoding/json"
	"errors"
	"testing"
)

func TestParseNamesExactly(t *testing.T) {
	t.Parallel()
	if id, err := parseMessageID([]byte(`{"Incoming_Message_Id":1,"incoming_message_id":2,"INCOMING_MESSAGE_ID":3}`)); id != 2 || err != nil {
		t.Errorf("got %d, %v, want 2: names are compared with their case", id, err)
	}
	for body, want := range map[string]int64{
		`{"conversation_id":7301}`: 7301, `{"conversation_id":"7301"}`: 7301, `{"conversation_id":"007"}`: 7,
		`{"conversation_id":9223372036854775807}`: 9223372036854775807, `{"conversation_id":"9223372036854775807"}`: 9223372036854775807,
	} {
		if got, err := parseConversationID([]byte(body)); got != want || err != nil {
			t.Errorf("%s: got %d, %v, want %d", body, got, err, want)
		}
	}
	for _, body := range []string{`{"conversation_id":"+1"}`, `{"conversation_id":"-1"}`, `{"conversation_id":"1_0"}`, `{"conversation_id":" 1"}`, `{"conversation_id":"0x1"}`} {
		if got, err := parseConversationID([]byte(body)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: got %d, %v, want ErrMalformed", body, got, err)
		}
	}
}

func TestParseHistory(t *testing.T) {
	t.Parallel()
	body := []byte(`{"messages_in_conversation":[],"more":1}`)
	history, err := parseHistory(body, true)
	if err != nil || history.Messages == nil || len(history.Messages) != 0 || string(history.Raw) != string(body) {
		t.Errorf("empty history: got %v, %v", history, err)
	}
	body[0] = 'x'
	if history.Raw[0] != '{' {
		t.Error("Raw shares memory with the response")
	}
	if _, err := parseHistory([]byte(`{"incoming_message_id":1}`), true); !errors.Is(err, ErrMalformed) {
		t.Errorf("V1 without messages: got %v, want ErrMalformed", err)
	}
	history, err = parseHistory([]byte(`{"incoming_message_id":1}`), false)
	if err != nil || history.Messages != nil || string(history.Raw) != `{"incoming_message_id":1}` {
		t.Errorf("V2 without messages: got %v, %v, want the raw response", history, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "null", "[]", "{}", `{"answer":"x"}`, `{"answer":null}`, `{"incoming_message_id":48213}`, `{"conversation_id":"7301"}`,
		`{"messages_in_conversation":["a",{"b":[]}]}`, "\xff{",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if id, err := parseMessageID(body); err != nil && (id != 0 || !errors.Is(err, ErrMalformed)) {
			t.Errorf("message id: got %d, %v", id, err)
		}
		if id, err := parseConversationID(body); err != nil && (id != 0 || !errors.Is(err, ErrMalformed)) {
			t.Errorf("conversation id: got %d, %v", id, err)
		}
		if text, err := parseAnswer(body); err != nil && (text != "" || !errors.Is(err, ErrMalformed)) {
			t.Errorf("answer: got %q, %v", text, err)
		}
		if history, err := parseHistory(body, false); err == nil {
			for _, m := range history.Messages {
				if !json.Valid(m) {
					t.Errorf("history: got a message %q", m)
				}
			}
		}
	})
}
