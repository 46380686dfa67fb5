-- What a chat may use, its sub-agents included; no limit where null.
ALTER TABLE chats
    ADD COLUMN budget_tokens bigint CHECK (budget_tokens > 0),
    ADD COLUMN budget_usd    numeric CHECK (budget_usd > 0);

-- What new chats start with.
ALTER TABLE settings
    ADD COLUMN budget_tokens bigint CHECK (budget_tokens > 0),
    ADD COLUMN budget_usd    numeric CHECK (budget_usd > 0);
