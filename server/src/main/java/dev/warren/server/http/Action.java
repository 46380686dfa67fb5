package dev.warren.server.http;

/// What a route does. It may block and runs on a virtual thread; a [ProblemException] becomes the
/// answer, anything else a 500 that says nothing.
@FunctionalInterface
public interface Action {
  Response handle(Request request) throws Exception;
}
