package dev.warren.daemon.http;

import dev.warren.daemon.DaemonException;
import dev.warren.protocol.Json;
import dev.warren.protocol.MissingMember;
import dev.warren.protocol.http.HttpFormatException;
import dev.warren.protocol.http.HttpHead;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;

/// One request as a handler sees it. Parameters that are not asked for are refused, see
/// [#parameters].
public final class Request {
  /// Longest JSON body, in bytes.
  static final int JSON_BYTES_MAX = 16 * 1024 * 1024;

  private final HttpHead.Request head;
  private final InputStream body;
  private final String path;
  private final Map<String, String> query;
  private final Map<String, String> fromPath;

  Request(HttpHead.Request head, InputStream body, Map<String, String> fromPath) {
    this.head = head;
    this.body = body;
    this.path = pathOf(head.target());
    this.query = queryOf(head.target());
    this.fromPath = Map.copyOf(fromPath);
  }

  static String pathOf(String target) {
    int question = target.indexOf('?');
    return question < 0 ? target : target.substring(0, question);
  }

  public String method() {
    return head.method();
  }

  public String path() {
    return path;
  }

  public InputStream body() {
    return body;
  }

  public Optional<String> header(String name) {
    try {
      return head.headers().one(name);
    } catch (HttpFormatException doubled) {
      throw DaemonException.badInput(name, "the header may occur once");
    }
  }

  /// The id in the path.
  public UUID id() {
    return uuid("id", fromPath.getOrDefault("id", ""));
  }

  /// Says which query parameters there are; others are bad input.
  public Request parameters(String... names) {
    Set<String> known = Set.of(names);
    for (String name : query.keySet()) {
      if (!known.contains(name)) {
        throw DaemonException.badInput(
            name, "no such parameter; there are: " + String.join(", ", names));
      }
    }
    return this;
  }

  public String required(String name) {
    return optional(name)
        .filter(value -> !value.isEmpty())
        .orElseThrow(() -> DaemonException.badInput(name, "the parameter is missing"));
  }

  public Optional<String> optional(String name) {
    return Optional.ofNullable(query.get(name));
  }

  public Optional<Long> number(String name, long min, long max) {
    return optional(name)
        .map(text -> {
          long value = text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
          if (value < min || value > max) {
            throw DaemonException.badInput(
                name, "a number from %d to %d, not %s".formatted(min, max, text));
          }
          return value;
        });
  }

  /// The body as a record: strict, and no member may be missing that has no default.
  public <T extends Record> T json(Class<T> type) throws IOException {
    String media = header("Content-Type").orElse("");
    if (!media.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
      throw new DaemonException(
          415,
          "about:blank",
          "Unsupported media type",
          "Content-Type is application/json here, not '" + media + "'");
    }
    byte[] bytes = body.readNBytes(JSON_BYTES_MAX + 1);
    if (bytes.length > JSON_BYTES_MAX) {
      throw new DaemonException(
          413, "about:blank", "Body too large", "at most " + JSON_BYTES_MAX + " bytes of JSON");
    }
    try {
      T value = Json.STRICT.readValue(bytes, type);
      if (value == null) {
        throw DaemonException.badInput("body", "an object is needed, not null");
      }
      MissingMember.of(value)
          .ifPresent(field -> {
            throw DaemonException.badInput(field, "the member is missing");
          });
      return value;
    } catch (DatabindException wrong) {
      String field =
          wrong.getPath().stream()
              .map(step ->
                  step.getPropertyName() == null
                      ? "[" + step.getIndex() + "]"
                      : "." + step.getPropertyName())
              .collect(java.util.stream.Collectors.joining());
      String name = field.startsWith(".") ? field.substring(1) : field;
      throw DaemonException.badInput(
          name.isEmpty() ? "body" : name, String.valueOf(wrong.getOriginalMessage()));
    } catch (JacksonException malformed) {
      throw DaemonException.badInput("body", "no JSON: " + malformed.getOriginalMessage());
    }
  }

  static UUID uuid(String field, String text) {
    try {
      if (text.length() == 36) {
        return UUID.fromString(text);
      }
    } catch (IllegalArgumentException malformed) {
      // Told below.
    }
    throw DaemonException.badInput(field, "a UUID, not '" + text + "'");
  }

  /// A header that holds a UUID.
  public Optional<UUID> uuidHeader(String name) {
    return header(name).map(text -> uuid(name, text));
  }

  private static Map<String, String> queryOf(String target) {
    int question = target.indexOf('?');
    Map<String, String> parameters = new HashMap<>();
    if (question < 0) {
      return parameters;
    }
    for (String pair : target.substring(question + 1).split("&")) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      if (parameters.put(name, value) != null) {
        throw DaemonException.badInput(name, "the parameter occurs more than once");
      }
    }
    return parameters;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw DaemonException.badInput("query", "no percent-encoding: " + text);
    }
  }
}
