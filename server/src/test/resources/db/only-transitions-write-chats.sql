-- Every database of the tests refuses what does not go through a transition: a change of a chat's state bumps the
-- chat's version, and whoever writes messages or the queue has written the chat in the same transaction.
CREATE FUNCTION refuse_without_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'chat % was changed outside a transition: its version stays at %', NEW.id, NEW.version;
END
$$;

CREATE TRIGGER chats_change_by_transitions BEFORE UPDATE ON chats FOR EACH ROW
    WHEN (NEW.version <= OLD.version
        AND (NEW.status, NEW.lease, NEW.worker_id, NEW.archived, NEW.title, NEW.workspace_id, NEW.model_id,
             NEW.next_seq, NEW.version, NEW.last_error, NEW.pinned, NEW.labels)
        IS DISTINCT FROM
            (OLD.status, OLD.lease, OLD.worker_id, OLD.archived, OLD.title, OLD.workspace_id, OLD.model_id,
             OLD.next_seq, OLD.version, OLD.last_error, OLD.pinned, OLD.labels))
    EXECUTE FUNCTION refuse_without_version();

CREATE FUNCTION refuse_without_chat() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    chat uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.chat_id ELSE NEW.chat_id END;
BEGIN
    -- A chat that is gone took its rows along.
    IF EXISTS (SELECT FROM chats WHERE id = chat AND xmin <> pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION '% on % outside a transition of chat %', TG_OP, TG_TABLE_NAME, chat;
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER messages_change_by_transitions AFTER INSERT OR UPDATE OR DELETE ON messages
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_without_chat();
CREATE CONSTRAINT TRIGGER queue_changes_by_transitions AFTER INSERT OR UPDATE OR DELETE ON queued_messages
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_without_chat();
CREATE CONSTRAINT TRIGGER removals_by_transitions AFTER INSERT OR UPDATE OR DELETE ON removed_messages
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_without_chat();
