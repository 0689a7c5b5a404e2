-- +goose Up
CREATE TABLE maia_tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    hash TEXT NOT NULL UNIQUE,
    created_ms INTEGER NOT NULL,
    revoked_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX maia_tokens_active ON maia_tokens (account_id) WHERE revoked_ms IS NULL;

CREATE TABLE maia_setups (
    account_id INTEGER PRIMARY KEY REFERENCES accounts (id),
    document TEXT NOT NULL,
    updated_ms INTEGER NOT NULL
) STRICT;

-- Who has which channel; all else about a channel is in the setup.
CREATE TABLE maia_channels (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    public_id TEXT NOT NULL,
    PRIMARY KEY (public_id, account_id)
) STRICT;

CREATE TABLE maia_files (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    file_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE maia_sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    public_id TEXT NOT NULL,
    name TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    external_user_id TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    kanban_id TEXT NOT NULL,
    ai_paused INTEGER NOT NULL CHECK (ai_paused IN (0, 1)),
    next_seq INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    UNIQUE (account_id, public_id)
) STRICT;

CREATE TABLE maia_messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    session_id INTEGER NOT NULL REFERENCES maia_sessions (id),
    public_id TEXT NOT NULL UNIQUE,
    seq INTEGER NOT NULL,
    author TEXT NOT NULL CHECK (author IN ('customer', 'echo', 'agent', 'operator', 'device', 'system')),
    channel_id TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    text TEXT NOT NULL,
    attachments TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'sent', 'delivered', 'read', 'failed')),
    provider_msg_id TEXT,
    reply_to INTEGER REFERENCES maia_messages (id),
    confidence REAL NOT NULL,
    source TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    UNIQUE (session_id, seq),
    UNIQUE (session_id, provider_msg_id),
    UNIQUE (reply_to)
) STRICT;

CREATE TABLE maia_reactions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id INTEGER NOT NULL REFERENCES maia_messages (id),
    emoji TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    UNIQUE (message_id, emoji)
) STRICT;

CREATE TABLE maia_records (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    session_id INTEGER NOT NULL REFERENCES maia_sessions (id),
    public_id TEXT NOT NULL UNIQUE,
    kanban_id TEXT NOT NULL,
    title TEXT NOT NULL,
    status TEXT NOT NULL,
    custom_fields TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    deleted_ms INTEGER
) STRICT;
CREATE INDEX maia_records_session ON maia_records (session_id);

CREATE TABLE maia_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    session_id INTEGER NOT NULL REFERENCES maia_sessions (id),
    kind TEXT NOT NULL,
    message_id INTEGER REFERENCES maia_messages (id),
    record_id INTEGER REFERENCES maia_records (id),
    created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX maia_events_session ON maia_events (session_id);

CREATE TABLE maia_deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    session_id INTEGER NOT NULL REFERENCES maia_sessions (id),
    chain TEXT NOT NULL,
    event_id INTEGER NOT NULL REFERENCES maia_events (id),
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    signature TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'exhausted', 'refused')),
    attempts INTEGER NOT NULL,
    next_attempt_ms INTEGER,
    created_ms INTEGER NOT NULL,
    finished_ms INTEGER
) STRICT;
CREATE INDEX maia_deliveries_chain ON maia_deliveries (session_id, chain, id) WHERE state = 'pending';

CREATE TABLE maia_attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery_id INTEGER NOT NULL REFERENCES maia_deliveries (id),
    number INTEGER NOT NULL,
    status INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    UNIQUE (delivery_id, number)
) STRICT;

-- +goose Down
DROP TABLE maia_attempts;
DROP TABLE maia_deliveries;
DROP TABLE maia_events;
DROP TABLE maia_records;
DROP TABLE maia_reactions;
DROP TABLE maia_messages;
DROP TABLE maia_sessions;
DROP TABLE maia_files;
DROP TABLE maia_channels;
DROP TABLE maia_setups;
DROP TABLE maia_tokens;
