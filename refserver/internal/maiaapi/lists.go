package maiaapi

import (
	"cmp"
	"context"
	"strconv"

	"github.com/parley-contracts/parley/gen/maia"
	"github.com/parley-contracts/parley/gen/maia/ginserver"
	"github.com/parley-contracts/parley/refserver/internal/domain"
)

// ListKanbans returns a page of boards. The caller is an account, which may
// access all of them.
//
//contract:operation listKanbans
func (h *API) ListKanbans(ctx context.Context, request ginserver.ListKanbansRequestObject) (ginserver.ListKanbansResponseObject, error) {
	ctx, caller, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	page, next, err := h.Service.Kanbans(ctx, caller.Account, value(request.Params.Limit), value(request.Params.NextToken))
	if err != nil {
		return nil, wireError(err)
	}
	response := ginserver.ListKanbans200JSONResponse{Items: make([]maia.Kanban, len(page))}
	for i, k := range page {
		response.Items[i] = wireKanban(k)
	}
	if next != "" {
		response.NextToken = &next
	}
	return response, nil
}

func wireKanban(k domain.Kanban) maia.Kanban {
	order, created, updated := float64(k.Order), k.CreatedAt.UnixMilli(), k.UpdatedAt.UnixMilli()
	out := maia.Kanban{
		ID: k.ID, Name: k.Name, Slug: &k.Slug, Description: &k.Description, IsDefault: &k.IsDefault,
		Order: &order, CreatedAt: &created, UpdatedAt: &updated,
	}
	for _, s := range k.Statuses {
		out.Statuses = append(out.Statuses, maia.KanbanStatus{Value: s.Value, Label: &s.Label, Color: &s.Color})
	}
	for _, f := range k.Fields {
		order := float64(f.Order)
		out.Fields = append(out.Fields, maia.KanbanField{
			ID: f.ID, Name: &f.Name, Type: &f.Type, Description: &f.Description, Order: &order, IsSystem: &f.IsSystem,
		})
	}
	return out
}

// ListConnections returns the account's connections.
//
//contract:operation listConnections
func (h *API) ListConnections(ctx context.Context, request ginserver.ListConnectionsRequestObject) (ginserver.ListConnectionsResponseObject, error) {
	ctx, caller, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	connections, err := h.Service.Connections(ctx, caller.Account, value(request.Params.Type))
	if err != nil {
		return nil, wireError(err)
	}
	response := ginserver.ListConnections200JSONResponse{Items: make([]maia.Connection, len(connections))}
	for i, c := range connections {
		response.Items[i] = wireConnection(c)
	}
	return response, nil
}

func wireConnection(c domain.Connection) maia.Connection {
	out := maia.Connection{
		ID: c.ID, Name: &c.Name, ConnectionType: &c.Type, BusinessAccountID: &c.BusinessAccountID,
		TokenStatus: &c.TokenStatus, WebhookURL: &c.WebhookURL, CreatedAt: &c.CreatedAt,
	}
	for _, n := range c.PhoneNumbers {
		out.PhoneNumbers = append(out.PhoneNumbers, maia.ConnectionPhoneNumber{
			ID: n.ID, DisplayPhoneNumber: &n.DisplayPhoneNumber, VerifiedName: &n.VerifiedName, QualityRating: &n.QualityRating,
		})
	}
	return out
}

// SearchTemplates searches the templates of a channel. The names of the query
// parameters are not documented: q or query, status, page and pageSize are
// understood, as in the searches that a repository of the vendor shows; others
// are ignored.
//
//contract:operation searchTemplates
func (h *API) SearchTemplates(ctx context.Context, request ginserver.SearchTemplatesRequestObject) (ginserver.SearchTemplatesResponseObject, error) {
	ctx, caller, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	filter := query(ctx)
	wanted := domain.TemplateQuery{Words: cmp.Or(filter.Get("q"), filter.Get("query")), Status: filter.Get("status")}
	if wanted.Page, err = count(filter.Get("page")); err == nil {
		wanted.PageSize, err = count(filter.Get("pageSize"))
	}
	if err != nil {
		return nil, wireError(err)
	}
	found, err := h.Service.Templates(ctx, caller.Account, request.ChannelID, wanted)
	if err != nil {
		return nil, wireError(err)
	}
	items := make([]template, len(found.Templates))
	for i, t := range found.Templates {
		items[i] = template{Name: t.Name, Language: t.Language, Category: t.Category, Status: t.Status, Text: t.Text}
	}
	return ginserver.SearchTemplates200JSONResponse{
		"items": items, "page": found.Page, "pageSize": found.PageSize, "total": found.Total,
	}, nil
}

// template is a template on the wire, whose shape is not documented.
type template struct {
	Name     string `json:"name"`
	Language string `json:"language"`
	Category string `json:"category"`
	Status   string `json:"status"`
	Text     string `json:"text"`
}

// count is a number of a query parameter, 0 for one that was not sent.
func count(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, domain.ErrPageNumber
	}
	return n, nil
}
