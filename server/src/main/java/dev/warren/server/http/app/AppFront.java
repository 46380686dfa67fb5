package dev.warren.server.http.app;

import dev.warren.server.access.CredentialId;
import dev.warren.server.http.Front;
import dev.warren.server.http.ProblemException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers for the hosts of [AppOrigins]: lets in who comes by a one-time link, and carries the
/// rest to the port. Nothing else of the control plane is there.
public final class AppFront extends Handler.Wrapper {
  /// Where a one-time link leads.
  public static final String ENTRANCE = "/.warren/open";

  private static final Duration COOKIE_LIFETIME = Duration.ofHours(12);
  private static final Logger log = LoggerFactory.getLogger(AppFront.class);

  private final Supplier<Optional<AppOrigins>> known;
  private final AppGate gate;
  private final AppStreams streams;

  private AppFront(Handler next, Supplier<Optional<AppOrigins>> origins, AppGate gate) {
    super(next);
    this.known = origins;
    this.gate = gate;
    this.streams = new AppStreams(gate::revoked);
  }

  /// Puts the apps before the routes of a server.
  ///
  /// @param origins absent where no ports are opened
  public static Front at(Supplier<Optional<AppOrigins>> origins, AppGate gate) {
    return routes -> new AppFront(routes, origins, gate);
  }

  @Override
  protected void doStart() throws Exception {
    streams.start();
    super.doStart();
  }

  @Override
  protected void doStop() throws Exception {
    streams.close();
    super.doStop();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String host = Request.getServerName(request);
    Optional<AppOrigins> there = known.get();
    Optional<String> label =
        host == null ? Optional.empty() : there.flatMap(origins -> origins.label(host));
    if (label.isEmpty()) {
      return super.handle(request, response, callback);
    }
    AppOrigins origins = there.orElseThrow();
    try {
      Optional<AppAddress> app = AppAddress.parse(label.get());
      if (app.isEmpty()) {
        say(response, callback, 404, "There is no app at " + label.get() + ".");
      } else if (request.getHttpURI().getPath().equals(ENTRANCE)) {
        enter(origins, app.get(), request, response, callback);
      } else {
        serve(origins, app.get(), request, response, callback);
      }
    } catch (ProblemException refused) {
      say(response, callback, refused.problem().status(), refused.problem().detail());
    } catch (InterruptedException stopping) {
      say(response, callback, 503, "The control plane is stopping.");
    }
    return true;
  }

  private void enter(
      AppOrigins origins, AppAddress app, Request request, Response response, Callback callback) {
    Optional<AppGate.Entered> entered =
        token(request.getHttpURI().getQuery()).flatMap(token -> gate.enter(app, token));
    if (entered.isEmpty()) {
      say(
          response,
          callback,
          403,
          "This link was used or is too old. Open the port again from its" + " workspace's page.");
      return;
    }
    HttpFields.Mutable headers = response.getHeaders();
    headers.put(
        HttpHeader.SET_COOKIE,
        "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d%s"
            .formatted(
                AppHeaders.COOKIE,
                entered.get().cookie(),
                COOKIE_LIFETIME.toSeconds(),
                origins.secure() ? "; Secure" : ""));
    headers.put(HttpHeader.LOCATION, origins.of(app) + entered.get().path());
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    headers.put("Referrer-Policy", "no-referrer");
    response.setStatus(303);
    callback.succeeded();
  }

  private static Optional<String> token(String query) {
    if (query == null || !query.startsWith("token=")) {
      return Optional.empty();
    }
    return Optional.of(URLDecoder.decode(query.substring(6), StandardCharsets.UTF_8));
  }

  private void serve(
      AppOrigins origins, AppAddress app, Request request, Response response, Callback callback)
      throws InterruptedException {
    Optional<CredentialId> caller = cookie(request).flatMap(cookie -> gate.admit(app, cookie));
    if (caller.isEmpty()) {
      say(response, callback, 401, "Open this port from its workspace's page.");
      return;
    }
    if (comesFromElsewhere(origins, app, request)) {
      say(response, callback, 403, "A page of another origin may not use this app.");
      return;
    }
    if (streams.isFull()) {
      say(response, callback, 503, "Too many requests to apps are open.");
      return;
    }
    AppHeaders headers = new AppHeaders(origins.of(app), app.port());
    new AppExchange(request, response, callback, headers, gate.connect(app))
        .run(end -> streams.enter(caller.get(), end));
  }

  private static Optional<String> cookie(Request request) {
    return Request.getCookies(request).stream()
        .filter(cookie -> cookie.getName().equals(AppHeaders.COOKIE))
        .map(HttpCookie::getValue)
        .findFirst();
  }

  /// Whether another page's script or form asks, with our cookie. A link that is followed to here
  /// is good, and so are the other ports of the workspace.
  private static boolean comesFromElsewhere(AppOrigins origins, AppAddress app, Request request) {
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin != null) {
      return !isOfWorkspace(origins, app, origin);
    }
    String site = request.getHeaders().get("Sec-Fetch-Site");
    boolean other = site != null && !site.equals("same-origin") && !site.equals("none");
    boolean followed =
        HttpMethod.GET.is(request.getMethod())
            && "navigate".equals(request.getHeaders().get("Sec-Fetch-Mode"))
            && "document".equals(request.getHeaders().get("Sec-Fetch-Dest"));
    return other && !followed;
  }

  private static boolean isOfWorkspace(AppOrigins origins, AppAddress app, String origin) {
    String start = origins.scheme() + "://";
    if (!origin.startsWith(start) || !origin.endsWith(origins.authority())) {
      return false;
    }
    String label = origin.substring(start.length(), origin.length() - origins.authority().length());
    return AppAddress.parse(label)
        .filter(other -> other.workspace().equals(app.workspace()))
        .isPresent();
  }

  /// A plain page of ours.
  static void say(Response response, Callback callback, int status, String text) {
    if (response.isCommitted()) {
      callback.failed(new IllegalStateException(text));
      return;
    }
    log.debug("an app answers {}: {}", status, text);
    response.reset();
    response.setStatus(status);
    HttpFields.Mutable headers = response.getHeaders();
    headers.put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Content-Security-Policy", "default-src 'none'; sandbox");
    Content.Sink.write(response, true, text + "\n", callback);
  }
}
