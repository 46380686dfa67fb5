package dev.warren.server.chat.events;

import dev.warren.server.chat.ChatId;
import dev.warren.server.http.Access;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import dev.warren.server.replica.ReplicaCalls;
import java.util.List;

/// What other replicas ask of this one about chats.
public final class LiveRoutes {
  private final ChatEvents events;
  private final ReplicaCalls calls;

  public LiveRoutes(ChatEvents events, ReplicaCalls calls) {
    this.events = events;
    this.calls = calls;
  }

  /// The path at which a chat's owner tells of its text in flight.
  public static String path(ChatId chat) {
    return ReplicaCalls.PATH + "/chats/" + chat + "/live";
  }

  public List<Route> routes() {
    return List.of(
        Route.get(
                ReplicaCalls.PATH + "/chats/{id}/live",
                Access.OPEN,
                calls.only(request -> live(new ChatId(request.id("id")))))
            .summary("Tells another replica of the message in flight, line by line"));
  }

  private Response live(ChatId chat) {
    return Response.stream(
        "application/x-ndjson",
        out -> {
          try (LiveTap tap = events.tap(chat)) {
            tap.write(out);
          }
        });
  }
}
