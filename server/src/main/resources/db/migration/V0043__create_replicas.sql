-- Control planes that work on this database. An ordinary table: an unlogged one is empty after a
-- crash of PostgreSQL and would make every replica look dead.
CREATE TABLE replicas (
    id         uuid PRIMARY KEY,
    -- Held as a session's advisory lock while the replica lives.
    lock_key   bigint NOT NULL UNIQUE,
    beat_at    timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz NOT NULL DEFAULT now()
);
