package dev.warren.server.chat.api;

import dev.warren.server.access.Caller;
import dev.warren.server.access.UserId;
import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatListStore;
import dev.warren.server.chat.ChatListStore.Filter;
import dev.warren.server.chat.ChatListStore.Position;
import dev.warren.server.chat.ChatStatus;
import dev.warren.server.chat.ChatText;
import dev.warren.server.chat.PlaceStore;
import dev.warren.server.http.Access;
import dev.warren.server.http.Page;
import dev.warren.server.http.Problems;
import dev.warren.server.http.Request;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Lists and searches chats over HTTP.
public final class ChatListRoutes {
  /// Characters of a search.
  static final int QUERY_CHARS_MAX = 500;

  private final ChatListStore store;
  private final PlaceStore places;

  public ChatListRoutes(ChatListStore store, PlaceStore places) {
    this.places = places;
    this.store = store;
  }

  /// A page of chats.
  record Chats(List<PlaceStore.Placed> items, Optional<String> nextCursor) {}

  public List<Route> routes() {
    return List.of(
        Route.get(Route.API + "/chats", Access.USER, this::list)
            .query("status", "archived", "pinned", "q", "label", "parent_id", "owner")
            .paged()
            .answers(200, Chats.class)
            .summary(
                "List chats, the last changed first. `q` finds words of titles and messages;"
                    + " sub-agents are listed with their parent's id as `parent_id`."));
  }

  private Response list(Request request) {
    Caller caller = request.caller();
    Optional<UserId> owner = request.queryId("owner").map(UserId::new);
    if (owner.isPresent() && !caller.mayRead(owner.get())) {
      throw Problems.forbidden("Only administrators and auditors list the chats of others.");
    }
    Optional<String> query = request.query("q").filter(words -> !words.isBlank());
    if (query.filter(words -> words.length() > QUERY_CHARS_MAX).isPresent()) {
      throw Problems.badInput("q", "is longer than " + QUERY_CHARS_MAX + " characters");
    }
    Filter filter =
        new Filter(
            owner.orElse(caller.id()),
            request.queryId("parent_id").map(ChatId::new),
            request.queryOneOf("status", ChatStatus.class),
            request.queryFlag("archived"),
            request.queryFlag("pinned"),
            query.map(ChatText::clean),
            request.query("label").map(ChatText::clean));
    Page page = request.page();
    List<Chat> chats =
        store.list(filter, page.cursor().map(ChatListRoutes::position), page.limit() + 1);
    Page.Of<Chat> cut = page.cut(chats, chat -> chat.updatedAt() + " " + chat.id());
    return Response.ok(new Chats(places.placed(cut.items()), cut.nextCursor()));
  }

  private static Position position(String cursor) {
    try {
      int space = cursor.indexOf(' ');
      return new Position(
          Instant.parse(cursor.substring(0, Math.max(space, 0))),
          new ChatId(UUID.fromString(cursor.substring(space + 1))));
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw Problems.badInput("cursor", "is not a cursor; take next_cursor of the answer before");
    }
  }
}
