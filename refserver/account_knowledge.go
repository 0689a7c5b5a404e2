package refserver

import (
	"context"
	"fmt"
	"sync"

	"github.com/parley-contracts/parley/refserver/internal/answer"
	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

const (
	// knowledgePage is how many entries are read at a time.
	knowledgePage = 500
	// maxIndexes is how many indexes are kept. When there are more, all are
	// made anew as they are needed.
	maxIndexes = 256
)

// accountKnowledge answers from the knowledge of the account that asks, and
// leaves the questions of accounts without any to another generator.
type accountKnowledge struct {
	store     store.Reader
	threshold float64
	otherwise Generator

	mu      sync.Mutex
	indexes map[indexKey]index
}

// indexKey is whose knowledge an index is of; ai is 0 for that of no AI.
type indexKey struct{ account, ai int64 }

// index is knowledge as of a version; nil retriever for none.
type index struct {
	version   int64
	retriever *answer.Retriever
}

func newAccountKnowledge(r store.Reader, threshold float64, otherwise Generator) *accountKnowledge {
	return &accountKnowledge{store: r, threshold: threshold, otherwise: otherwise, indexes: map[indexKey]index{}}
}

// Generate answers a question.
func (k *accountKnowledge) Generate(ctx context.Context, question Question) (Answer, error) {
	retriever, err := k.retriever(ctx, question)
	if err != nil {
		return Answer{}, fmt.Errorf("read knowledge of account %d: %w", question.AccountID, err)
	}
	if retriever == nil {
		return k.otherwise.Generate(ctx, question)
	}
	return (&retrieval{retriever}).Generate(ctx, question)
}

// retriever is nil when the account has no knowledge for the question.
func (k *accountKnowledge) retriever(ctx context.Context, question Question) (*answer.Retriever, error) {
	// The version is read before the entries: an index made meanwhile may be
	// newer than it says, never older.
	version, err := k.store.KnowledgeVersion(ctx, question.AccountID)
	if err != nil || version == 0 {
		return nil, err
	}
	key := indexKey{account: question.AccountID}
	if question.AIID != nil {
		key.ai = *question.AIID
	}
	k.mu.Lock()
	kept, ok := k.indexes[key]
	k.mu.Unlock()
	if ok && kept.version == version {
		return kept.retriever, nil
	}
	entries, err := k.entries(ctx, key)
	if err != nil {
		return nil, err
	}
	made := index{version: version}
	if len(entries) > 0 {
		made.retriever = answer.NewRetriever(entries, answer.Config{Threshold: k.threshold})
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.indexes) >= maxIndexes {
		clear(k.indexes)
	}
	k.indexes[key] = made
	return made.retriever, nil
}

func (k *accountKnowledge) entries(ctx context.Context, key indexKey) ([]answer.Entry, error) {
	var entries []answer.Entry
	for after := int64(0); ; {
		page, err := k.store.Knowledge(ctx, key.account, after, knowledgePage)
		if err != nil {
			return nil, err
		}
		for _, e := range page {
			if isFor(e, key.ai) {
				entries = append(entries, answer.Entry{Title: e.Title, Text: e.Text})
			}
			after = e.ID
		}
		if len(page) < knowledgePage {
			return entries, nil
		}
	}
}

// isFor reports whether answers of an AI, or of none, may be taken from e.
func isFor(e domain.KnowledgeEntry, ai int64) bool { return e.AIID == nil || *e.AIID == ai }
