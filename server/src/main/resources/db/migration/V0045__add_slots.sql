-- How many chats may be worked on at once.
ALTER TABLE settings
    ADD COLUMN max_running_per_user    integer NOT NULL DEFAULT 1000 CHECK (max_running_per_user > 0),
    ADD COLUMN max_running_per_replica integer NOT NULL DEFAULT 2000 CHECK (max_running_per_replica > 0);

-- An owned chat that only waits for others, such as its sub-agents, takes no slot.
ALTER TABLE chats
    ADD COLUMN resting boolean NOT NULL DEFAULT false,
    ADD CHECK (NOT resting OR worker_id IS NOT NULL);
