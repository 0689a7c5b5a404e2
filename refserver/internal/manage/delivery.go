package manage

import (
	"context"
	"encoding/base64"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/parley-contracts/parley/gen/management"
	"github.com/parley-contracts/parley/gen/management/ginserver"
	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/job"
	"github.com/parley-contracts/parley/refserver/internal/store"
	"github.com/parley-contracts/parley/server"
)

// ListDeliveries shows what was delivered.
//
//contract:operation listDeliveries
func (a *API) ListDeliveries(ctx context.Context, request ginserver.ListDeliveriesRequestObject) (ginserver.ListDeliveriesResponseObject, error) {
	p := request.Params
	size := pageSize(p.Limit)
	filter := store.DeliveryFilter{AccountID: value(p.AccountID), State: domain.DeliveryState(value(p.State)), Limit: size + 1}
	if p.Cursor != nil {
		var err error
		if filter.BeforeTime, filter.BeforeID, err = readDeliveryCursor(*p.Cursor); err != nil {
			return nil, err
		}
	}
	deliveries, err := a.Store.Deliveries(plain(ctx), filter)
	if err != nil {
		return nil, wireError(err)
	}
	deliveries, more := cut(deliveries, size)
	page := ginserver.ListDeliveries200JSONResponse{Items: make([]management.Delivery, len(deliveries))}
	for i, d := range deliveries {
		page.Items[i] = wireDelivery(d)
	}
	if more {
		page.NextCursor = deliveryCursor(deliveries[size-1])
	}
	return page, nil
}

// GetDelivery shows a delivery with its attempts.
//
//contract:operation getDelivery
func (a *API) GetDelivery(ctx context.Context, request ginserver.GetDeliveryRequestObject) (ginserver.GetDeliveryResponseObject, error) {
	ctx = plain(ctx)
	found, err := a.Store.DeliveryByPublicID(ctx, request.DeliveryID)
	if err != nil {
		return nil, wireError(missing(err, "delivery with this id"))
	}
	read := a.Store.Attempts
	if found.Vendor == domain.VendorMAIA {
		read = a.Store.WebhookAttempts
	}
	attempts, err := read(ctx, found.Delivery.ID)
	if err != nil {
		return nil, wireError(err)
	}
	d := wireDelivery(found.JournaledDelivery)
	detail := ginserver.GetDelivery200JSONResponse{
		ID: d.ID, Vendor: management.DeliveryDetailVendor(d.Vendor), AccountID: d.AccountID, ThreadID: d.ThreadID,
		Chain: d.Chain, Event: d.Event, URL: d.URL, State: d.State, Attempts: d.Attempts,
		NextAttemptAt: d.NextAttemptAt, CreatedAt: d.CreatedAt, FinishedAt: d.FinishedAt,
		History: make([]management.Attempt, len(attempts)),
	}
	for i, t := range attempts {
		detail.History[i] = management.Attempt{
			Number: int64(t.Number), Status: optional(t.Status), Outcome: string(t.Outcome), Reason: optional(t.Reason),
			StartedAt: t.StartedAt, DurationSeconds: t.Duration.Seconds(),
		}
	}
	return detail, nil
}

// ReplayDelivery sends a delivery once more.
//
//contract:operation replayDelivery
func (a *API) ReplayDelivery(ctx context.Context, request ginserver.ReplayDeliveryRequestObject) (ginserver.ReplayDeliveryResponseObject, error) {
	replayed, err := a.Replayer.Replay(plain(ctx), request.DeliveryID)
	if errors.Is(err, job.ErrNotReplayable) {
		return nil, server.Conflict(err.Error() + ": it is pending or was delivered")
	}
	if err != nil {
		return nil, wireError(missing(err, "delivery with this id"))
	}
	return ginserver.ReplayDelivery202JSONResponse(wireDelivery(replayed.JournaledDelivery)), nil
}

func wireDelivery(d domain.JournaledDelivery) management.Delivery {
	return management.Delivery{
		ID: d.PublicID, Vendor: management.DeliveryVendor(d.Vendor), AccountID: d.AccountID, ThreadID: d.ThreadID,
		Chain: string(d.Chain), Event: string(d.Kind), URL: withoutQuery(d.URL),
		State: management.DeliveryState(d.State), Attempts: int64(d.Attempts),
		NextAttemptAt: optionalTime(d.NextAttemptAt), CreatedAt: d.CreatedAt, FinishedAt: optionalTime(d.FinishedAt),
	}
}

// withoutQuery is raw without its query, fragment and user information, which
// is where integrations keep secrets.
func withoutQuery(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// deliveryCursor is the place after d. Ids of two tables do not order each
// other, so the time leads.
func deliveryCursor(d domain.JournaledDelivery) *string {
	place := strconv.FormatInt(d.CreatedAt.UnixMilli(), 10) + " " + d.PublicID
	return new(base64.RawURLEncoding.EncodeToString([]byte(place)))
}

func readDeliveryCursor(cursor string) (before time.Time, id string, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return time.Time{}, "", errCursor()
	}
	millis, id, ok := strings.Cut(string(raw), " ")
	ms, err := strconv.ParseInt(millis, 10, 64)
	if err != nil || !ok {
		return time.Time{}, "", errCursor()
	}
	return time.UnixMilli(ms).UTC(), id, nil
}
