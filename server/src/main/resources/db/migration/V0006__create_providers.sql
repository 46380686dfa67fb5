CREATE TABLE providers (
    id           uuid PRIMARY KEY,
    name         text NOT NULL,
    kind         text NOT NULL,
    base_url     text,
    -- The key, sealed: see encryption_keys; and its last four characters, to recognise it by.
    sealed_key   bytea,
    sealed_with  text REFERENCES encryption_keys,
    key_hint     text,
    options      json NOT NULL DEFAULT '{}',
    version      bigint NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    CHECK ((sealed_key IS NULL) = (sealed_with IS NULL))
);

CREATE UNIQUE INDEX providers_name_key ON providers (lower(name));

CREATE TABLE models (
    id                   uuid PRIMARY KEY,
    provider_id          uuid NOT NULL REFERENCES providers ON DELETE CASCADE,
    -- The provider's own name of it; the same one may be offered with several sets of options.
    name                 text NOT NULL,
    display_name         text NOT NULL,
    context_limit        bigint NOT NULL CHECK (context_limit > 0),
    max_output_tokens    integer CHECK (max_output_tokens > 0),
    compaction_threshold double precision CHECK (compaction_threshold > 0 AND compaction_threshold <= 1),
    prices               json,
    options              json NOT NULL DEFAULT '{}',
    enabled              boolean NOT NULL DEFAULT true,
    is_default           boolean NOT NULL DEFAULT false,
    created_at           timestamptz NOT NULL DEFAULT now(),
    updated_at           timestamptz NOT NULL DEFAULT now(),
    UNIQUE (provider_id, display_name)
);

CREATE UNIQUE INDEX models_default ON models (is_default) WHERE is_default;

-- What administrators set for the whole installation, one row.
CREATE TABLE settings (
    one            boolean PRIMARY KEY DEFAULT true CHECK (one),
    system_prompt  text NOT NULL DEFAULT '',
    disabled_tools text[] NOT NULL DEFAULT '{}',
    max_steps      integer NOT NULL DEFAULT 500,
    updated_at     timestamptz NOT NULL DEFAULT now()
);

INSERT INTO settings DEFAULT VALUES;
