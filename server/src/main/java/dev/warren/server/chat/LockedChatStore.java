package dev.warren.server.chat;

import dev.warren.protocol.Json;
import dev.warren.server.access.UserId;
import dev.warren.server.model.ModelId;
import dev.warren.server.replica.ReplicaId;
import dev.warren.server.workspace.WorkspaceId;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// A chat's row under its lock: what it was, and what it will be.
final class LockedChatStore {
  private final Handle handle;
  private final Chat before;
  private final LockedHistoryStore history;
  private final LockedQueueStore queue;
  private final LockedApprovalsStore approvals;
  private final long version;
  private long nextSeq;
  private long lease;
  private ChatStatus status;
  private Optional<ReplicaId> worker;
  private Optional<String> lastError;
  private String title;
  private Chat.TitleSource titleSource;
  private boolean archived;
  private boolean pinned;
  private Map<String, String> labels;
  private Optional<ModelId> modelId;
  private Optional<WorkspaceId> workspaceId;
  private ChatMessage.MessageUsage usage;
  private Chat.Context context;
  private boolean compactionRequested;
  private Budget budget;
  private long instructions;
  private boolean resting;
  private boolean deleted;
  private final List<LockedChatStore> children = new ArrayList<>();

  /// The chat's row, locked until the end of the transaction, if it is there.
  static Optional<LockedChatStore> lock(Handle handle, ChatId id) {
    return handle
        .createQuery(ChatStore.SELECT_CHAT + " WHERE c.id = :id FOR UPDATE OF c")
        .bind("id", id.value())
        .map((row, context) ->
            new LockedChatStore(handle, ChatStore.chat(row), row.getLong("next_seq")))
        .findOne();
  }

  LockedChatStore(Handle handle, Chat before, long nextSeq) {
    this.handle = handle;
    this.before = before;
    this.queue = new LockedQueueStore(handle, before.id());
    this.approvals = new LockedApprovalsStore(handle, before);
    this.version = before.version() + 1;
    this.history = new LockedHistoryStore(handle, before, version);
    this.nextSeq = nextSeq;
    this.lease = before.lease();
    this.status = before.status();
    this.worker = before.workerId();
    this.lastError = before.lastError();
    this.title = before.title();
    this.titleSource = before.titleSource();
    this.archived = before.archived();
    this.pinned = before.pinned();
    this.labels = before.labels();
    this.modelId = before.modelId();
    this.workspaceId = before.workspaceId();
    this.usage = before.usage();
    this.context = before.context();
    this.instructions = before.instructions();
    this.compactionRequested = before.compactionRequested();
    this.budget = before.budget();
    this.resting = before.resting();
  }

  ChatId id() {
    return before.id();
  }

  UserId ownerId() {
    return before.ownerId();
  }

  ChatStatus status() {
    return status;
  }

  long lease() {
    return lease;
  }

  long version() {
    return version;
  }

  boolean archived() {
    return archived;
  }

  Optional<ReplicaId> worker() {
    return worker;
  }

  Optional<ModelId> modelId() {
    return modelId;
  }

  Chat.TitleSource titleSource() {
    return titleSource;
  }

  Handle handle() {
    return handle;
  }

  LockedApprovalsStore approvals() {
    return approvals;
  }

  /// Has all calls ended that have not, and no decision waited for.
  void cancelCalls() {
    LedgerStore.cancelOpen(handle, id());
    approvals.drop();
  }

  Optional<ChatId> parentId() {
    return before.parentId();
  }

  Optional<WorkspaceId> workspaceId() {
    return workspaceId;
  }

  String title() {
    return title;
  }

  /// The child that this transaction holds already.
  Optional<LockedChatStore> child(ChatId id) {
    return children.stream().filter(child -> child.id().equals(id)).findFirst();
  }

  /// Has a sub-agent that was locked or made written together with this chat.
  LockedChatStore with(LockedChatStore child) {
    children.add(child);
    return child;
  }

  /// What the transaction is to be signalled by: this chat, and the sub-agents that it changed.
  List<ChatSignals.Signal> signals() {
    List<ChatSignals.Signal> signals = new ArrayList<>();
    ChatSignals.State state = new ChatSignals.State(status, lease);
    signals.add(
        deleted
            ? ChatSignals.Signal.deleted(id(), ownerId())
            : new ChatSignals.Signal(id(), ownerId(), version, Optional.of(state)));
    children.forEach(child -> signals.addAll(child.signals()));
    return signals;
  }

  /// Leaves the owner, if any; a state that is owned keeps it.
  void status(ChatStatus next) {
    status = next;
    if (!next.owned()) {
      worker = Optional.empty();
      resting = false;
    }
    if (next != ChatStatus.ERROR) {
      lastError = Optional.empty();
    }
    if (!next.busy()) {
      compactionRequested = false;
    }
  }

  void fail(String error) {
    status(ChatStatus.ERROR);
    lastError = Optional.of(error);
  }

  void resting(boolean value) {
    resting = value;
  }

  /// Fences off whoever owns the chat now.
  void bumpLease() {
    lease++;
  }

  void title(String text, Chat.TitleSource source) {
    title = text;
    titleSource = source;
  }

  void archived(boolean value) {
    archived = value;
  }

  void pinned(boolean value) {
    pinned = value;
  }

  void labels(Map<String, String> value) {
    labels = Map.copyOf(value);
  }

  void modelId(Optional<ModelId> value) {
    modelId = value;
  }

  void workspaceId(Optional<WorkspaceId> value) {
    workspaceId = value;
  }

  Chat.Context context() {
    return context;
  }

  void context(Chat.Context value) {
    context = value;
  }

  void requestCompaction() {
    compactionRequested = true;
  }

  /// It is done, or not wanted any more.
  void endCompaction() {
    compactionRequested = false;
  }

  void budget(Budget value) {
    budget = value;
  }

  void addUsage(ChatMessage.MessageUsage more) {
    usage = usage.plus(more);
  }

  ChatMessage append(MessageDraft draft) {
    return history.append(draft, nextSeq++);
  }

  /// Tells the model of the workspace's instructions, from behind the last message on.
  void tell(Instructions entry) {
    InstructionsStore.insert(handle, id(), entry);
    instructions++;
  }

  /// The message with which the chat began.
  ChatMessage first() {
    return history.first();
  }

  Optional<ChatMessage> last() {
    return history.last();
  }

  Optional<ChatMessage> message(MessageId messageId) {
    return history.find(messageId);
  }

  /// Replaces a message's parts and removes all that follow it, leaving tombstones.
  void rewrite(ChatMessage message, List<StoredPart> parts) {
    history.rewrite(message, parts);
  }

  void compressAll() {
    history.compressAll();
    history.contextFrom(nextSeq);
  }

  /// The model forgets all messages so far; summaries leave them out too.
  void markCleared() {
    handle
        .createUpdate("UPDATE chats SET cleared_seq = :seq WHERE id = :id")
        .bind("seq", nextSeq - 1)
        .bind("id", id().value())
        .execute();
  }

  /// Whether the model is sent anything but a summary.
  boolean hasMoreThanSummary() {
    return history.hasMoreThanSummary();
  }

  List<QueuedMessage> queue() {
    return queue.read();
  }

  QueuedMessage enqueue(MessageDraft draft, boolean first) {
    return queue.add(draft, first);
  }

  boolean moveToHead(QueuedId queuedId) {
    return queue.moveToHead(queuedId);
  }

  boolean moveQueued(QueuedId queuedId, int place) {
    return queue.moveTo(queuedId, place);
  }

  boolean dequeue(QueuedId queuedId) {
    return queue.remove(queuedId);
  }

  void clearQueue() {
    queue.clear();
  }

  void delete() {
    handle.createUpdate("DELETE FROM chats WHERE id = :id").bind("id", id().value()).execute();
    deleted = true;
  }

  void write() {
    children.forEach(LockedChatStore::write);
    if (deleted) {
      return;
    }
    approvals.write();
    handle
        .createUpdate(
            """
            UPDATE chats SET version = :version, next_seq = :next_seq, lease = :lease,
              status = :status, asked_calls = :asked, resting = :resting, worker_id = :worker, last_error = :error, title = :title,
              title_source = :source, archived = :archived, pinned = :pinned,
              archived_at = CASE WHEN :archived THEN coalesce(archived_at, now()) END,
              labels = :labels::jsonb, model_id = :model, workspace_id = :workspace,
              input_tokens = :input, output_tokens = :output, cache_read_tokens = :cache_read,
              cache_write_tokens = :cache_write, reasoning_tokens = :reasoning, cost_usd = :cost,
              instructions = :instructions, context_used_tokens = :used, context_limit_tokens = :limit,
              compaction_requested = :compact, budget_tokens = :budget_tokens,
              budget_usd = :budget_usd,
              status_since = CASE WHEN status = :status THEN status_since ELSE now() END,
              updated_at = now()
            WHERE id = :id
            """)
        .bind("id", id().value())
        .bind("version", version)
        .bind("next_seq", nextSeq)
        .bind("lease", lease)
        .bind("status", status.toString())
        .bindArray("asked", UUID.class, approvals.asked())
        .bind("resting", resting)
        .bind("worker", worker.map(ReplicaId::value).orElse(null))
        .bind("error", lastError.orElse(null))
        .bind("title", title)
        .bind("source", titleSource.toString())
        .bind("archived", archived)
        .bind("pinned", pinned)
        .bind("labels", labelsJson())
        .bind("model", modelId.map(ModelId::value).orElse(null))
        .bind("workspace", workspaceId.map(WorkspaceId::value).orElse(null))
        .bind("input", usage.inputTokens())
        .bind("output", usage.outputTokens())
        .bind("cache_read", usage.cacheReadTokens())
        .bind("cache_write", usage.cacheWriteTokens())
        .bind("reasoning", usage.reasoningTokens())
        .bind("cost", cost())
        .bind("instructions", instructions)
        .bind("used", context.usedTokens())
        .bind("limit", context.limitTokens())
        .bind("compact", compactionRequested)
        .bind("budget_tokens", budget.tokens().orElse(null))
        .bind("budget_usd", budget.usd().orElse(null))
        .execute();
  }

  private String labelsJson() {
    return Json.STRICT.writeValueAsString(labels);
  }

  private @Nullable BigDecimal cost() {
    return usage.costUsd().orElse(null);
  }
}
