package dev.warren.llm.http;

import dev.warren.llm.ProviderException;
import dev.warren.llm.Secret;
import java.net.URI;
import java.util.Map;

/// Proves to a provider who asks. Thread-safe.
public interface Credentials {

  /// Headers that go with a request. May ask an authority for a token first, and keeps it.
  ///
  /// @throws ProviderException of kind `AUTH` or `NETWORK` when there are none to be had
  Map<String, String> headers(URI uri, byte[] body) throws InterruptedException;

  /// For servers that want none.
  static Credentials none() {
    return (uri, body) -> Map.of();
  }

  /// A key in a header.
  ///
  /// @param prefix before the key, such as `Bearer ` with its blank
  static Credentials key(String header, String prefix, Secret key) {
    Map<String, String> headers = Map.of(header, prefix + key.reveal());
    return (uri, body) -> headers;
  }

  static Credentials bearer(Secret key) {
    return key("Authorization", "Bearer ", key);
  }
}
