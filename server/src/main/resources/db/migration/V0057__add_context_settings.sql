ALTER TABLE settings
    -- Writes summaries instead of the chat's own model.
    ADD COLUMN compaction_model_id uuid REFERENCES models ON DELETE SET NULL,
    ADD COLUMN model_titles        boolean NOT NULL DEFAULT true;
