package dev.warren.protocol;

import java.security.SecureRandom;
import java.util.UUID;

/// Time-ordered ids (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then random bits. Ids
/// made later in the same process compare greater as long as their milliseconds differ.
public final class UuidV7 {
  private static final SecureRandom RANDOM = new SecureRandom();

  private UuidV7() {}

  public static UUID next() {
    return at(System.currentTimeMillis());
  }

  public static UUID at(long unixMs) {
    byte[] random = new byte[10];
    RANDOM.nextBytes(random);
    long version = 0x7000L | ((long) (random[0] & 0x0f) << 8) | (random[1] & 0xffL);
    long high = ((unixMs & 0xffff_ffff_ffffL) << 16) | version;
    long low = 0x2L << 62;
    for (int i = 2; i < 10; i++) {
      int bits = random[i] & (i == 2 ? 0x3f : 0xff);
      low |= (long) bits << (8 * (9 - i));
    }
    return new UUID(high, low);
  }

  /// The milliseconds since 1970 that the id carries.
  public static long unixMs(UUID id) {
    return id.getMostSignificantBits() >>> 16;
  }
}
