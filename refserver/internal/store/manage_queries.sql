-- name: ListAccounts :many
SELECT * FROM accounts WHERE id > sqlc.arg(after) ORDER BY id LIMIT sqlc.arg(page_size);

-- name: UpdateAccount :execrows
UPDATE accounts SET name = @name, emergency_url = @emergency_url WHERE id = @id;

-- name: ListAPIKeys :many
SELECT * FROM api_keys WHERE account_id = @account_id AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page_size);

-- name: APIKeyByHash :one
SELECT * FROM api_keys WHERE hash = @hash;

-- name: RevokeAPIKey :execrows
UPDATE api_keys SET revoked_ms = sqlc.arg(revoked_ms)
WHERE account_id = @account_id AND id = @id AND revoked_ms IS NULL;

-- name: LastSalesAIID :one
SELECT CAST(COALESCE(MAX(id), 0) AS BIGINT) AS id FROM sales_ais WHERE account_id = @account_id;

-- name: InsertSalesAI :one
INSERT INTO sales_ais (account_id, id, name, product, goal, follow_up_delay_ms, created_ms, updated_ms)
VALUES (@account_id, @id, @name, @product, @goal, @follow_up_delay_ms, @created_ms, @updated_ms)
RETURNING *;

-- name: UpdateSalesAI :execrows
UPDATE sales_ais SET
    name = @name, product = @product, goal = @goal,
    follow_up_delay_ms = @follow_up_delay_ms, updated_ms = @updated_ms
WHERE account_id = @account_id AND id = @id;

-- name: DeleteSalesAI :execrows
DELETE FROM sales_ais WHERE account_id = @account_id AND id = @id;

-- name: SalesAIByID :one
SELECT * FROM sales_ais WHERE account_id = @account_id AND id = @id;

-- name: ListSalesAIs :many
SELECT * FROM sales_ais WHERE account_id = @account_id AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page_size);

-- name: TouchKnowledge :exec
INSERT INTO knowledge_versions (account_id, version) VALUES (@account_id, 1)
ON CONFLICT (account_id) DO UPDATE SET version = knowledge_versions.version + 1;

-- name: KnowledgeVersion :one
SELECT version FROM knowledge_versions WHERE account_id = @account_id;

-- name: InsertKnowledgeEntry :one
INSERT INTO knowledge_entries (account_id, ai_id, title, text, source, created_ms, updated_ms)
VALUES (@account_id, @ai_id, @title, @text, @source, @created_ms, @updated_ms)
RETURNING *;

-- name: UpdateKnowledgeEntry :execrows
UPDATE knowledge_entries SET ai_id = @ai_id, title = @title, text = @text, updated_ms = @updated_ms
WHERE account_id = @account_id AND id = @id;

-- name: DeleteKnowledgeEntry :execrows
DELETE FROM knowledge_entries WHERE account_id = @account_id AND id = @id;

-- name: DeleteKnowledgeOfSource :execrows
DELETE FROM knowledge_entries WHERE account_id = @account_id AND source = @source;

-- name: DeleteKnowledgeOfAI :execrows
DELETE FROM knowledge_entries WHERE account_id = @account_id AND ai_id = sqlc.arg(ai_id);

-- name: KnowledgeEntryByID :one
SELECT * FROM knowledge_entries WHERE account_id = @account_id AND id = @id;

-- name: ListKnowledgeEntries :many
SELECT * FROM knowledge_entries WHERE account_id = @account_id AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page_size);

-- name: InsertExchange :exec
INSERT INTO exchanges (request_id, account_id, contract, operation, method, status, request_bytes, response_bytes, started_ms, duration_us)
VALUES (@request_id, @account_id, @contract, @operation, @method, @status, @request_bytes, @response_bytes, @started_ms, @duration_us);

-- name: PruneExchanges :execrows
DELETE FROM exchanges
WHERE id <= (SELECT CAST(COALESCE(MAX(latest.id), 0) AS BIGINT) FROM exchanges AS latest) - CAST(sqlc.arg(keep) AS BIGINT);

-- name: ListExchanges :many
SELECT * FROM exchanges
WHERE id < sqlc.arg(before)
    AND (CAST(sqlc.arg(of_account) AS BIGINT) = 0 OR account_id = sqlc.arg(of_account))
    AND (CAST(sqlc.arg(of_operation) AS TEXT) = '' OR operation = sqlc.arg(of_operation))
ORDER BY id DESC LIMIT sqlc.arg(page_size);

-- name: ListDeliveries :many
SELECT * FROM (
    SELECT deliveries.public_id, deliveries.account_id, deliveries.conversation_id AS thread_id, deliveries.chain,
        events.kind, deliveries.url, deliveries.state, deliveries.attempts, deliveries.next_attempt_ms,
        deliveries.created_ms, deliveries.finished_ms, CAST('maax' AS TEXT) AS vendor
    FROM deliveries JOIN events ON events.id = deliveries.event_id
    WHERE (deliveries.created_ms < sqlc.arg(before_ms)
            OR (deliveries.created_ms = sqlc.arg(before_ms) AND deliveries.public_id < sqlc.arg(before_id)))
        AND (CAST(sqlc.arg(of_account) AS BIGINT) = 0 OR deliveries.account_id = sqlc.arg(of_account))
        AND (CAST(sqlc.arg(of_state) AS TEXT) = '' OR deliveries.state = sqlc.arg(of_state))
    UNION ALL
    SELECT maia_deliveries.public_id, maia_deliveries.account_id, maia_deliveries.session_id AS thread_id, maia_deliveries.chain,
        maia_events.kind, maia_deliveries.url, maia_deliveries.state, maia_deliveries.attempts, maia_deliveries.next_attempt_ms,
        maia_deliveries.created_ms, maia_deliveries.finished_ms, CAST('maia' AS TEXT) AS vendor
    FROM maia_deliveries JOIN maia_events ON maia_events.id = maia_deliveries.event_id
    WHERE (maia_deliveries.created_ms < sqlc.arg(before_ms)
            OR (maia_deliveries.created_ms = sqlc.arg(before_ms) AND maia_deliveries.public_id < sqlc.arg(before_id)))
        AND (CAST(sqlc.arg(of_account) AS BIGINT) = 0 OR maia_deliveries.account_id = sqlc.arg(of_account))
        AND (CAST(sqlc.arg(of_state) AS TEXT) = '' OR maia_deliveries.state = sqlc.arg(of_state))
) AS both_vendors
ORDER BY created_ms DESC, public_id DESC LIMIT sqlc.arg(page_size);

-- name: DeliveryByPublicID :one
SELECT sqlc.embed(deliveries), events.kind FROM deliveries
JOIN events ON events.id = deliveries.event_id
WHERE deliveries.public_id = @public_id;

-- name: MaiaDeliveryByPublicID :one
SELECT sqlc.embed(maia_deliveries), maia_events.kind FROM maia_deliveries
JOIN maia_events ON maia_events.id = maia_deliveries.event_id
WHERE maia_deliveries.public_id = @public_id;

-- name: MaiaAttemptsOfDelivery :many
SELECT * FROM maia_attempts WHERE delivery_id = @delivery_id ORDER BY number;

-- name: ReopenDelivery :execrows
UPDATE deliveries SET state = 'pending', finished_ms = NULL, next_attempt_ms = sqlc.arg(next_attempt_ms)
WHERE id = @id AND state = @state;

-- name: ReopenMaiaDelivery :execrows
UPDATE maia_deliveries SET state = 'pending', finished_ms = NULL, next_attempt_ms = sqlc.arg(next_attempt_ms)
WHERE id = @id AND state = @state;
