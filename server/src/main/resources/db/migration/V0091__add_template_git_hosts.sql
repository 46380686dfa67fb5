-- Where git may log in from this template's workspaces: hosts, *.domain, or * for everywhere.
ALTER TABLE templates ADD COLUMN git_hosts text[] NOT NULL DEFAULT '{*}';
