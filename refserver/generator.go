package refserver

import (
	"bytes"
	"context"
	_ "embed" // the built-in knowledge base
	"fmt"

	"github.com/parley-contracts/parley/refserver/internal/answer"
	"github.com/parley-contracts/parley/refserver/internal/domain"
)

// Question is what a Generator is asked.
type Question = domain.Inquiry

// Answer is what a Generator found; an empty Text says that it does not know.
type Answer = domain.Answer

// Generator answers questions. Generate is called concurrently, never while a
// transaction is open; its context ends with the answer timeout and with the
// server. A question that fails is asked again, five times in all, then the
// prospect is handed over to a colleague. Errors are logged: they must not hold
// the text of the question.
type Generator interface {
	Generate(ctx context.Context, question Question) (Answer, error)
}

//go:embed seed/knowledge.md
var builtInKnowledge []byte

// retrieval answers with the entry of a knowledge base that fits best.
type retrieval struct{ retriever *answer.Retriever }

// newRetrieval indexes a knowledge base; its error names the line.
func newRetrieval(knowledge []byte, threshold float64) (*retrieval, error) {
	if len(knowledge) == 0 {
		knowledge = builtInKnowledge
	}
	entries, err := answer.ParseMarkdown(bytes.NewReader(knowledge))
	if err != nil {
		return nil, fmt.Errorf("read knowledge base: %w", err)
	}
	return &retrieval{answer.NewRetriever(entries, answer.Config{Threshold: threshold})}, nil
}

// Generate answers from the knowledge base; below the threshold it does not
// know.
func (r *retrieval) Generate(_ context.Context, question Question) (Answer, error) {
	match, ok := r.retriever.Answer(question.Text)
	if !ok {
		return Answer{Confidence: match.Score}, nil
	}
	return Answer{Text: match.Text, Confidence: match.Score, Source: match.Title}, nil
}
