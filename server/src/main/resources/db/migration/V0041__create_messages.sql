CREATE TABLE messages (
    id            uuid PRIMARY KEY,
    chat_id       uuid NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    seq           bigint NOT NULL,
    -- The chat's versions when the message was inserted and when it was last written.
    inserted_version bigint NOT NULL,
    version       bigint NOT NULL,
    role          text NOT NULL CHECK (role IN ('user', 'assistant', 'tool', 'summary')),
    -- json and not jsonb: the order of keys is part of the prompt's prefix.
    parts         json NOT NULL,
    finish        text CHECK (finish IN ('stop', 'length', 'refusal', 'interrupted', 'error')),
    compressed    boolean NOT NULL DEFAULT false,
    model_id      uuid,
    usage         json,
    created_at    timestamptz NOT NULL DEFAULT now(),
    UNIQUE (chat_id, seq)
);

CREATE INDEX messages_by_version ON messages (chat_id, version);

-- Messages that an edit removed: a reader that resumes learns of them.
CREATE TABLE removed_messages (
    chat_id    uuid NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    message_id uuid NOT NULL,
    version    bigint NOT NULL,
    PRIMARY KEY (chat_id, message_id)
);

CREATE TABLE queued_messages (
    id         uuid PRIMARY KEY,
    chat_id    uuid NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    -- The lowest goes first.
    position   bigint NOT NULL,
    parts      json NOT NULL,
    model_id   uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (chat_id, position)
);
