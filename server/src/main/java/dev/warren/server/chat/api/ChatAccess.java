package dev.warren.server.chat.api;

import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatException;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.http.Problems;
import dev.warren.server.http.Request;
import dev.warren.server.http.Response;
import java.util.function.Supplier;

/// Who may do what with the chat that a request names by its `id`, and how a refused change is
/// answered. Owners act; administrators and auditors read; for all others there is no such chat.
final class ChatAccess {
  private final ChatStore store;

  ChatAccess(ChatStore store) {
    this.store = store;
  }

  Chat readable(Request request) {
    ChatId id = new ChatId(request.id("id"));
    return store
        .find(id)
        .filter(chat -> request.caller().mayRead(chat.ownerId()))
        .orElseThrow(() -> gone(id));
  }

  Chat owned(Request request) {
    Chat chat = readable(request);
    if (!request.caller().owns(chat.ownerId())) {
      throw Problems.forbidden("Only its owner acts in a chat; you may read it.");
    }
    return chat;
  }

  /// Makes a change, and answers the chat as it is then.
  Response answer(ChatId id, Runnable change) {
    return guarded(() -> {
      change.run();
      return Response.ok(store.find(id).orElseThrow(() -> gone(id)));
    });
  }

  static Response guarded(Supplier<Response> action) {
    try {
      return action.get();
    } catch (ChatException e) {
      String detail = String.valueOf(e.getMessage());
      throw switch (e.kind()) {
        case NOT_FOUND -> Problems.notFound(detail);
        case WRONG_STATE, TOO_MUCH, LEASE_LOST -> Problems.conflict(detail);
      };
    }
  }

  static RuntimeException gone(ChatId id) {
    return Problems.notFound("There is no chat " + id + ".");
  }
}
