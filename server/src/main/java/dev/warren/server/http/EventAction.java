package dev.warren.server.http;

/// Opens a stream of events for one reader. What it throws becomes the answer, before the stream
/// begins.
@FunctionalInterface
public interface EventAction {
  EventSource open(Request request) throws Exception;
}
