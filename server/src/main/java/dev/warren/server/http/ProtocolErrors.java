package dev.warren.server.http;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/// Answers what Jetty refuses by itself, before any handler, such as a header that is too large: as
/// a problem too.
final class ProtocolErrors extends ErrorHandler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus() < 400 ? 500 : response.getStatus();
    String title = HttpStatus.getMessage(status);
    new Answers(request, response, callback, "none")
        .problem(
            Problems.make(
                status,
                title,
                "the request was refused before it was looked at: " + title,
                java.util.List.of(),
                java.util.Map.of()));
    return true;
  }
}
