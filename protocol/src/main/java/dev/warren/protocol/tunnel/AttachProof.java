package dev.warren.protocol.tunnel;

import dev.warren.protocol.NodeId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.UUID;

/// The proof that an attaching node holds its key: a signature (ECDSA P-256, SHA-256) over `domain,
/// nonce, relay id, instance`. The domain keeps the signature from meaning anything elsewhere, the
/// nonce from being used twice, the relay's id from being used at another relay.
public final class AttachProof {
  /// Bytes of a challenge's nonce.
  public static final int NONCE_BYTES = 32;

  private static final byte[] DOMAIN =
      "warren relay attach, version 1\0".getBytes(StandardCharsets.US_ASCII);
  private static final String ALGORITHM = "SHA256withECDSA";

  /// Bits of a P-256 field element.
  private static final int FIELD_BITS = 256;

  /// Longest SubjectPublicKeyInfo that is looked at; P-256's has 91 bytes.
  private static final int KEY_BYTES_MAX = 256;

  private AttachProof() {}

  /// The node id of an encoded public key.
  public static NodeId nodeId(byte[] publicKey) {
    try {
      return NodeId.of(MessageDigest.getInstance("SHA-256").digest(publicKey));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  public static byte[] sign(PrivateKey key, byte[] nonce, NodeId relay, UUID instance) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(content(nonce, relay, instance));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign with the node's key", e);
    }
  }

  /// Whether the signature over this nonce is by this key, which must be a P-256 key in its one
  /// canonical encoding.
  public static boolean verify(
      byte[] publicKey, byte[] signature, byte[] nonce, NodeId relay, UUID instance) {
    if (publicKey.length > KEY_BYTES_MAX) {
      return false;
    }
    try {
      PublicKey key =
          KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(publicKey));
      boolean isP256 =
          key instanceof ECPublicKey ec
              && ec.getParams().getCurve().getField().getFieldSize() == FIELD_BITS;
      if (!isP256 || !MessageDigest.isEqual(key.getEncoded(), publicKey)) {
        return false;
      }
      Signature verifier = Signature.getInstance(ALGORITHM);
      verifier.initVerify(key);
      verifier.update(content(nonce, relay, instance));
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static byte[] content(byte[] nonce, NodeId relay, UUID instance) {
    return ByteBuffer.allocate(DOMAIN.length + nonce.length + NodeId.BYTES + Long.BYTES * 2)
        .put(DOMAIN)
        .put(nonce)
        .put(relay.bytes())
        .putLong(instance.getMostSignificantBits())
        .putLong(instance.getLeastSignificantBits())
        .array();
  }
}
