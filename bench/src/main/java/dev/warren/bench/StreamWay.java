package dev.warren.bench;

import java.util.List;
import java.util.function.Supplier;

/// A way from the scripted model to its subscribers.
///
/// @param pids whose CPU counts; none of a way without a proxy
/// @param subscription opens one stream
/// @param stop ends what streams on without subscribers
record StreamWay(String name, Supplier<List<Long>> pids, Subscription subscription, Runnable stop) {

  /// Opens one stream.
  interface Subscription {
    void open(Subscribers subscribers, String prompt);
  }

  /// Without a proxy, through nginx, through the control plane.
  static List<StreamWay> all(ScriptedProcess model, Nginx nginx, Warren warren) {
    return List.of(
        new StreamWay("no proxy", List::of, direct(model.port()), () -> {}),
        new StreamWay("nginx", nginx::pids, direct(nginx.port()), () -> {}),
        new StreamWay("warren", warren::pids, through(warren), warren::interruptAll));
  }

  void open(Subscribers subscribers, String prompt) {
    subscription.open(subscribers, prompt);
  }

  /// Whether nothing lies between the two.
  boolean isBare() {
    return pids.get().isEmpty();
  }

  private static Subscription direct(int port) {
    return (subscribers, prompt) -> {
      String body =
          "{\"model\":\"scripted\",\"max_tokens\":1000,\"stream\":true,\"messages\":"
              + "[{\"role\":\"user\",\"content\":\""
              + prompt
              + "\"}]}";
      String request =
          "POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nanthropic-version: 2023-06-01\r\n"
              + "Content-Type: application/json\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body;
      subscribers.add(port, request, "text_delta", "\"message_stop\"");
    };
  }

  private static Subscription through(Warren warren) {
    return (subscribers, prompt) -> {
      String chat = warren.chat(prompt);
      String request =
          "GET /api/v1/chats/"
              + chat
              + "/events HTTP/1.1\r\nHost: 127.0.0.1:"
              + warren.port()
              + "\r\nAuthorization: Bearer "
              + warren.token()
              + "\r\nAccept: text/event-stream\r\n\r\n";
      subscribers.add(warren.port(), request, "\"text\"", "\"status\":\"waiting\"");
    };
  }
}
