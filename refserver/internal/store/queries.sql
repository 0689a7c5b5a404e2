-- name: InsertAccount :one
INSERT INTO accounts (name, emergency_url, created_ms)
VALUES (@name, @emergency_url, @created_ms)
RETURNING *;

-- name: AccountByName :one
SELECT * FROM accounts WHERE name = @name ORDER BY id LIMIT 1;

-- name: AccountByID :one
SELECT * FROM accounts WHERE id = @id;

-- name: SetEmergencyURL :exec
UPDATE accounts SET emergency_url = @emergency_url WHERE id = @id;

-- name: LockAccount :execrows
UPDATE accounts SET name = name WHERE id = @id;

-- name: InsertAPIKey :exec
INSERT INTO api_keys (account_id, hash, label, created_ms)
VALUES (@account_id, @hash, @label, @created_ms);

-- name: RevokeAPIKeys :execrows
UPDATE api_keys SET revoked_ms = sqlc.arg(revoked_ms)
WHERE account_id = @account_id AND label = @label AND revoked_ms IS NULL;

-- name: AccountByKeyHash :one
SELECT accounts.* FROM accounts
JOIN api_keys ON api_keys.account_id = accounts.id
WHERE api_keys.hash = @hash AND api_keys.revoked_ms IS NULL;

-- name: InsertProspect :one
INSERT INTO prospects (account_id, first_name, last_name, email, email_key, phone, phone_key, facebook, instagram, intercom, created_ms, updated_ms)
VALUES (@account_id, @first_name, @last_name, @email, @email_key, @phone, @phone_key, @facebook, @instagram, @intercom, @created_ms, @updated_ms)
RETURNING *;

-- name: UpdateProspect :exec
UPDATE prospects SET
    first_name = @first_name, last_name = @last_name,
    email = @email, email_key = @email_key,
    phone = @phone, phone_key = @phone_key,
    facebook = @facebook, instagram = @instagram, intercom = @intercom,
    updated_ms = @updated_ms
WHERE id = @id;

-- name: ProspectByID :one
SELECT * FROM prospects WHERE id = @id;

-- name: ProspectByEmail :one
SELECT * FROM prospects
WHERE account_id = @account_id AND email_key = @email_key AND email_key <> ''
ORDER BY updated_ms DESC, id DESC LIMIT 1;

-- name: ProspectByPhone :one
SELECT * FROM prospects
WHERE account_id = @account_id AND phone_key = @phone_key AND phone_key <> ''
ORDER BY updated_ms DESC, id DESC LIMIT 1;

-- name: InsertConversation :one
INSERT INTO conversations (account_id, prospect_id, next_seq, created_ms, updated_ms)
VALUES (@account_id, @prospect_id, 1, @created_ms, @updated_ms)
RETURNING *;

-- name: ConversationByID :one
SELECT * FROM conversations WHERE id = @id;

-- name: LatestConversation :one
SELECT * FROM conversations WHERE prospect_id = @prospect_id
ORDER BY updated_ms DESC, id DESC LIMIT 1;

-- name: LockConversation :execrows
UPDATE conversations SET next_seq = next_seq WHERE id = @id;

-- name: TakeSeq :one
UPDATE conversations SET next_seq = next_seq + 1, updated_ms = @updated_ms
WHERE id = @id
RETURNING CAST(next_seq - 1 AS BIGINT) AS seq;

-- name: InsertMessage :one
INSERT INTO messages (account_id, conversation_id, seq, kind, text, service_type, platform, ai_id, output_format, send_response_url, followup_url, reply_to, confidence, source, created_ms)
VALUES (@account_id, @conversation_id, @seq, @kind, @text, @service_type, @platform, @ai_id, @output_format, @send_response_url, @followup_url, @reply_to, @confidence, @source, @created_ms)
RETURNING *;

-- name: MessageByID :one
SELECT * FROM messages WHERE id = @id;

-- name: ReplyTo :one
SELECT * FROM messages WHERE reply_to = @reply_to AND kind = @kind;

-- name: MessagesInConversation :many
SELECT * FROM messages WHERE conversation_id = @conversation_id ORDER BY seq;

-- name: LatestQuestion :one
SELECT * FROM messages
WHERE conversation_id = @conversation_id AND kind = 'question'
ORDER BY seq DESC LIMIT 1;

-- name: InsertEvent :one
INSERT INTO events (account_id, conversation_id, kind, message_id, created_ms)
VALUES (@account_id, @conversation_id, @kind, @message_id, @created_ms)
RETURNING *;

-- name: InsertDelivery :one
INSERT INTO deliveries (public_id, account_id, conversation_id, chain, event_id, url, body, state, attempts, next_attempt_ms, created_ms)
VALUES (@public_id, @account_id, @conversation_id, @chain, @event_id, @url, @body, 'pending', 0, @next_attempt_ms, @created_ms)
RETURNING *;

-- name: DeliveryByID :one
SELECT * FROM deliveries WHERE id = @id;

-- name: HeadOfChain :one
SELECT * FROM deliveries
WHERE conversation_id = @conversation_id AND chain = @chain AND state = 'pending'
ORDER BY id LIMIT 1;

-- name: DeliveriesOfMessage :many
SELECT deliveries.* FROM deliveries
JOIN events ON events.id = deliveries.event_id
WHERE events.message_id = @message_id
ORDER BY deliveries.id;

-- name: SettleDelivery :execrows
UPDATE deliveries SET state = @state, attempts = attempts + 1, next_attempt_ms = NULL, finished_ms = @finished_ms
WHERE id = @id AND state = 'pending' AND attempts = @attempts;

-- name: PostponeDelivery :execrows
UPDATE deliveries SET attempts = attempts + 1, next_attempt_ms = @next_attempt_ms
WHERE id = @id AND state = 'pending' AND attempts = @attempts;

-- name: InsertAttempt :exec
INSERT INTO attempts (delivery_id, number, status, outcome, reason, started_ms, duration_ms)
VALUES (@delivery_id, @number, @status, @outcome, @reason, @started_ms, @duration_ms);

-- name: AttemptsOfDelivery :many
SELECT * FROM attempts WHERE delivery_id = @delivery_id ORDER BY number;

-- name: WriteProbe :exec
UPDATE probe SET written_ms = @written_ms, filler = @filler WHERE id = 1;
