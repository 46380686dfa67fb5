package dev.warren.protocol.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/// The headers of one message in their order; names compare without case.
public final class HttpHeaders {
  private final List<Header> headers;

  private record Header(String name, String value) {}

  private HttpHeaders(List<Header> headers) {
    this.headers = List.copyOf(headers);
  }

  /// The value of a header that may occur once; a doubled one is refused, because two readers of
  /// the same message could take different ones.
  public Optional<String> one(String name) throws HttpFormatException {
    Optional<String> found = Optional.empty();
    for (Header header : headers) {
      if (header.name.equalsIgnoreCase(name)) {
        if (found.isPresent()) {
          throw new HttpFormatException(400, "the header " + name + " occurs more than once");
        }
        found = Optional.of(header.value);
      }
    }
    return found;
  }

  /// All of them, in order.
  public void forEach(BiConsumer<String, String> action) {
    headers.forEach(header -> action.accept(header.name, header.value));
  }

  /// Whether a comma-separated header, such as `Connection`, holds the token.
  public boolean lists(String name, String token) {
    for (Header header : headers) {
      if (header.name.equalsIgnoreCase(name)) {
        for (String part : header.value.split(",")) {
          if (part.strip().equalsIgnoreCase(token)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  public boolean has(String name) {
    return headers.stream().anyMatch(header -> header.name.equalsIgnoreCase(name));
  }

  /// Puts headers together; not thread-safe.
  public static final class Builder {
    private final List<Header> headers = new ArrayList<>();

    public Builder add(String name, String value) {
      if (name.isEmpty() || !isToken(name)) {
        throw new IllegalArgumentException("no header name: " + name);
      }
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if ((c < ' ' && c != '\t') || c == 0x7f) {
          throw new IllegalArgumentException("a control character in the header " + name);
        }
      }
      headers.add(new Header(name, value));
      return this;
    }

    int size() {
      return headers.size();
    }

    public HttpHeaders build() {
      return new HttpHeaders(headers);
    }
  }

  void appendTo(StringBuilder text) {
    for (Header header : headers) {
      text.append(header.name).append(": ").append(header.value).append("\r\n");
    }
  }

  static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letterOrDigit =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!letterOrDigit && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
