package dev.warren.daemon.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 over the parts of an effect's input, each with its length, so that no two inputs run
/// together.
public final class InputHash {
  private final MessageDigest digest = sha256();

  public InputHash add(String part) {
    return add(part.getBytes(StandardCharsets.UTF_8));
  }

  public InputHash add(byte[] part) {
    digest.update(ByteBuffer.allocate(8).putLong(part.length).array());
    digest.update(part);
    return this;
  }

  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  public static String of(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every Java runtime has SHA-256", missing);
    }
  }
}
