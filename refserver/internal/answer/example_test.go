package answer_test

import (
	"fmt"
	"strings"

	"github.com/parley-contracts/parley/refserver/internal/answer"
)

func ExampleRetriever_Answer() {
	entries, err := answer.ParseMarkdown(strings.NewReader(`
## Resetting your password
Open Settings, then choose Reset password.

## Opening hours
We are open from Monday to Friday.
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	r := answer.NewRetriever(entries, answer.Config{})
	for _, question := range []string{"How do I reset my password?", "Who won the match?"} {
		if m, ok := r.Answer(question); ok {
			fmt.Println(m.Text)
		} else {
			fmt.Println("ask a human")
		}
	}
	// Output:
	// Open Settings, then choose Reset password.
	// ask a human
}
