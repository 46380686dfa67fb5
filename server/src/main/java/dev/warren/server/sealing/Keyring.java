package dev.warren.server.sealing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The keys of this installation: the first one seals, all of them open. Thread-safe.
public final class Keyring {
  /// Bytes of a key: AES-256.
  public static final int KEY_BYTES = 32;

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Map<String, SecretKeySpec> keys;
  private final String first;

  private Keyring(List<byte[]> keys) {
    Map<String, SecretKeySpec> byId = new LinkedHashMap<>();
    for (byte[] key : keys) {
      byId.put(id(key), new SecretKeySpec(key, "AES"));
    }
    this.keys = byId;
    this.first = byId.keySet().iterator().next();
  }

  /// Reads keys as they are set: base64, separated by commas.
  ///
  /// @throws IllegalArgumentException when one is no key; the message shows none
  public static Keyring parse(String text) {
    List<byte[]> keys =
        Arrays.stream(text.split(","))
            .map(String::strip)
            .filter(part -> !part.isEmpty())
            .map(Keyring::key)
            .toList();
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("there is no key in it");
    }
    return new Keyring(keys);
  }

  private static byte[] key(String text) {
    byte[] key;
    try {
      key = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("a key is not base64");
    }
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("a key has " + key.length + " bytes, not " + KEY_BYTES);
    }
    return key;
  }

  /// Reads the keys of a file, or makes it with a new key, closed to others.
  public static Keyring loadOrCreate(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] key = new byte[KEY_BYTES];
      RANDOM.nextBytes(key);
      Path unfinished = file.resolveSibling(file.getFileName() + ".new");
      Files.deleteIfExists(unfinished);
      Files.createFile(
          unfinished,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(unfinished, Base64.getEncoder().encodeToString(key) + "\n");
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }
    return parse(Files.readString(file).strip());
  }

  /// The id of the key that seals.
  public String firstId() {
    return first;
  }

  public Set<String> ids() {
    return Set.copyOf(keys.keySet());
  }

  /// @param context what the value is for: it opens only under the same
  public Sealed seal(String value, String context) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    byte[] sealed =
        run(Cipher.ENCRYPT_MODE, first, nonce, context, value.getBytes(StandardCharsets.UTF_8));
    byte[] whole = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
    System.arraycopy(sealed, 0, whole, NONCE_BYTES, sealed.length);
    return new Sealed(first, whole);
  }

  /// @throws IllegalStateException when no key here opens it
  public String open(Sealed sealed, String context) {
    if (!keys.containsKey(sealed.keyId())) {
      throw new IllegalStateException("no key here opens a value " + sealed);
    }
    byte[] nonce = Arrays.copyOf(sealed.bytes(), NONCE_BYTES);
    byte[] rest = Arrays.copyOfRange(sealed.bytes(), NONCE_BYTES, sealed.bytes().length);
    return new String(
        run(Cipher.DECRYPT_MODE, sealed.keyId(), nonce, context, rest), StandardCharsets.UTF_8);
  }

  private byte[] run(int mode, String keyId, byte[] nonce, String context, byte[] input) {
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(mode, keys.get(keyId), new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a value cannot be sealed or opened with " + keyId, e);
    }
  }

  /// A key's fingerprint.
  private static String id(byte[] key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update("warren key id".getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(key), 0, 8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
