package dev.warren.server.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// Password hashes: Argon2id in its PHC string form, `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`
/// (OWASP's password storage cheat sheet, 2026-01). At most two are computed at a time, for each
/// takes [#MEMORY_KIB] of heap.
final class Passwords {
  static final int LENGTH_MIN = 8;
  static final int LENGTH_MAX = 256;

  private static final int MEMORY_KIB = 19 * 1024;
  private static final int ITERATIONS = 2;
  private static final int PARALLELISM = 1;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final Pattern FORM =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();

  private final Semaphore computing = new Semaphore(2);

  /// Compared against when there is no such user, so that both refusals take the same time. Any
  /// hash does, for its password is never right.
  private static final String NOBODYS =
      "$argon2id$v=19$m="
          + MEMORY_KIB
          + ",t="
          + ITERATIONS
          + ",p="
          + PARALLELISM
          + "$"
          + ENCODER.encodeToString(new byte[SALT_BYTES])
          + "$"
          + ENCODER.encodeToString(new byte[HASH_BYTES]);

  String hash(String password) {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    byte[] hash = compute(password, salt, MEMORY_KIB, ITERATIONS, PARALLELISM, HASH_BYTES);
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            MEMORY_KIB,
            ITERATIONS,
            PARALLELISM,
            ENCODER.encodeToString(salt),
            ENCODER.encodeToString(hash));
  }

  boolean matches(String password, String stored) {
    Matcher form = FORM.matcher(stored);
    if (!form.matches()) {
      throw new IllegalStateException("a stored password hash is not Argon2id in PHC form");
    }
    byte[] expected = Base64.getDecoder().decode(form.group(5));
    byte[] actual =
        compute(
            password,
            Base64.getDecoder().decode(form.group(4)),
            Integer.parseInt(form.group(1)),
            Integer.parseInt(form.group(2)),
            Integer.parseInt(form.group(3)),
            expected.length);
    return MessageDigest.isEqual(expected, actual);
  }

  /// Takes as long as a comparison, and does not match.
  void matchesNobody(String password) {
    matches(password, NOBODYS);
  }

  private byte[] compute(
      String password, byte[] salt, int memoryKib, int iterations, int parallelism, int bytes) {
    computing.acquireUninterruptibly();
    try {
      Argon2BytesGenerator generator = new Argon2BytesGenerator();
      generator.init(
          new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
              .withVersion(Argon2Parameters.ARGON2_VERSION_13)
              .withMemoryAsKB(memoryKib)
              .withIterations(iterations)
              .withParallelism(parallelism)
              .withSalt(salt)
              .build());
      byte[] hash = new byte[bytes];
      generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
      return hash;
    } finally {
      computing.release();
    }
  }
}
