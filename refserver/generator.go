package refserver

import (
	"context"

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

// retrieval answers with the entry of a knowledge base that fits best. The
// ranking is done in this process and not by the database, so that both kinds
// of database give the same answers at the same threshold.
type retrieval struct{ retriever *answer.Retriever }

// newRetrieval indexes the knowledge base of a configuration; its error names
// the file or the line.
func newRetrieval(ctx context.Context, config Config) (*retrieval, error) {
	entries, err := readKnowledge(ctx, config)
	if err != nil {
		return nil, err
	}
	return &retrieval{answer.NewRetriever(entries, answer.Config{Threshold: config.AnswerThreshold})}, nil
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
