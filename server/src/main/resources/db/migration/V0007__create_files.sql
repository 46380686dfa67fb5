CREATE TABLE files (
    id         uuid PRIMARY KEY,
    owner_id   uuid NOT NULL REFERENCES users,
    name       text NOT NULL,
    -- As sniffed from the content, not as the client said.
    media_type text NOT NULL,
    content    bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX files_owner_id ON files (owner_id);
