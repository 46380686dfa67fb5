package dev.warren.server.agent;

import dev.warren.server.chat.ChatException;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.Lease;
import dev.warren.server.chat.LedgerStore;
import dev.warren.server.chat.MessageId;
import dev.warren.server.chat.WorkerTransitions;
import dev.warren.server.chat.events.ChatEvents;
import dev.warren.server.db.Shield;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolFailure;
import dev.warren.server.tool.ToolResult;
import dev.warren.server.workspace.WorkspaceId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// What one call may ask of the engine.
final class CallContext implements ToolContext {
  private final Lease lease;
  private final UUID callId;
  private final Owner owner;
  private final BoundWorkspace workspace;
  private final Instant deadline;
  private final boolean resumed;
  private final MessageId message;
  private final int part;
  private final WorkerTransitions transitions;
  private final LedgerStore ledger;
  private final ChatEvents events;

  /// @param workspace shared by all calls of a run
  /// @param part the call's index in its message, as clients count
  CallContext(
      Lease lease,
      UUID callId,
      Owner owner,
      BoundWorkspace workspace,
      Instant deadline,
      boolean resumed,
      MessageId message,
      int part,
      WorkerTransitions transitions,
      LedgerStore ledger,
      ChatEvents events) {
    this.lease = lease;
    this.callId = callId;
    this.owner = owner;
    this.workspace = workspace;
    this.deadline = deadline;
    this.resumed = resumed;
    this.message = message;
    this.part = part;
    this.transitions = transitions;
    this.ledger = ledger;
    this.events = events;
  }

  @Override
  public ChatId chatId() {
    return lease.chat();
  }

  @Override
  public long lease() {
    return lease.number();
  }

  @Override
  public UUID callId() {
    return callId;
  }

  @Override
  public Owner owner() {
    return owner;
  }

  @Override
  public Optional<WorkspaceId> workspaceId() {
    return workspace.id();
  }

  @Override
  public void bindWorkspace(WorkspaceId workspaceId) {
    try {
      Shield.call(() -> {
        transitions.bindWorkspace(lease, workspaceId);
        return true;
      });
    } catch (ChatException e) {
      throw new ToolFailure("The chat could not be bound to the workspace: " + e.getMessage());
    }
    workspace.set(Optional.of(workspaceId));
  }

  @Override
  public void reserveStore(WorkspaceId workspaceId, String storeId) {
    LedgerStore.Reservation reservation =
        Shield.call(
            () -> ledger.reserveStore(lease.chat(), lease.number(), callId, workspaceId, storeId));
    switch (reservation) {
      case SAME -> {}
      case ANOTHER_STORE ->
          throw new ToolFailure(
              ToolResult.unknown(
                  "The call was started before the workspace was rebuilt or lost its disk; whether"
                      + " it took effect cannot be known, and it was not started again. Look at the"
                      + " workspace's present state."));
      case REFUSED -> throw new ToolFailure("The call was cancelled.");
    }
  }

  @Override
  public Optional<String> reservedStore() {
    return Shield.call(() -> ledger.reservedStore(lease.chat(), callId));
  }

  @Override
  public Instant deadline() {
    return deadline;
  }

  @Override
  public boolean resumed() {
    return resumed;
  }

  @Override
  public void preview(String text) {
    if (!text.isEmpty()) {
      events.toolOutput(lease.chat(), message, part, text);
    }
  }
}
