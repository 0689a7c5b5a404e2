// Package answer finds the entry of a knowledge base that answers a question,
// or says that none does.
//
// Retrieval is lexical: BM25 over English word stems, in process and
// deterministic. A question that shares no word with its answer is not
// answered. Every score is a share of the best one that the question could
// reach, so that one threshold serves knowledge bases of any size.
//
//	entries, err := answer.ParseMarkdown(file)
//	...
//	r := answer.NewRetriever(entries, answer.Config{})
//	if m, ok := r.Answer("How do I reset my password?"); ok {
//		fmt.Println(m.Text)
//	}
package answer
