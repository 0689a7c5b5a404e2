-- +goose Up
-- The nodes that are alive, by their own account; see package job.
CREATE TABLE nodes (
    id TEXT PRIMARY KEY,
    started_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL
);

-- +goose Down
DROP TABLE nodes;
