ALTER TABLE chats
    -- Somebody asked for a summary: it is the chat's next step.
    ADD COLUMN compaction_requested boolean NOT NULL DEFAULT false,
    -- The model was made to forget all messages up to this one.
    ADD COLUMN cleared_seq          bigint NOT NULL DEFAULT 0;

-- What goes to the model, however much was compressed before.
CREATE INDEX messages_uncompressed ON messages (chat_id, seq) WHERE NOT compressed;
