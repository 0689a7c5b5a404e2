package refserver_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-contracts/parley/gen/common"
	"github.com/parley-contracts/parley/refserver"
)

// chatServer speaks the chat-completions protocol: it calls answer with the
// number of the request, from 0, and the prompt.
func chatServer(t *testing.T, answer func(w http.ResponseWriter, r *http.Request, n int, prompt string)) refserver.ChatConfig {
	t.Helper()
	var mu sync.Mutex
	n := 0
	ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var request struct {
			Stream   bool
			Messages []struct{ Content string }
		}
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil || r.URL.Path != "/v1/chat/completions" {
			t.Errorf("request to %s: %v", r.URL.Path, err)
		}
		mu.Lock()
		number := n
		n++
		mu.Unlock()
		answer(w, r, number, request.Messages[len(request.Messages)-1].Content)
	}))
	t.Cleanup(ts.Close)
	return refserver.ChatConfig{BaseURL: ts.URL + "/v1", Model: "small", Key: "sk-do-not-tell", Attempts: 1}
}

func completion(w http.ResponseWriter, text string) {
	fmt.Fprintf(w, `{"choices":[{"index":0,"message":{"role":"assistant","content":%q},"finish_reason":"stop"}]}`, text)
}

func TestChatAnswers(t *testing.T) {
	t.Parallel()
	for name, stream := range map[string]bool{"whole": false, "streamed": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			chat := chatServer(t, func(w http.ResponseWriter, _ *http.Request, _ int, prompt string) {
				if !strings.Contains(prompt, "I forgot my password") || !strings.Contains(prompt, `choose "Forgotten password"`) {
					t.Errorf("prompt lacks the question or the passage:\n%s", prompt)
				}
				if !stream {
					completion(w, "Use the sign-in page.")
					return
				}
				for _, word := range []string{"Use the ", "sign-in page."} {
					fmt.Fprintf(w, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":%q}}]}\n\n", word)
				}
				fmt.Fprint(w, "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
			})
			chat.Stream = stream
			s := tell(t, refserver.Config{Chat: chat})
			s.says("I forgot my password")
			s.wants("answer of the model", "/answer: <p>Use the sign-in page.</p>")
		})
	}
}

// TestChatUsesTheAccountsKnowledge: passages of the account take the place of
// the built-in ones.
func TestChatUsesTheAccountsKnowledge(t *testing.T) {
	t.Parallel()
	chat := chatServer(t, func(w http.ResponseWriter, _ *http.Request, _ int, prompt string) {
		if !strings.Contains(prompt, "Behind the mill.") || strings.Contains(prompt, "Forgotten password") {
			t.Errorf("prompt has other passages than the account's:\n%s", prompt)
		}
		completion(w, "At the mill.")
	})
	srv := start(t, refserver.Config{Chat: chat, Fixtures: []byte(`accounts:
  - name: Mill
    keys: [{label: test, key: a-key-for-this-test}]
    knowledge: [{title: Password, text: Behind the mill.}]
`)})
	client := srv.v1(t, "a-key-for-this-test")
	got := fetch(t, client, send(t, client, support("Where is my password?", "ada@example.com")), common.ServiceTypeCustomerSupportAutomation)
	if got != "At the mill." {
		t.Errorf("answer: got %q, want the model's", got)
	}
}

func TestChatDoesNotKnow(t *testing.T) {
	t.Parallel()
	chat := chatServer(t, func(w http.ResponseWriter, _ *http.Request, _ int, _ string) { completion(w, "NO_ANSWER") })
	s := tell(t, refserver.Config{Chat: chat})
	s.says("I forgot my password") // which retrieval knows
	if got := set(s.told()); !got[handOver] || !got[emergency] || len(got) != 2 {
		t.Errorf("callbacks: got %v, want the hand-over and the emergency", got)
	}
}

// TestChatFails: the fallback answers, and the log tells why without what was
// said.
func TestChatFails(t *testing.T) {
	t.Parallel()
	failures := map[string]struct {
		fail func(w http.ResponseWriter, r *http.Request, n int, prompt string)
		why  string
	}{
		"status": {func(w http.ResponseWriter, r *http.Request, _ int, prompt string) {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, `{"error":{"message":"`+r.Header.Get("Authorization")+` I forgot"}}`)
		}, "status (status 401)"},
		"time-out":  {func(_ http.ResponseWriter, r *http.Request, _ int, _ string) { <-r.Context().Done() }, "time-out"},
		"malformed": {func(w http.ResponseWriter, _ *http.Request, _ int, _ string) { _, _ = io.WriteString(w, "{") }, "malformed response"},
		"huge": {func(w http.ResponseWriter, _ *http.Request, _ int, _ string) {
			completion(w, strings.Repeat("x", 9000))
		}, "response too large"},
	}
	for name, tc := range failures {
		for _, fallback := range []refserver.Fallback{"", refserver.FallbackRetrieval, refserver.FallbackHuman} {
			t.Run(name+", fallback "+string(fallback), func(t *testing.T) {
				t.Parallel()
				chat := chatServer(t, tc.fail)
				chat.Fallback, chat.MaxResponseBytes = fallback, 8<<10
				if name == "time-out" {
					chat.Timeout = 100 * time.Millisecond
				}
				logs := &logBuffer{}
				s := tell(t, refserver.Config{Chat: chat, Logger: logs.logger()})
				s.says("I forgot my password")
				got := s.told()
				if fallback == refserver.FallbackHuman {
					if is := set(got); !is[handOver] || !is[emergency] || len(got) != 2 {
						t.Errorf("callbacks: got %v, want the hand-over and the emergency", got)
					}
				} else if len(got) != 1 || !strings.Contains(got[0], "Forgotten password") {
					t.Errorf("callbacks: got %v, want the passage", got)
				}
				if !strings.Contains(logs.String(), tc.why) {
					t.Errorf("log lacks %q:\n%s", tc.why, logs)
				}
				for _, secret := range []string{"sk-do-not-tell", "I forgot", "Forgotten"} {
					if strings.Contains(logs.String(), secret) {
						t.Errorf("log holds %q:\n%s", secret, logs)
					}
				}
			})
		}
	}
}

// TestChatIsAskedAgainAfterAStop: a question that was being asked when the
// server stopped is not answered by the fallback.
func TestChatIsAskedAgainAfterAStop(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{}, 1)
	chat := chatServer(t, func(w http.ResponseWriter, r *http.Request, n int, _ string) {
		if n > 0 {
			completion(w, "At last.")
			return
		}
		asked <- struct{}{}
		<-r.Context().Done()
	})
	config := refserver.Config{
		Database: filepath.Join(t.TempDir(), "stop.db"), Seed: &refserver.Seed{Key: "kept-for-the-restart"}, Chat: chat,
		AnswerDelay: refserver.None, StopTimeout: refserver.None, Logger: (&logBuffer{}).logger(),
	}
	srv, err := refserver.New(config)
	if err != nil {
		t.Fatal(err)
	}
	ts := httptest.NewServer(srv)
	r := &running{Server: srv, URL: ts.URL}
	id := send(t, r.v1(t, "kept-for-the-restart"), support("I forgot my password", "ada@example.com"))
	if err := srv.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-asked
	ts.Close()
	if err := srv.Close(); err != nil {
		t.Fatal(err)
	}
	again := start(t, config)
	if got := fetch(t, again.v1(t, "kept-for-the-restart"), id, common.ServiceTypeCustomerSupportAutomation); got != "At last." {
		t.Errorf("answer after the restart: got %q, want the model's", got)
	}
}

func TestNewRefusesBadChat(t *testing.T) {
	t.Parallel()
	for want, config := range map[string]refserver.Config{
		"chat base URL": {Chat: refserver.ChatConfig{BaseURL: "example", Model: "m"}},
		"chat model":    {Chat: refserver.ChatConfig{BaseURL: "http://api.example/v1"}},
		"chat fallback": {Chat: refserver.ChatConfig{BaseURL: "http://api.example/v1", Model: "m", Fallback: "nobody"}},
		"choose one":    {Chat: refserver.ChatConfig{BaseURL: "http://api.example/v1", Model: "m"}, Generator: echo},
	} {
		srv, err := refserver.New(config)
		if err == nil {
			err = errors.Join(errors.New("no error"), srv.Close())
		}
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
