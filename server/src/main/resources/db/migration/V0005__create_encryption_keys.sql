-- Which keys values were sealed with, by fingerprint: a server without one of them must not start.
CREATE TABLE encryption_keys (
    id         text PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now()
);
