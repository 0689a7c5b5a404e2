// Command consumer-import asks one question and prints the answer. It shows a
// module that requires Parley and imports its packages: the client here, the
// generated code below it in send.go.
//
//	MAAX_BASE_URL=http://127.0.0.1:8085 MAAX_API_KEY=... consumer-import "How do I reset my password?"
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/parley-contracts/parley/client/maax"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: consumer-import QUESTION")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	config := maax.Config{BaseURL: os.Getenv("MAAX_BASE_URL"), APIKey: os.Getenv("MAAX_API_KEY")}
	answer, err := ask(ctx, config, os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "consumer-import:", err)
		os.Exit(1)
	}
	fmt.Println(answer)
}

// ask sends a question with V1 and waits for its answer.
func ask(ctx context.Context, config maax.Config, question string) (string, error) {
	client, err := maax.New(config)
	if err != nil {
		return "", err
	}
	defer client.Close()
	answer, err := client.SendAndWait(ctx, maax.Message{
		Content:     question,
		Platform:    maax.PlatformEmail,
		ServiceType: maax.ServiceSupport,
		Prospect:    &maax.Prospect{FirstName: "Ada", Email: "ada@example.com"},
	})
	return answer.Text, err
}
