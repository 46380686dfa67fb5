package dev.warren.scripted;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;

/// Signatures of thinking: like a provider's they prove that the text came from here unchanged, and
/// unlike a provider's they are no secret. Ones that a script gave itself pass unchecked.
final class Signatures {
  private static final String OURS = "scripted.";

  private Signatures() {}

  static String of(String thinking) {
    CRC32 sum = new CRC32();
    sum.update(thinking.getBytes(StandardCharsets.UTF_8));
    byte[] bytes = Long.toHexString(sum.getValue()).getBytes(StandardCharsets.US_ASCII);
    return OURS + Base64.getEncoder().encodeToString(bytes);
  }

  static boolean valid(String thinking, String signature) {
    return signature.startsWith(OURS) ? signature.equals(of(thinking)) : !signature.isEmpty();
  }
}
