CREATE TABLE git_credentials (
    user_id       uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    -- In lower case, with :port where it is not the scheme's own.
    host          text NOT NULL CHECK (host = lower(host)),
    username      text NOT NULL,
    -- The password or token, sealed: see encryption_keys; and its last four characters.
    sealed_token  bytea NOT NULL,
    sealed_with   text NOT NULL REFERENCES encryption_keys,
    token_hint    text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    last_used_at  timestamptz,
    PRIMARY KEY (user_id, host)
);
