package dev.warren.scripted;

import dev.warren.protocol.Json;
import dev.warren.scripted.Matching.Found;
import dev.warren.scripted.Script.Pace;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One client's connection: reads requests and answers them until one of the two has enough.
final class Connection {
  private final ScriptedModel server;
  private final Socket socket;

  Connection(ScriptedModel server, Socket socket) {
    this.server = server;
    this.socket = socket;
  }

  void serve() throws IOException {
    socket.setTcpNoDelay(true);
    InputStream in = new BufferedInputStream(socket.getInputStream(), 4096);
    OutputStream out = socket.getOutputStream();
    while (true) {
      Optional<HttpRequest> request = HttpRequest.read(in);
      if (request.isEmpty() || !answer(request.get(), in, out) || !request.get().keepAlive()) {
        return;
      }
    }
  }

  /// @return whether the connection can be used again
  private boolean answer(HttpRequest request, InputStream in, OutputStream out) throws IOException {
    Optional<ModelFormat> format =
        request.method().equals("POST") ? Formats.of(request.path()) : Optional.empty();
    if (format.isPresent()) {
      return ask(format.get(), request, in, out);
    }
    if (request.method().equals("GET") && request.path().equals("/v1/models")) {
      models(request, out);
      return true;
    }
    record(request, JsonNodeFactory.instance.nullNode(), 404);
    String message = "Not found: " + request.method() + " " + request.path();
    send(out, 404, "", new AnthropicFormat().error(404, "", message));
    return true;
  }

  private boolean ask(ModelFormat format, HttpRequest request, InputStream in, OutputStream out)
      throws IOException {
    JsonNode body = JsonNodeFactory.instance.nullNode();
    try {
      requireKey(format.key(request));
      body = body(request);
      if (!(body instanceof ObjectNode object)) {
        throw new BadRequest("The request's body is not a JSON object.");
      }
      Conversation conversation = format.read(request, object);
      requireModel(conversation.model());
      Found found =
          server
              .playbook()
              .matching()
              .find(conversation)
              .orElseThrow(() -> new BadRequest("No rule of the script matches."));
      List<Step> steps = Answer.chosen(found.steps(), conversation);
      if (!steps.isEmpty() && steps.getFirst() instanceof Step.Status status) {
        record(request, body, status.status());
        refuse(format, status, out);
        return true;
      }
      if (!conversation.stream()) {
        throw new BadRequest("The scripted model only streams: set stream to true.");
      }
      record(request, body, 200, found.aside());
      return stream(format, conversation, found, steps, in, out);
    } catch (BadRequest e) {
      record(request, body, e.status());
      send(
          out,
          e.status(),
          errorType(format, e.status(), e.type()),
          format.error(e.status(), e.type(), e.text()));
      return true;
    }
  }

  private boolean stream(
      ModelFormat format,
      Conversation conversation,
      Found found,
      List<Step> steps,
      InputStream in,
      OutputStream out)
      throws IOException {
    Script script = server.playbook().script();
    EventOut events = new EventOut(out, format.framing(), script.wire());
    Pace pace = found.rule().pace().or(script::pace).orElse(Pace.AT_ONCE);
    Answer answer =
        new Answer(conversation, found, pace, format.encoder(conversation, events), events, in);
    server.streamBegins();
    boolean stalled =
        steps.stream().anyMatch(s -> s instanceof Step.Fault f && f.fault().kind().equals("stall"));
    boolean gone = true;
    try {
      boolean whole = answer.play(steps);
      gone = stalled;
      return whole;
    } finally {
      server.streamEnds(gone);
    }
  }

  private void requireKey(String key) throws BadRequest {
    Optional<String> wanted = server.playbook().script().apiKey();
    if (wanted.isPresent() && !wanted.get().equals(key)) {
      throw new BadRequest(401, "", "invalid x-api-key");
    }
  }

  private void requireModel(String model) throws BadRequest {
    List<String> models = server.playbook().script().models();
    if (!models.isEmpty() && !models.contains(model)) {
      throw new BadRequest(404, "", "The model `" + model + "` does not exist.");
    }
  }

  private static JsonNode body(HttpRequest request) throws BadRequest {
    try {
      return Json.LENIENT.readTree(new String(request.body(), StandardCharsets.UTF_8));
    } catch (JacksonException e) {
      throw new BadRequest("The request's body is not valid JSON.");
    }
  }

  private void refuse(ModelFormat format, Step.Status status, OutputStream out) throws IOException {
    StringBuilder headers =
        new StringBuilder(errorType(format, status.status(), status.type().orElse("")));
    status
        .retryAfterS()
        .ifPresent(s ->
            headers
                .append("Retry-After: ")
                .append(
                    s == Math.rint(s)
                        ? Long.toString(s.longValue())
                        : String.format(Locale.ROOT, "%.3f", s))
                .append("\r\n"));
    status
        .retryAfterMs()
        .ifPresent(ms -> headers.append("Retry-After-Ms: ").append(ms).append("\r\n"));
    String message = status.message().orElse("The script says " + status.status() + ".");
    send(
        out,
        status.status(),
        headers.toString(),
        format.error(status.status(), status.type().orElse(""), message));
  }

  private static String errorType(ModelFormat format, int status, String type) {
    String header = format.errorType(status, type);
    return header.isEmpty() ? "" : "X-Amzn-ErrorType: " + header + "\r\n";
  }

  private void models(HttpRequest request, OutputStream out) throws IOException {
    boolean anthropic = request.header("anthropic-version").isPresent();
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    if (!anthropic) {
      list.put("object", "list");
    }
    ArrayNode data = list.putArray("data");
    List<String> models = server.playbook().script().models();
    for (String model : models.isEmpty() ? List.of("scripted") : models) {
      ObjectNode item = data.addObject().put("id", model);
      if (anthropic) {
        item.put("type", "model")
            .put("display_name", model)
            .put("created_at", "2026-01-01T00:00:00Z");
      } else {
        item.put("object", "model").put("created", 1_767_225_600).put("owned_by", "scripted");
      }
    }
    if (anthropic) {
      list.put("has_more", false);
    }
    record(request, JsonNodeFactory.instance.nullNode(), 200);
    send(out, 200, "", list.toString());
  }

  private void record(HttpRequest request, JsonNode body, int status) {
    record(request, body, status, /* aside */ false);
  }

  private void record(HttpRequest request, JsonNode body, int status, boolean aside) {
    server.record(
        new RecordedRequest(request.method(), request.path(), request.headers(), body, status),
        request.body().length,
        aside);
  }

  private static void send(OutputStream out, int status, String headers, String json)
      throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 "
            + status
            + " Scripted\r\nContent-Type: application/json\r\nRequest-Id: req_scripted\r\n"
            + headers
            + "Content-Length: "
            + body.length
            + "\r\n\r\n";
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    out.flush();
  }
}
