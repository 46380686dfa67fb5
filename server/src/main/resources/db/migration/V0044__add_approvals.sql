-- Rules for tool calls: the administrator's, and those with which a chat tightens them.
ALTER TABLE settings ADD COLUMN approval_rules json NOT NULL DEFAULT '[]';

ALTER TABLE chats
    ADD COLUMN approval_rules  json NOT NULL DEFAULT '[]',
    -- What the user has allowed for the rest of the chat.
    ADD COLUMN approval_grants json NOT NULL DEFAULT '[]',
    -- The open calls that wait for the user's decision, in call order; what is asked stands in
    -- the ledger.
    ADD COLUMN asked_calls     uuid[] NOT NULL DEFAULT '{}',
    ADD CHECK (status <> 'requires_action' OR cardinality(asked_calls) > 0);

ALTER TABLE tool_calls
    -- Absent when no rule asked; dropped when the turn ended before the user decided.
    ADD COLUMN approval        text CHECK (approval IN ('asked', 'allowed', 'denied', 'dropped')),
    -- Why it is asked; what deciding with "remember" would allow; why it was denied.
    ADD COLUMN asked_because   text,
    ADD COLUMN approval_grants json,
    ADD COLUMN denied_because  text,
    ADD COLUMN decided_at      timestamptz;
