-- A chat and the state of its work. Only ChatTransitions writes here, under the row's lock.
CREATE TABLE chats (
    id              uuid PRIMARY KEY,
    owner_id        uuid NOT NULL REFERENCES users (id),
    -- A sub-agent's: the chat and the tool call that spawned it.
    parent_id       uuid REFERENCES chats (id) ON DELETE CASCADE,
    parent_call_id  uuid,
    title           text NOT NULL,
    -- Who made the title; the model replaces only one that was cut from the prompt.
    title_source    text NOT NULL CHECK (title_source IN ('prompt', 'model', 'user')),
    status          text NOT NULL CHECK (status IN
                        ('pending', 'running', 'interrupting', 'requires_action', 'waiting', 'error')),
    archived        boolean NOT NULL DEFAULT false,
    pinned          boolean NOT NULL DEFAULT false,
    labels          jsonb NOT NULL DEFAULT '{}',
    -- Models and workspaces may be gone before the history that names them.
    model_id        uuid,
    workspace_id    uuid,
    last_error      text,
    -- Counts the transitions.
    version         bigint NOT NULL DEFAULT 1,
    -- The next message's place in the history.
    next_seq        bigint NOT NULL DEFAULT 1,
    -- The fence: each new owner has a greater one, and a write with a lower one is refused.
    lease           bigint NOT NULL DEFAULT 0,
    worker_id       uuid,
    input_tokens       bigint NOT NULL DEFAULT 0,
    output_tokens      bigint NOT NULL DEFAULT 0,
    cache_read_tokens  bigint NOT NULL DEFAULT 0,
    cache_write_tokens bigint NOT NULL DEFAULT 0,
    reasoning_tokens   bigint NOT NULL DEFAULT 0,
    cost_usd           numeric,
    -- What the last request and its answer took of the model's window, and that window.
    context_used_tokens  bigint NOT NULL DEFAULT 0,
    context_limit_tokens bigint NOT NULL DEFAULT 0,
    status_since    timestamptz NOT NULL DEFAULT now(),
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (parent_id, parent_call_id),
    CHECK ((worker_id IS NOT NULL) = (status IN ('running', 'interrupting')))
);

-- Claims: owners with pending chats, and the oldest of each.
CREATE INDEX chats_pending ON chats (owner_id, status_since) WHERE status = 'pending';
CREATE INDEX chats_owned ON chats (worker_id) WHERE worker_id IS NOT NULL;
CREATE INDEX chats_by_owner ON chats (owner_id, updated_at DESC, id DESC);
-- The poll that makes notifications a mere hint.
CREATE INDEX chats_changed ON chats (updated_at);
