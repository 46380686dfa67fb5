-- When a chat was put away, from which its retention counts.
ALTER TABLE chats ADD COLUMN archived_at timestamptz;
UPDATE chats SET archived_at = updated_at WHERE archived;
CREATE INDEX chats_archived ON chats (archived_at) WHERE archived AND parent_id IS NULL;

-- Days after which archived chats are deleted; 0 keeps them.
ALTER TABLE settings ADD COLUMN retention_days integer NOT NULL DEFAULT 0 CHECK (retention_days >= 0);
