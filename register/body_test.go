package register_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/register"
)

func TestDecodeBody(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, contentType, data string
		want                    register.Body
	}{
		{"nothing", "application/json", "", register.Body{Type: register.BodyNone}},
		{"JSON", "application/json; charset=utf-8", `{"a":[1,1.5]}`, register.Body{Type: register.BodyJSON, Decoded: true, Value: map[string]any{"a": []any{int64(1), 1.5}}}},
		{"JSON by suffix", "application/problem+json", `null`, register.Body{Type: register.BodyJSON, Decoded: true}},
		{"JSON without a type", "", `7`, register.Body{Type: register.BodyJSON, Decoded: true, Value: int64(7)}},
		{"not the JSON it says", "application/json", `{`, register.Body{Type: register.BodyInvalid}},
		{"JSON with more behind it", "application/json", `{} x`, register.Body{Type: register.BodyInvalid}},
		{"a number beyond any", "application/json", `1e999`, register.Body{Type: register.BodyJSON, Decoded: true, Value: "1e999"}},
		{"a form", "application/x-www-form-urlencoded", `a=1&a=2&b=`, register.Body{Type: register.BodyForm, Decoded: true, Value: map[string]any{"a": []any{"1", "2"}, "b": ""}}},
		{"a broken form", "application/x-www-form-urlencoded", `%zz`, register.Body{Type: register.BodyInvalid}},
		{"text", "text/plain", `hello`, register.Body{Type: register.BodyText, Decoded: true, Value: "hello"}},
		{"text without a type", "", `hello`, register.Body{Type: register.BodyText, Decoded: true, Value: "hello"}},
		{"not the text it says", "text/plain", "\xff", register.Body{Type: register.BodyInvalid}},
		{"XML", "text/xml", `<a/>`, register.Body{Type: register.BodyXML, Decoded: true, Value: "<a/>"}},
		{"an image", "image/png", `...`, register.Body{Type: register.BodyBinary}},
		{"bytes without a type", "", "\xff", register.Body{Type: register.BodyBinary}},
		{"a type that is none", "a b; c", "x", register.Body{Type: register.BodyBinary}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tc.want.Size = int64(len(tc.data))
			if diff := cmp.Diff(tc.want, register.DecodeBody(tc.contentType, []byte(tc.data))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeBodyLeavesLargeOnesAlone(t *testing.T) {
	t.Parallel()
	data := bytes.Repeat([]byte(" "), register.MaxBodyBytes)
	data = append(data, '1')
	for contentType, want := range map[string]register.BodyType{"application/json": register.BodyJSON, "": register.BodyText} {
		got := register.DecodeBody(contentType, data)
		if diff := cmp.Diff(register.Body{Type: want, Size: int64(len(data))}, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", contentType, diff)
		}
	}
}

// Whatever arrives is decoded or not, and can be voted on.
func FuzzVote(f *testing.F) {
	probes, err := load(f).Compile(generous)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("retrieveAnswer", "/api/retrieve_answer/?incoming_message_id=7", "application/json", []byte(`{"answer":null}`))
	f.Add("createOutgoingMessage", "/api/v2/outgoing-messages/", "application/json", []byte(`{"prospect_info":{"phone":1}}`))
	f.Add("sendMessage", "/messages", "application/x-www-form-urlencoded", []byte(`attachments=1&attachments=2`))
	f.Add("maiaMessage", "/%zz?;", "", []byte("\xff"))
	f.Fuzz(func(t *testing.T, operation, target, contentType string, data []byte) {
		body := register.DecodeBody(contentType, data)
		x := register.Exchange{
			Operation: operation,
			Request:   &register.Request{Target: target, Body: body},
			Response:  &register.Response{Status: 200, Body: body},
			Callback:  &register.Callback{Operation: operation, Target: target, Body: body},
		}
		x.History = []register.Exchange{x}
		for _, v := range probes.Vote(t.Context(), &x) {
			if v.Trouble == register.TroubleLimit && len(data) < 100 {
				t.Errorf("%s: %+v", v.Key(), v)
			}
		}
	})
}
