package session

import (
	"context"

	"github.com/parley-contracts/parley/refserver/internal/domain"
)

// Kanbans returns a page of the account's boards; see domain.PageOfKanbans.
func (s *Service) Kanbans(ctx context.Context, account domain.Account, limit int, token string) (page []domain.Kanban, next string, err error) {
	setup, err := s.setup(ctx, account)
	if err != nil {
		return nil, "", err
	}
	return domain.PageOfKanbans(setup.Kanbans, limit, token)
}

// Connections returns the account's connections, those of one type when it is
// not empty.
func (s *Service) Connections(ctx context.Context, account domain.Account, kind string) ([]domain.Connection, error) {
	setup, err := s.setup(ctx, account)
	if err != nil || kind == "" {
		return setup.Connections, err
	}
	var found []domain.Connection
	for _, c := range setup.Connections {
		if c.Type == kind {
			found = append(found, c)
		}
	}
	return found, nil
}

// Templates searches the templates of a channel, by its internal id.
func (s *Service) Templates(ctx context.Context, account domain.Account, channelID string, query domain.TemplateQuery) (domain.FoundTemplates, error) {
	setup, err := s.setup(ctx, account)
	if err != nil {
		return domain.FoundTemplates{}, err
	}
	if _, ok := setup.ChannelByID(channelID); !ok {
		foreign, err := s.Store.ForeignChannel(ctx, account.ID, channelID)
		if err != nil {
			return domain.FoundTemplates{}, err
		}
		if foreign {
			return domain.FoundTemplates{}, domain.ErrNoAccess
		}
		return domain.FoundTemplates{}, domain.ErrUnknownChannel
	}
	return query.Search(setup.Templates, channelID)
}
