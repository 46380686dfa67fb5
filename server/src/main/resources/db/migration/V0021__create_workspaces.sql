CREATE TABLE workspaces (
    id                  uuid PRIMARY KEY,
    owner_id            uuid NOT NULL REFERENCES users (id),
    name                text NOT NULL,
    template_id         uuid NOT NULL REFERENCES templates (id),
    created_at          timestamptz NOT NULL DEFAULT now(),
    last_used_at        timestamptz,
    deleted_at          timestamptz,
    -- The node whose key this workspace's daemon proved; null until it came and after a stop.
    node_id             text,
    daemon_version      text,
    daemon_attached_at  timestamptz,
    -- Names the create_workspace call that made it, so that a repeated call finds it.
    created_by_call     uuid UNIQUE
);

CREATE UNIQUE INDEX workspaces_name_key ON workspaces (owner_id, lower(name)) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX workspaces_node_key ON workspaces (node_id) WHERE node_id IS NOT NULL;

CREATE TABLE builds (
    id                  uuid PRIMARY KEY,
    workspace_id        uuid NOT NULL REFERENCES workspaces (id),
    number              int NOT NULL,
    transition          text NOT NULL CHECK (transition IN ('start', 'stop', 'delete')),
    status              text NOT NULL
        CHECK (status IN ('pending', 'running', 'succeeded', 'failed', 'canceling', 'canceled')),
    error               text,
    template_version_id uuid NOT NULL REFERENCES template_versions (id),
    parameters          json NOT NULL,
    initiator_id        uuid REFERENCES users (id),
    -- SHA-256 of the token with which this build's daemon introduces itself.
    token_sha256        bytea UNIQUE,
    token_expires_at    timestamptz,
    created_at          timestamptz NOT NULL DEFAULT now(),
    started_at          timestamptz,
    finished_at         timestamptz,
    -- Who carries it out, and when he last said so.
    worker_id           uuid,
    beat_at             timestamptz,
    UNIQUE (workspace_id, number)
);

CREATE UNIQUE INDEX builds_active_key ON builds (workspace_id)
    WHERE status IN ('pending', 'running', 'canceling');

CREATE TABLE build_logs (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    build_id uuid NOT NULL REFERENCES builds (id),
    at       timestamptz NOT NULL DEFAULT now(),
    line     text NOT NULL
);

CREATE INDEX build_logs_build_idx ON build_logs (build_id, id);
