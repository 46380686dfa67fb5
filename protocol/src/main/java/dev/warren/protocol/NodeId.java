package dev.warren.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// Names a node of the tunnel: the SHA-256 of its TLS key's SubjectPublicKeyInfo, 64 hex digits.
public record NodeId(@JsonValue String value) {
  /// Bytes of the hash.
  public static final int BYTES = 32;

  private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

  @JsonCreator
  public NodeId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("a node id is 64 lower-case hex digits: " + value);
    }
  }

  public static NodeId of(byte[] hash) {
    return new NodeId(HexFormat.of().formatHex(hash));
  }

  public byte[] bytes() {
    return HexFormat.of().parseHex(value);
  }

  /// Enough of the id to recognise it in a log.
  public String brief() {
    return value.substring(0, 10);
  }
}
