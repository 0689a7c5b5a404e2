-- name: InsertMaiaToken :exec
INSERT INTO maia_tokens (account_id, hash, created_ms)
VALUES (@account_id, @hash, @created_ms);

-- name: RevokeMaiaTokens :execrows
UPDATE maia_tokens SET revoked_ms = sqlc.arg(revoked_ms)
WHERE account_id = @account_id AND revoked_ms IS NULL;

-- name: MaiaTokenByHash :one
SELECT sqlc.embed(accounts), maia_tokens.revoked_ms FROM maia_tokens
JOIN accounts ON accounts.id = maia_tokens.account_id
WHERE maia_tokens.hash = @hash;

-- name: PutMaiaSetup :exec
INSERT INTO maia_setups (account_id, document, updated_ms)
VALUES (@account_id, @document, @updated_ms)
ON CONFLICT (account_id) DO UPDATE SET document = excluded.document, updated_ms = excluded.updated_ms;

-- name: MaiaSetup :one
SELECT * FROM maia_setups WHERE account_id = @account_id;

-- name: ClearMaiaChannels :exec
DELETE FROM maia_channels WHERE account_id = @account_id;

-- name: InsertMaiaChannel :exec
INSERT INTO maia_channels (account_id, public_id) VALUES (@account_id, @public_id);

-- name: MaiaChannelOwners :many
SELECT account_id FROM maia_channels WHERE public_id = @public_id;

-- name: InsertMaiaFile :exec
INSERT INTO maia_files (account_id, file_key, name, content_type, size, created_ms)
VALUES (@account_id, @file_key, @name, @content_type, @size, @created_ms);

-- name: MaiaFileByKey :one
SELECT * FROM maia_files WHERE file_key = @file_key;

-- name: InsertMaiaSession :one
INSERT INTO maia_sessions (account_id, public_id, name, channel_id, external_user_id, agent_id, kanban_id, ai_paused, next_seq, created_ms, updated_ms)
VALUES (@account_id, @public_id, @name, @channel_id, @external_user_id, @agent_id, @kanban_id, @ai_paused, 1, @created_ms, @updated_ms)
RETURNING *;

-- name: MaiaSessionByID :one
SELECT * FROM maia_sessions WHERE id = @id;

-- name: MaiaSessionByPublicID :one
SELECT * FROM maia_sessions WHERE account_id = @account_id AND public_id = @public_id;

-- name: UpdateMaiaSession :exec
UPDATE maia_sessions SET
    channel_id = @channel_id, external_user_id = @external_user_id,
    agent_id = @agent_id, kanban_id = @kanban_id, updated_ms = @updated_ms
WHERE id = @id;

-- name: SetMaiaSessionPaused :execrows
UPDATE maia_sessions SET ai_paused = @ai_paused, updated_ms = @updated_ms
WHERE id = @id AND ai_paused = @expected;

-- name: LockMaiaSession :execrows
UPDATE maia_sessions SET next_seq = next_seq WHERE id = @id;

-- name: TakeMaiaSeq :one
UPDATE maia_sessions SET next_seq = next_seq + 1, updated_ms = @updated_ms
WHERE id = @id
RETURNING CAST(next_seq - 1 AS BIGINT) AS seq;

-- name: InsertMaiaMessage :one
INSERT INTO maia_messages (account_id, session_id, public_id, seq, author, channel_id, agent_id, text, attachments, status, reply_to, confidence, source, created_ms)
VALUES (@account_id, @session_id, @public_id, @seq, @author, @channel_id, @agent_id, @text, @attachments, @status, @reply_to, @confidence, @source, @created_ms)
RETURNING *;

-- name: MaiaMessageByID :one
SELECT * FROM maia_messages WHERE id = @id;

-- name: MaiaMessageByPublicID :one
SELECT * FROM maia_messages WHERE session_id = @session_id AND public_id = @public_id;

-- name: MaiaMessageByProviderID :one
SELECT * FROM maia_messages WHERE session_id = @session_id AND provider_msg_id = sqlc.arg(provider_msg_id);

-- name: MaiaReplyTo :one
SELECT * FROM maia_messages WHERE reply_to = sqlc.arg(reply_to);

-- name: MaiaMessagesInSession :many
SELECT * FROM maia_messages WHERE session_id = @session_id ORDER BY seq;

-- name: LinkMaiaMessage :exec
UPDATE maia_messages SET provider_msg_id = sqlc.arg(provider_msg_id) WHERE id = @id;

-- name: SetMaiaMessageStatus :execrows
UPDATE maia_messages SET status = @status WHERE id = @id AND status = @expected;

-- name: AddMaiaReaction :exec
INSERT INTO maia_reactions (message_id, emoji, created_ms)
VALUES (@message_id, @emoji, @created_ms)
ON CONFLICT (message_id, emoji) DO NOTHING;

-- name: RemoveMaiaReaction :exec
DELETE FROM maia_reactions WHERE message_id = @message_id AND emoji = @emoji;

-- name: ClearMaiaReactions :exec
DELETE FROM maia_reactions WHERE message_id = @message_id;

-- name: MaiaReactionsInSession :many
SELECT maia_reactions.* FROM maia_reactions
JOIN maia_messages ON maia_messages.id = maia_reactions.message_id
WHERE maia_messages.session_id = @session_id
ORDER BY maia_reactions.id;

-- name: InsertMaiaRecord :one
INSERT INTO maia_records (account_id, session_id, public_id, kanban_id, title, status, custom_fields, created_by, created_ms)
VALUES (@account_id, @session_id, @public_id, @kanban_id, @title, @status, @custom_fields, @created_by, @created_ms)
RETURNING *;

-- name: MaiaRecordByPublicID :one
SELECT * FROM maia_records
WHERE account_id = @account_id AND public_id = @public_id AND deleted_ms IS NULL;

-- name: MaiaRecordsInSession :many
SELECT * FROM maia_records WHERE session_id = @session_id AND deleted_ms IS NULL ORDER BY id;

-- name: SetMaiaRecordFields :execrows
UPDATE maia_records SET custom_fields = @custom_fields WHERE id = @id AND deleted_ms IS NULL;

-- name: DeleteMaiaRecord :execrows
UPDATE maia_records SET deleted_ms = sqlc.arg(deleted_ms) WHERE id = @id AND deleted_ms IS NULL;

-- name: InsertMaiaEvent :one
INSERT INTO maia_events (account_id, session_id, kind, message_id, record_id, created_ms)
VALUES (@account_id, @session_id, @kind, @message_id, @record_id, @created_ms)
RETURNING *;

-- name: MaiaEventsInSession :many
SELECT * FROM maia_events WHERE session_id = @session_id ORDER BY id;

-- name: InsertMaiaDelivery :one
INSERT INTO maia_deliveries (public_id, account_id, session_id, chain, event_id, url, body, signature, state, attempts, created_ms)
VALUES (@public_id, @account_id, @session_id, @chain, @event_id, @url, @body, @signature, 'pending', 0, @created_ms)
RETURNING *;

-- name: MaiaDeliveryByID :one
SELECT * FROM maia_deliveries WHERE id = @id;

-- name: MaiaHeadOfChain :one
SELECT * FROM maia_deliveries
WHERE session_id = @session_id AND chain = @chain AND state = 'pending'
ORDER BY id LIMIT 1;

-- name: MaiaDeliveriesInSession :many
SELECT * FROM maia_deliveries WHERE session_id = @session_id ORDER BY id;

-- name: SettleMaiaDelivery :execrows
UPDATE maia_deliveries SET state = @state, attempts = attempts + 1, next_attempt_ms = NULL, finished_ms = @finished_ms
WHERE id = @id AND state = 'pending' AND attempts = @attempts;

-- name: PostponeMaiaDelivery :execrows
UPDATE maia_deliveries SET attempts = attempts + 1, next_attempt_ms = @next_attempt_ms
WHERE id = @id AND state = 'pending' AND attempts = @attempts;

-- name: InsertMaiaAttempt :exec
INSERT INTO maia_attempts (delivery_id, number, status, outcome, reason, started_ms, duration_ms)
VALUES (@delivery_id, @number, @status, @outcome, @reason, @started_ms, @duration_ms);
