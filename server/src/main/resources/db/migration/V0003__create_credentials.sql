-- Secrets are kept as SHA-256 only: each is 32 random bytes.
CREATE TABLE sessions (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    -- The cookie, good only together with the csrf secret; the token, good by itself.
    cookie_hash  bytea NOT NULL UNIQUE,
    csrf_hash    bytea NOT NULL,
    token_hash   bytea NOT NULL UNIQUE,
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL
);

CREATE INDEX sessions_user_id ON sessions (user_id);

CREATE TABLE tokens (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    name         text NOT NULL,
    hash         bytea NOT NULL UNIQUE,
    scope        text NOT NULL CHECK (scope IN ('all', 'read', 'workspaces')),
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz,
    expires_at   timestamptz NOT NULL
);

CREATE INDEX tokens_user_id ON tokens (user_id);

-- What lets the first user in, one a start; empty once there is a user.
CREATE TABLE setup_codes (
    hash       bytea PRIMARY KEY,
    created_at timestamptz NOT NULL
);

-- Links that sign a user in, once.
CREATE TABLE sign_in_links (
    hash       bytea PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);
