package dev.warren.scripted;

import tools.jackson.databind.node.ObjectNode;

/// A provider's wire format, from the provider's side.
interface ModelFormat {

  /// The key that a request carries, empty for none.
  String key(HttpRequest request);

  /// Checks a request as the provider would.
  Conversation read(HttpRequest request, ObjectNode body) throws BadRequest;

  /// The body of an error answer.
  ///
  /// @param type empty for the usual one of the status
  String error(int status, String type, String message);

  /// The header that names the kind of an error, empty for none.
  ///
  /// @param type empty for the usual one of the status
  default String errorType(int status, String type) {
    return "";
  }

  default EventOut.Framing framing() {
    return EventOut.Framing.SSE;
  }

  Encoder encoder(Conversation conversation, EventOut out);

  /// Writes one answer as events. Content of one kind in a row belongs to one block.
  interface Encoder {
    void begin(long inputTokens);

    void text(String piece);

    void reasoning(String piece);

    /// Ends the reasoning so far.
    void signature(String signature);

    void redacted(String data);

    /// Begins a tool call; its arguments follow.
    void call(String name);

    void arguments(String piece);

    void error(String type, String message);

    void finish(String stop, Billing billing);
  }

  /// What an answer costs, the input as the whole of it.
  record Billing(long input, long output, long cacheRead, long cacheWrite, long reasoning) {}
}
