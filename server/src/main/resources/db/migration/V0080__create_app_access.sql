-- Who may open which port of a workspace in the browser: one-time links, and the sessions that they
-- become on the port's own origin. Both end with the credential that made the link.
CREATE TABLE app_access (
  secret_sha256 bytea PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('link', 'session')),
  credential_id uuid NOT NULL,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  workspace_id uuid NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  port int NOT NULL CHECK (port BETWEEN 1 AND 65535),
  expires_at timestamptz NOT NULL
);

CREATE INDEX app_access_expires ON app_access (expires_at);
