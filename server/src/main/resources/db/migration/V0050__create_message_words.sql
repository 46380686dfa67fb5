-- The words of what users and models said, for the search over chats. A table of its own, so that
-- rewriting a message's row (compaction does) leaves the index alone.
CREATE TABLE message_words (
    message_id uuid PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    owner_id   uuid NOT NULL,
    -- The chat that a list shows: of a sub-agent's message, its parent.
    chat_id    uuid NOT NULL,
    words      tsvector NOT NULL
);

CREATE INDEX message_words_words ON message_words USING gin (words);
CREATE INDEX message_words_by_owner ON message_words (owner_id);

INSERT INTO message_words (message_id, owner_id, chat_id, words)
SELECT m.id, c.owner_id, coalesce(c.parent_id, c.id), array_to_tsvector(w.words)
FROM messages m
JOIN chats c ON c.id = m.chat_id
CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT left(word, 64)) AS words
    FROM json_array_elements(m.parts) part,
         regexp_split_to_table(lower(left(part ->> 'text', 100000)), '[^[:alnum:]]+') word
    WHERE part ->> 'type' = 'text' AND word <> ''
) w
WHERE m.role IN ('user', 'assistant') AND w.words IS NOT NULL;

CREATE INDEX chats_by_parent ON chats (parent_id) WHERE parent_id IS NOT NULL;
