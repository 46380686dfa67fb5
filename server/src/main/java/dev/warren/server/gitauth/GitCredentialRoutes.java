package dev.warren.server.gitauth;

import dev.warren.protocol.tunnel.GitLogin;
import dev.warren.server.audit.AuditLog;
import dev.warren.server.http.Access;
import dev.warren.server.http.Page;
import dev.warren.server.http.Problems;
import dev.warren.server.http.Request;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import java.util.List;
import java.util.Optional;

/// `/api/v1/users/me/git-credentials`: what one's own workspaces' git logs in with.
public final class GitCredentialRoutes {
  private static final String PATH = Route.API + "/users/me/git-credentials";

  /// Hosts that want only a token take any name; GitLab's documentation says this one.
  private static final String USERNAME_DEFAULT = "oauth2";

  private final GitCredentials credentials;
  private final AuditLog audit;

  public GitCredentialRoutes(GitCredentials credentials, AuditLog audit) {
    this.credentials = credentials;
    this.audit = audit;
  }

  /// @param token a password or an access token
  record NewCredential(Optional<String> username, String token) {
    NewCredential {
      check("username", username.orElse(USERNAME_DEFAULT));
      check("token", token);
    }

    private static void check(String field, String text) {
      boolean fits = !text.isBlank() && text.length() <= GitLogin.CHARS_MAX;
      if (!fits || text.chars().anyMatch(Character::isISOControl)) {
        throw Problems.badInput(
            field,
            "is not 1 to %d characters without control characters".formatted(GitLogin.CHARS_MAX));
      }
    }

    GitLogin login() {
      return new GitLogin(username.orElse(USERNAME_DEFAULT), token);
    }

    @Override
    public String toString() {
      return "NewCredential[username=%s, token=***]".formatted(username);
    }
  }

  public List<Route> routes() {
    return List.of(
        Route.get(PATH, Access.USER, this::list)
            .answers(200, Page.Of.class)
            .summary("What git in one's own workspaces logs in with, without the tokens"),
        Route.put(PATH + "/{host}", Access.USER, this::put)
            .accepts(NewCredential.class)
            .answers(204)
            .summary("Gives git in one's own workspaces a token for a host, such as github.com"),
        Route.delete(PATH + "/{host}", Access.USER, this::delete)
            .answers(204)
            .summary("Takes a host's token away"));
  }

  private Response list(Request request) {
    return Response.ok(new Page.Of<>(credentials.of(request.caller().id()), Optional.empty()));
  }

  private Response put(Request request) {
    GitHost host = host(request);
    credentials.put(request.caller().id(), host, request.body(NewCredential.class).login());
    audit.record(request.caller(), "git_credential.put", "host " + host.value(), "");
    return Response.noContent();
  }

  private Response delete(Request request) {
    GitHost host = host(request);
    if (!credentials.delete(request.caller().id(), host)) {
      throw Problems.notFound("you have no git credential for " + host.value());
    }
    audit.record(request.caller(), "git_credential.delete", "host " + host.value(), "");
    return Response.noContent();
  }

  private static GitHost host(Request request) {
    String text = request.path("host");
    return GitHost.parse(text)
        .orElseThrow(() ->
            Problems.badInput("host", "is no name or address with or without :port: " + text));
  }
}
