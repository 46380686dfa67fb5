package dev.warren.server.replica;

import dev.warren.protocol.NodeId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a call from replica to replica carries in its [#HEADER]: who calls whom, when, and a
/// signature (ECDSA P-256, SHA-256) over that, the method, the path with its query, and the body.
/// The domain keeps the signature from meaning anything elsewhere, the nonce from being used twice,
/// the receiver's id from being used at another replica.
///
/// @param millis when it was made, since the epoch
record CallSignature(NodeId from, long millis, UUID nonce, String signature) {
  static final String HEADER = "Warren-Replica";

  private static final String DOMAIN = "warren replica call, version 1";
  private static final String ALGORITHM = "SHA256withECDSA";
  private static final Pattern FORM =
      Pattern.compile("v1 ([0-9a-f]{64}) (\\d{1,15}) ([0-9a-f-]{36}) ([A-Za-z0-9+/=]{1,128})");

  /// What is called.
  record Call(NodeId to, String method, String target, byte[] body) {}

  static CallSignature sign(PrivateKey key, NodeId from, long millis, Call call) {
    UUID nonce = UUID.randomUUID();
    try {
      Signature signer = Signature.getInstance(ALGORITHM);
      signer.initSign(key);
      signer.update(content(from, millis, nonce, call));
      return new CallSignature(
          from, millis, nonce, Base64.getEncoder().encodeToString(signer.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign with the node's key", e);
    }
  }

  static Optional<CallSignature> parse(String header) {
    Matcher form = FORM.matcher(header);
    if (!form.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new CallSignature(
              new NodeId(form.group(1)),
              Long.parseLong(form.group(2)),
              UUID.fromString(form.group(3)),
              form.group(4)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  boolean isBy(byte[] publicKey, Call call) {
    try {
      Signature verifier = Signature.getInstance(ALGORITHM);
      verifier.initVerify(
          KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(publicKey)));
      verifier.update(content(from, millis, nonce, call));
      return verifier.verify(Base64.getDecoder().decode(signature));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  private static byte[] content(NodeId from, long millis, UUID nonce, Call call)
      throws GeneralSecurityException {
    String hash =
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(call.body()));
    return String.join(
            "\n",
            DOMAIN,
            from.value(),
            call.to().value(),
            Long.toString(millis),
            nonce.toString(),
            call.method(),
            call.target(),
            hash)
        .getBytes(StandardCharsets.UTF_8);
  }

  /// As the header's value.
  @Override
  public String toString() {
    return "v1 " + from.value() + " " + millis + " " + nonce + " " + signature;
  }
}
