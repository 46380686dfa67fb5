-- The ledger: one row a tool call, written before its effect. Rows outlive edits, archives and
-- deletes of their chat, so there is no reference to it.
CREATE TABLE tool_calls (
    id               uuid PRIMARY KEY,
    chat_id          uuid NOT NULL,
    owner_id         uuid NOT NULL,
    message_id       uuid NOT NULL,
    name             text NOT NULL,
    input            json NOT NULL,
    input_hash       bytea NOT NULL,
    state            text NOT NULL CHECK (state IN ('reserved', 'started', 'done', 'unknown')),
    -- Set when the result is no longer wanted; what was started has to be ended.
    cancel_requested boolean NOT NULL DEFAULT false,
    -- The effect was ended, or nothing had to be.
    cancel_done      boolean NOT NULL DEFAULT false,
    cancel_attempts  integer NOT NULL DEFAULT 0,
    cancel_after     timestamptz NOT NULL DEFAULT now(),
    -- Where a workspace call takes effect: the workspace, and the daemon's store.
    workspace_id     uuid,
    store_id         text,
    -- The lease of the owner that started it last.
    lease            bigint NOT NULL DEFAULT 0,
    result           json,
    is_error         boolean,
    duration_ms      bigint,
    created_at       timestamptz NOT NULL DEFAULT now(),
    started_at       timestamptz,
    done_at          timestamptz
);

CREATE INDEX tool_calls_by_chat ON tool_calls (chat_id, created_at);
CREATE INDEX tool_calls_to_cancel ON tool_calls (cancel_after)
    WHERE cancel_requested AND NOT cancel_done;
