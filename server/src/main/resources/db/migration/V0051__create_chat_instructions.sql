-- What a chat's model was told of its workspace's own instructions (AGENTS.md, skills), and where
-- in the history. Never changed: what is different later is told later, so that a request to the
-- model begins with the one before it.
CREATE TABLE chat_instructions (
    id           uuid PRIMARY KEY,
    chat_id      uuid NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    -- It stands right behind the message with this place.
    after_seq    bigint NOT NULL,
    workspace_id uuid NOT NULL,
    -- [{path, bytes, truncated, sha256}]: told here, instead of what was told of the same path.
    files        json NOT NULL,
    -- Paths that were told before and are not there any more.
    gone         json NOT NULL,
    -- [{name, description, path}], all of them, when they were told here.
    skills       json,
    -- What the model reads.
    text         text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX chat_instructions_by_chat ON chat_instructions (chat_id, after_seq, id);

-- Counts what was told, so that readers of the chat's events learn of it.
ALTER TABLE chats ADD COLUMN instructions bigint NOT NULL DEFAULT 0;
