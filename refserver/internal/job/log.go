package job

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// jobLine gathers the one line that a job writes.
type jobLine struct {
	queue *Queue
	start time.Time
	attrs []slog.Attr
}

func (q *Queue) jobLine(row *rivertype.JobRow, attrs ...slog.Attr) *jobLine {
	attrs = append([]slog.Attr{
		slog.Int64("job_id", row.ID), slog.String("kind", row.Kind), slog.Int("attempt", row.Attempt),
	}, attrs...)
	return &jobLine{queue: q, start: time.Now(), attrs: attrs}
}

func (l *jobLine) add(attrs ...slog.Attr) { l.attrs = append(l.attrs, attrs...) }

// end writes the line. A snooze is not a failure.
func (l *jobLine) end(ctx context.Context, err error) {
	level := slog.LevelInfo
	l.add(slog.Duration("duration", time.Since(l.start)))
	var snooze *river.JobSnoozeError
	switch {
	case errors.As(err, &snooze):
		l.add(slog.Duration("snoozed", snooze.Duration))
	case err != nil:
		level = slog.LevelWarn
		l.add(slog.String("error", err.Error()))
	}
	l.queue.Logger.LogAttrs(ctx, level, "job", l.attrs...)
}
