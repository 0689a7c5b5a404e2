package conversation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// ProspectRef says who a prospect is. An id identifies; info describes and
// overrides what is stored. Both may be nil.
type ProspectRef struct {
	ID   *int64
	Info *domain.ProspectInfo
}

// resolve finds or makes the conversation that a message belongs to: the one
// named, else the latest with the prospect, else a new one. The participant of
// a conversation that is named need not be named too.
func (s *Service) resolve(ctx context.Context, tx *store.Tx, account domain.Account, m NewMessage, now time.Time) (domain.Conversation, error) {
	if m.ConversationID == nil {
		prospect, err := s.prospect(ctx, tx, account, m.Version, m.Prospect, now)
		if err != nil {
			return domain.Conversation{}, err
		}
		return latestOrNew(ctx, tx, prospect, now)
	}
	conversation, err := tx.ConversationByID(ctx, *m.ConversationID)
	if errors.Is(err, store.ErrNotFound) {
		return domain.Conversation{}, domain.ErrUnknownConversation
	}
	if err != nil {
		return domain.Conversation{}, fmt.Errorf("read conversation %d: %w", *m.ConversationID, err)
	}
	if err := domain.CheckConversationOwner(account, conversation); err != nil {
		return domain.Conversation{}, err
	}
	ref := m.Prospect
	if ref.ID == nil {
		ref.ID = &conversation.ProspectID
	}
	prospect, err := s.prospect(ctx, tx, account, m.Version, ref, now)
	if err != nil {
		return domain.Conversation{}, err
	}
	return conversation, domain.CheckParticipant(conversation, prospect)
}

func latestOrNew(ctx context.Context, tx *store.Tx, prospect domain.Prospect, now time.Time) (domain.Conversation, error) {
	conversation, err := tx.LatestConversation(ctx, prospect.ID)
	if errors.Is(err, store.ErrNotFound) {
		conversation, err = tx.InsertConversation(ctx, prospect.AccountID, prospect.ID, now)
	}
	if err != nil {
		return domain.Conversation{}, fmt.Errorf("find conversation with prospect %d: %w", prospect.ID, err)
	}
	return conversation, nil
}

// prospect finds or makes the prospect that ref names and applies its info.
func (s *Service) prospect(ctx context.Context, tx *store.Tx, account domain.Account, version domain.Version, ref ProspectRef, now time.Time) (domain.Prospect, error) {
	if ref.Info != nil {
		if err := ref.Info.Check(version); err != nil {
			return domain.Prospect{}, err
		}
	}
	var prospect domain.Prospect
	var err error
	switch {
	case ref.ID != nil:
		prospect, err = prospectByID(ctx, tx, account, *ref.ID)
	case ref.Info != nil:
		prospect, err = matchOrNew(ctx, tx, account, *ref.Info, now)
	default:
		err = domain.ErrNoProspect
	}
	if err != nil || ref.Info == nil {
		return prospect, err
	}
	merged := prospect.Merge(*ref.Info)
	if merged == prospect.ProspectDetails {
		return prospect, nil
	}
	prospect.ProspectDetails = merged
	if err := tx.UpdateProspect(ctx, prospect.ID, merged, now); err != nil {
		return domain.Prospect{}, fmt.Errorf("update prospect %d: %w", prospect.ID, err)
	}
	return prospect, nil
}

func prospectByID(ctx context.Context, tx *store.Tx, account domain.Account, id int64) (domain.Prospect, error) {
	prospect, err := tx.ProspectByID(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return domain.Prospect{}, domain.ErrUnknownProspect
	}
	if err != nil {
		return domain.Prospect{}, fmt.Errorf("read prospect %d: %w", id, err)
	}
	return prospect, domain.CheckProspectOwner(account, prospect)
}

// matchOrNew looks a second time under the account's lock before it inserts:
// where transactions run side by side, two messages of a new prospect would
// otherwise make two of them.
func matchOrNew(ctx context.Context, tx *store.Tx, account domain.Account, info domain.ProspectInfo, now time.Time) (domain.Prospect, error) {
	details := domain.ProspectDetails{}.Merge(info)
	prospect, err := tx.MatchProspect(ctx, account.ID, details.Email, details.Phone)
	if !errors.Is(err, store.ErrNotFound) {
		return prospect, wrapMatch(err)
	}
	if err := tx.LockAccount(ctx, account.ID); err != nil {
		return domain.Prospect{}, fmt.Errorf("lock account %d: %w", account.ID, err)
	}
	prospect, err = tx.MatchProspect(ctx, account.ID, details.Email, details.Phone)
	if errors.Is(err, store.ErrNotFound) {
		prospect, err = tx.InsertProspect(ctx, account.ID, details, now)
	}
	return prospect, wrapMatch(err)
}

func wrapMatch(err error) error {
	if err != nil {
		return fmt.Errorf("find prospect: %w", err)
	}
	return nil
}
