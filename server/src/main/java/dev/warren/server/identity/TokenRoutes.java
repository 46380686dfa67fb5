package dev.warren.server.identity;

import dev.warren.server.access.Scope;
import dev.warren.server.audit.AuditLog;
import dev.warren.server.http.Access;
import dev.warren.server.http.Page;
import dev.warren.server.http.Problems;
import dev.warren.server.http.Request;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// One's own tokens.
public final class TokenRoutes {
  static final Duration LIFETIME_DEFAULT = Duration.ofDays(90);
  static final Duration LIFETIME_MAX = Duration.ofDays(3660);
  private static final int NAME_CHARS_MAX = 100;
  private static final String TOKENS = Route.API + "/tokens";

  private final Identity identity;
  private final AuditLog audit;

  public TokenRoutes(Identity identity, AuditLog audit) {
    this.identity = identity;
    this.audit = audit;
  }

  record NewToken(String name, Optional<Long> lifetimeS, Optional<Scope> scope) {
    NewToken {
      if (name.isBlank() || name.length() > NAME_CHARS_MAX) {
        throw Problems.badInput("name", "is not 1 to " + NAME_CHARS_MAX + " characters long");
      }
      if (lifetimeS.filter(s -> s < 1 || s > LIFETIME_MAX.toSeconds()).isPresent()) {
        throw Problems.badInput(
            "lifetime_s", "is not between 1 and " + LIFETIME_MAX.toSeconds() + " seconds");
      }
    }
  }

  /// A new token; its secret is shown this once.
  record TokenView(
      UUID id, String name, Scope scope, Instant createdAt, Instant expiresAt, String token) {}

  public List<Route> routes() {
    return List.of(
        Route.post(TOKENS, Access.USER, this::create)
            .accepts(NewToken.class)
            .answers(201, TokenView.class)
            .summary("Makes a token"),
        Route.get(TOKENS, Access.USER, this::list)
            .paged()
            .answers(200, Page.Of.class)
            .summary("Lists one's own tokens"),
        Route.delete(TOKENS + "/{id}", Access.USER, this::delete)
            .answers(204)
            .summary("Revokes a token"));
  }

  private Response create(Request request) {
    NewToken sent = request.body(NewToken.class);
    Duration lifetime = sent.lifetimeS().map(Duration::ofSeconds).orElse(LIFETIME_DEFAULT);
    Identity.NewToken made =
        identity.createToken(
            request.caller().id(), sent.name(), sent.scope().orElse(Scope.ALL), lifetime);
    Token token = made.token();
    audit.record(
        request.caller(),
        "token.create",
        "token " + token.id(),
        sent.name() + ", " + token.scope() + ", until " + token.expiresAt());
    return Response.created(
        new TokenView(
            token.id(),
            token.name(),
            token.scope(),
            token.createdAt(),
            token.expiresAt(),
            made.secret()));
  }

  private Response list(Request request) {
    Page page = request.page();
    List<Token> rows =
        identity.credentials().tokens(request.caller().id(), page.cursorId(), page.limit() + 1);
    return Response.ok(page.cut(rows, token -> token.id().toString()));
  }

  private Response delete(Request request) {
    UUID id = request.id("id");
    if (!identity.deleteToken(request.caller().id(), id)) {
      throw Problems.notFound("you have no token with this id");
    }
    audit.record(request.caller(), "token.delete", "token " + id, "");
    return Response.noContent();
  }
}
