-- +goose Up
CREATE TABLE sales_ais (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    product TEXT NOT NULL,
    goal TEXT NOT NULL,
    follow_up_delay_ms INTEGER,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT;

CREATE TABLE knowledge_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    ai_id INTEGER,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    source TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    FOREIGN KEY (account_id, ai_id) REFERENCES sales_ais (account_id, id)
) STRICT;
CREATE INDEX knowledge_entries_account ON knowledge_entries (account_id, id);

-- Counts the changes of an account's knowledge, so that who keeps an index of
-- it knows when to read it again.
CREATE TABLE knowledge_versions (
    account_id INTEGER PRIMARY KEY REFERENCES accounts (id),
    version INTEGER NOT NULL
) STRICT;

-- The journal of what was received. An exchange without a known account has
-- none.
CREATE TABLE exchanges (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id TEXT NOT NULL,
    account_id INTEGER REFERENCES accounts (id),
    contract TEXT NOT NULL,
    operation TEXT NOT NULL,
    method TEXT NOT NULL,
    status INTEGER NOT NULL,
    request_bytes INTEGER NOT NULL,
    response_bytes INTEGER NOT NULL,
    started_ms INTEGER NOT NULL,
    duration_us INTEGER NOT NULL
) STRICT;

CREATE INDEX deliveries_created ON deliveries (created_ms, public_id);
CREATE INDEX maia_deliveries_created ON maia_deliveries (created_ms, public_id);
CREATE INDEX api_keys_account ON api_keys (account_id, id);

-- +goose Down
DROP INDEX api_keys_account;
DROP INDEX maia_deliveries_created;
DROP INDEX deliveries_created;
DROP TABLE exchanges;
DROP TABLE knowledge_versions;
DROP TABLE knowledge_entries;
DROP TABLE sales_ais;
