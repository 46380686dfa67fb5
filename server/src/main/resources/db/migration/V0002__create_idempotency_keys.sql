CREATE TABLE idempotency_keys (
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    key          text NOT NULL,
    -- SHA-256 of the operation and the body.
    request_hash bytea NOT NULL,
    -- The id of what the request creates, the same each time it is repeated.
    new_id       uuid NOT NULL,
    -- Until when the request that carries it out may take.
    held_until   timestamptz NOT NULL,
    -- The answer; null until there is one.
    status       integer,
    media_type   text,
    body         bytea,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (user_id, key)
);

CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
