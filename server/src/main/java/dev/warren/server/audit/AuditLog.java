package dev.warren.server.audit;

import dev.warren.protocol.UuidV7;
import dev.warren.server.access.Caller;
import dev.warren.server.access.UserId;
import dev.warren.server.db.Database;
import dev.warren.server.http.Access;
import dev.warren.server.http.Page;
import dev.warren.server.http.Request;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// Records who did what, and lists it.
public final class AuditLog {
  private final AuditStore store;
  private final Clock clock;

  public AuditLog(Database database, Clock clock) {
    this.store = new AuditStore(database);
    this.clock = clock;
  }

  /// Records what a user did. Texts hold no secret.
  public void record(Caller actor, String action, String target, String detail) {
    record(Optional.of(actor.id()), actor.username(), action, target, detail);
  }

  /// Records what somebody did who is no signed-in user.
  public void record(
      Optional<UserId> actorId, String actor, String action, String target, String detail) {
    store.insert(
        new AuditEntry(UuidV7.next(), actorId, actor, action, target, detail, clock.instant()));
  }

  public List<Route> routes() {
    return List.of(
        Route.get(Route.API + "/audit", Access.AUDITOR, this::list)
            .paged()
            .query("actor_id", "action")
            .answers(200, Page.Of.class)
            .summary("Lists who did what, newest first"));
  }

  private Response list(Request request) {
    Page page = request.page();
    List<AuditEntry> rows =
        store.list(
            page.cursorId(),
            request.queryId("actor_id"),
            request.query("action"),
            page.limit() + 1);
    return Response.ok(page.cut(rows, entry -> entry.id().toString()));
  }
}
