-- +goose Up
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    emergency_url TEXT NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE api_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    hash TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    revoked_ms INTEGER
) STRICT;

CREATE TABLE prospects (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    phone TEXT NOT NULL,
    phone_key TEXT NOT NULL,
    facebook TEXT NOT NULL,
    instagram TEXT NOT NULL,
    intercom TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX prospects_email ON prospects (account_id, email_key) WHERE email_key <> '';
CREATE INDEX prospects_phone ON prospects (account_id, phone_key) WHERE phone_key <> '';

CREATE TABLE conversations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    prospect_id INTEGER NOT NULL REFERENCES prospects (id),
    next_seq INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX conversations_latest ON conversations (prospect_id, updated_ms, id);

CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    conversation_id INTEGER NOT NULL REFERENCES conversations (id),
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('question', 'answer', 'follow_up')),
    text TEXT NOT NULL,
    service_type TEXT NOT NULL,
    platform TEXT NOT NULL,
    ai_id INTEGER,
    output_format TEXT NOT NULL CHECK (output_format IN ('plain', 'html')),
    send_response_url TEXT NOT NULL,
    followup_url TEXT NOT NULL,
    reply_to INTEGER REFERENCES messages (id),
    confidence REAL NOT NULL,
    source TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    UNIQUE (conversation_id, seq),
    UNIQUE (reply_to, kind)
) STRICT;

CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    conversation_id INTEGER NOT NULL REFERENCES conversations (id),
    kind TEXT NOT NULL,
    message_id INTEGER NOT NULL REFERENCES messages (id),
    created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX events_message ON events (message_id);

CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    conversation_id INTEGER NOT NULL REFERENCES conversations (id),
    chain TEXT NOT NULL,
    event_id INTEGER NOT NULL REFERENCES events (id),
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'exhausted', 'refused')),
    attempts INTEGER NOT NULL,
    next_attempt_ms INTEGER,
    created_ms INTEGER NOT NULL,
    finished_ms INTEGER
) STRICT;
CREATE INDEX deliveries_chain ON deliveries (conversation_id, chain, id) WHERE state = 'pending';
CREATE INDEX deliveries_event ON deliveries (event_id);

CREATE TABLE attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery_id INTEGER NOT NULL REFERENCES deliveries (id),
    number INTEGER NOT NULL,
    status INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    UNIQUE (delivery_id, number)
) STRICT;

CREATE TABLE probe (
    id INTEGER PRIMARY KEY,
    written_ms INTEGER NOT NULL,
    filler TEXT NOT NULL
) STRICT;
INSERT INTO probe (id, written_ms, filler) VALUES (1, 0, '');

-- +goose Down
DROP TABLE probe;
DROP TABLE attempts;
DROP TABLE deliveries;
DROP TABLE events;
DROP TABLE messages;
DROP TABLE conversations;
DROP TABLE prospects;
DROP TABLE api_keys;
DROP TABLE accounts;
