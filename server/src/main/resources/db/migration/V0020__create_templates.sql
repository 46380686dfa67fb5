CREATE TABLE templates (
    id                uuid PRIMARY KEY,
    name              text NOT NULL,
    display_name      text NOT NULL,
    description       text NOT NULL,
    engine            text NOT NULL CHECK (engine IN ('local', 'external', 'docker', 'terraform')),
    active_version_id uuid NOT NULL,
    -- Made by the first start, not by a user; once deleted it does not come back.
    built_in          boolean NOT NULL DEFAULT false,
    deprecated        boolean NOT NULL DEFAULT false,
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    deleted_at        timestamptz
);

CREATE UNIQUE INDEX templates_name_key ON templates (lower(name)) WHERE deleted_at IS NULL;

CREATE TABLE template_versions (
    id          uuid PRIMARY KEY,
    template_id uuid NOT NULL REFERENCES templates (id),
    number      int NOT NULL,
    parameters  json NOT NULL,
    readme      text NOT NULL,
    -- The folder as it was uploaded; null for a version that has no files.
    archive     bytea,
    created_by  uuid REFERENCES users (id),
    created_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (template_id, number)
);

ALTER TABLE templates ADD CONSTRAINT templates_active_version_fkey
    FOREIGN KEY (active_version_id) REFERENCES template_versions (id) DEFERRABLE INITIALLY DEFERRED;
