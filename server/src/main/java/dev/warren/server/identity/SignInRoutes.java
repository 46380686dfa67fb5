package dev.warren.server.identity;

import dev.warren.server.access.Caller;
import dev.warren.server.access.UserId;
import dev.warren.server.audit.AuditLog;
import dev.warren.server.http.Access;
import dev.warren.server.http.Problems;
import dev.warren.server.http.Request;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Signing in and out, and the first user.
public final class SignInRoutes {
  private final Identity identity;
  private final AuditLog audit;
  private final SignInThrottle throttle;
  private final boolean secure;

  /// @param secure whether the page is reached by https, so that the cookie may travel on it only
  public SignInRoutes(Identity identity, AuditLog audit, Clock clock, boolean secure) {
    this.identity = identity;
    this.audit = audit;
    this.throttle = new SignInThrottle(clock);
    this.secure = secure;
  }

  record Credentials(String email, String password) {}

  record FirstUser(String email, String username, String password, String setupCode) {
    FirstUser {
      Fields.email(email);
      Fields.username(username);
      Fields.password(password);
    }
  }

  record Link(String token) {}

  record FirstNeeded(boolean needed) {}

  /// What signing in answers; the cookie comes beside it.
  record SignedInView(String token, User user, String csrf) {}

  public List<Route> routes() {
    return List.of(
        Route.post(Route.API + "/sessions", Access.OPEN, this::signIn)
            .accepts(Credentials.class)
            .answers(201, SignedInView.class)
            .summary("Signs in by email and password"),
        Route.post(Route.API + "/sessions/link", Access.OPEN, this::signInByLink)
            .accepts(Link.class)
            .answers(201, SignedInView.class)
            .summary("Signs in by a one-time link"),
        Route.delete(Route.API + "/sessions/current", Access.USER, this::signOut)
            .answers(204)
            .summary("Signs out"),
        Route.get(Route.API + "/users/first", Access.OPEN, this::firstNeeded)
            .answers(200, FirstNeeded.class)
            .summary("Says whether there is no user yet"),
        Route.post(Route.API + "/users/first", Access.OPEN, this::createFirst)
            .accepts(FirstUser.class)
            .answers(201, SignedInView.class)
            .summary("Makes the first user, an administrator"));
  }

  private Response signIn(Request request) {
    Credentials sent = request.body(Credentials.class);
    String name = "email " + sent.email().toLowerCase(Locale.ROOT);
    String address = "address " + request.remoteAddress();
    checkWait(name);
    checkWait(address);
    Optional<Identity.SignedIn> opened =
        sent.password().length() > Passwords.LENGTH_MAX
            ? Optional.empty()
            : identity.signIn(sent.email(), sent.password());
    if (opened.isEmpty()) {
      throttle.failed(name);
      throttle.failed(address);
      audit.record(
          Optional.empty(), "nobody", "session.refuse", sent.email(), request.remoteAddress());
      throw Problems.unauthorized("the email or the password is wrong");
    }
    throttle.succeeded(name);
    throttle.succeeded(address);
    return answer(opened.get(), request, "by password");
  }

  private Response signInByLink(Request request) {
    String address = "address " + request.remoteAddress();
    checkWait(address);
    Optional<Identity.SignedIn> opened = identity.signInByLink(request.body(Link.class).token());
    if (opened.isEmpty()) {
      throttle.failed(address);
      throw Problems.unauthorized("the link was used already or has expired");
    }
    return answer(opened.get(), request, "by a one-time link");
  }

  private void checkWait(String name) {
    Optional<Duration> wait = throttle.waitFor(name);
    if (wait.isPresent()) {
      throw Problems.tooManyRequests("too many failed sign-ins", wait.get());
    }
  }

  private Response answer(Identity.SignedIn opened, Request request, String how) {
    User user = opened.user();
    audit.record(
        Optional.of(user.id()),
        user.username(),
        "session.create",
        "user " + user.id(),
        how + " from " + request.remoteAddress());
    return Response.created(new SignedInView(opened.token(), user, opened.csrf()))
        .with("Set-Cookie", cookie(opened.cookie(), Identity.SESSION_IDLE_MAX));
  }

  private String cookie(String value, Duration age) {
    return "warren_session="
        + value
        + "; Path=/; HttpOnly; SameSite=Lax; Max-Age="
        + age.toSeconds()
        + (secure ? "; Secure" : "");
  }

  private Response signOut(Request request) {
    Caller caller = request.caller();
    identity.signOut(caller.credential());
    audit.record(caller, "session.delete", "user " + caller.id(), "");
    return Response.noContent().with("Set-Cookie", cookie("", Duration.ZERO));
  }

  private Response firstNeeded(Request request) {
    return Response.ok(new FirstNeeded(!identity.hasUsers()));
  }

  private Response createFirst(Request request) {
    FirstUser sent = request.body(FirstUser.class);
    String address = "address " + request.remoteAddress();
    checkWait(address);
    if (identity.hasUsers()) {
      throw Problems.conflict("there is a user already; sign in, or ask an administrator");
    }
    if (!identity.knowsSetupCode(sent.setupCode())) {
      throttle.failed(address);
      throw Problems.forbidden(
          "the setup code is wrong; it is part of the link that the server printed at its start");
    }
    UserId id =
        identity
            .createFirst(sent.email(), sent.username(), sent.password())
            .orElseThrow(() -> Problems.conflict("there is a user already; sign in"));
    audit.record(Optional.of(id), sent.username(), "user.create", "user " + id, "the first");
    return answer(identity.open(id), request, "as the first user");
  }
}
