package dev.warren.server.chat;

import dev.warren.protocol.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What several transitions have in common: how a turn begins, and how it ends.
public final class Turns {
  private Turns() {}

  /// A user's message into the history, after every open tool call has its answer.
  static ChatMessage startTurn(LockedChatStore chat, MessageDraft draft) {
    answerOpenCalls(chat, List.of());
    chat.modelId(draft.modelId().or(chat::modelId));
    chat.endCompaction();
    ChatMessage message = chat.append(draft);
    chat.status(ChatStatus.PENDING);
    return message;
  }

  static ChatMessage takeHead(LockedChatStore chat, QueuedMessage head) {
    chat.dequeue(head.id());
    return startTurn(
        chat, MessageDraft.user(new MessageId(head.id().value()), head.parts(), head.modelId()));
  }

  /// The end of a turn: the queue's head starts the next one.
  static void settle(LockedChatStore chat) {
    List<QueuedMessage> queue = chat.queue();
    if (queue.isEmpty() || chat.archived()) {
      chat.status(ChatStatus.WAITING);
      return;
    }
    takeHead(chat, queue.getFirst());
  }

  /// Gives each call of the last message that has no result one: `known`, else what the ledger
  /// knows, else that it was interrupted; and has what they started ended.
  static void answerOpenCalls(LockedChatStore chat, List<StoredPart.ToolResult> known) {
    List<StoredPart.ToolCall> open =
        chat.last()
            .filter(last -> last.role() == ChatMessage.Role.ASSISTANT)
            .map(ChatMessage::toolCalls)
            .orElse(List.of());
    if (open.isEmpty()) {
      return;
    }
    Map<UUID, StoredPart.ToolResult> byId = new HashMap<>();
    List<UUID> ids = open.stream().map(StoredPart.ToolCall::id).toList();
    for (LedgerStore.Call row : LedgerStore.calls(chat.handle(), chat.id(), ids)) {
      row.outcome().ifPresent(outcome -> byId.put(row.id(), outcome));
      if (row.state() == LedgerStore.State.RESERVED) {
        open.stream()
            .filter(call -> call.id().equals(row.id()))
            .forEach(call -> byId.put(call.id(), notStarted(call)));
      }
    }
    known.forEach(result -> byId.put(result.callId(), result));
    List<StoredPart.ToolResult> results =
        open.stream().map(call -> byId.getOrDefault(call.id(), interrupted(call))).toList();
    chat.cancelCalls();
    chat.append(MessageDraft.results(results));
  }

  private static StoredPart.ToolResult notStarted(StoredPart.ToolCall call) {
    return StoredPart.ToolResult.of(
        call,
        Json.STRICT
            .createObjectNode()
            .put("error", "The user interrupted the turn before this call was started."),
        true,
        0);
  }

  public static StoredPart.ToolResult interrupted(StoredPart.ToolCall call) {
    return StoredPart.ToolResult.of(
        call,
        Json.STRICT
            .createObjectNode()
            .put("outcome", "unknown")
            .put(
                "error",
                "The call was interrupted before its result was known; it may have taken effect, or"
                    + " may still be running."),
        true,
        0);
  }

  static void stop(LockedChatStore chat) {
    if (chat.status().owned()) {
      chat.status(ChatStatus.INTERRUPTING);
      return;
    }
    answerOpenCalls(chat, List.of());
    settle(chat);
  }

  static void leave(LockedChatStore chat) {
    if (chat.status() == ChatStatus.INTERRUPTING) {
      answerOpenCalls(chat, List.of());
      settle(chat);
      return;
    }
    chat.status(ChatStatus.PENDING);
  }
}
