package cli

import (
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/parley-contracts/parley/refserver"
)

// chatFlags has the reference server ask a language model. The key is taken
// from the environment: a command line is seen by everybody on the machine.
type chatFlags struct {
	URL      string        `name:"url" default:"" help:"Have answers written by a language model: address below which /chat/completions is, such as https://api.example/v1. Questions and passages are sent there, with the key in PARLEY_CHAT_KEY." placeholder:"URL"`
	Model    string        `default:"" help:"Name of the model." placeholder:"NAME"`
	Timeout  time.Duration `default:"20s" help:"Longest time for one attempt (default ${default})." placeholder:"DURATION"`
	Stream   bool          `help:"Ask for the answer in pieces."`
	Fallback string        `enum:"retrieval,human" default:"retrieval" help:"Who answers when the model cannot be asked: retrieval or human (default ${default})." placeholder:"NAME"`
}

// chatKey is the environment variable with the key of the model's endpoint.
const chatKey = "PARLEY_CHAT_KEY"

// answering sets what the flags say about answers.
func (c serveCommand) answering(config *refserver.Config) (err error) {
	if config.Documents, err = readDocuments(c.Answers); err != nil {
		return err
	}
	config.PDFCommand, config.AnswerThreshold = pdfCommand(), c.Threshold
	if config.Location, err = time.LoadLocation(c.TimeZone); err != nil {
		return misused(fmt.Errorf("--time-zone %q: not known on this machine", c.TimeZone), "name one such as Europe/Berlin, or UTC")
	}
	switch {
	case c.Chat.URL == "" && c.Chat.Model == "":
		return nil
	case c.Chat.URL == "" || c.Chat.Model == "":
		return misused(fmt.Errorf("--chat-url and --chat-model: only one is given"), "give both, or neither for answers by retrieval")
	}
	config.Chat = refserver.ChatConfig{
		BaseURL: c.Chat.URL, Model: c.Chat.Model, Key: os.Getenv(chatKey), Timeout: c.Chat.Timeout,
		Stream: c.Chat.Stream, Fallback: refserver.Fallback(c.Chat.Fallback),
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true,
			TLSHandshakeTimeout: 10 * time.Second, MaxIdleConnsPerHost: 32, IdleConnTimeout: 90 * time.Second,
		},
	}
	return nil
}
