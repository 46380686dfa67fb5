-- From which message on a chat's history is sent to the model: what stands before is compressed. So
-- that reading the history costs nothing for what it leaves out, whatever the planner believes.
ALTER TABLE chats ADD COLUMN context_seq bigint NOT NULL DEFAULT 1;

UPDATE chats c SET context_seq = coalesce(
    (SELECT min(m.seq) FROM messages m WHERE m.chat_id = c.id AND NOT m.compressed), c.next_seq);

DROP INDEX messages_uncompressed;
