package dev.warren.e2e.tool;

import dev.warren.protocol.UuidV7;
import dev.warren.server.access.UserId;
import dev.warren.server.chat.ChatId;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolFailure;
import dev.warren.server.tool.ToolResult;
import dev.warren.server.workspace.WorkspaceId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/// A call of a tool as the engine would make it, with a ledger in memory.
record CallContext(
    ChatId chatId,
    long lease,
    UUID callId,
    boolean resumed,
    Instant deadline,
    AtomicReference<String> store,
    StringBuffer previews)
    implements ToolContext {

  static CallContext fresh() {
    return new CallContext(
        new ChatId(UuidV7.next()),
        1,
        UuidV7.next(),
        false,
        Instant.now().plusSeconds(30),
        new AtomicReference<>(),
        new StringBuffer());
  }

  /// Another call of the same chat.
  CallContext next() {
    return new CallContext(
        chatId, lease, UuidV7.next(), false, deadline, new AtomicReference<>(), new StringBuffer());
  }

  /// The same call, executed again by the chat's next owner.
  CallContext takenOver() {
    return new CallContext(chatId, lease + 1, callId, true, deadline, store, previews);
  }

  @Override
  public Owner owner() {
    return new Owner(new UserId(UuidV7.next()), "dev", "dev@example.com");
  }

  @Override
  public Optional<WorkspaceId> workspaceId() {
    return Optional.of(new WorkspaceId(new UUID(1, 1)));
  }

  @Override
  public void bindWorkspace(WorkspaceId workspaceId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void reserveStore(WorkspaceId workspaceId, String storeId) {
    String earlier = store.compareAndExchange(null, storeId);
    if (earlier != null && !earlier.equals(storeId)) {
      throw new ToolFailure(ToolResult.unknown("the call was started on another store"));
    }
  }

  @Override
  public Optional<String> reservedStore() {
    return Optional.ofNullable(store.get());
  }

  @Override
  public void preview(String text) {
    previews.append(text);
  }
}
