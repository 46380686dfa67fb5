package dev.warren.tunnel.path;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Seals and opens the probes between two nodes: X25519 keys that are made at each start of a
/// node's process and exchanged by the coordinator, ChaCha20-Poly1305, a key each way.
///
/// On the wire: `[0]` [#FIRST_BYTE]; `[1, 9)` a tag that names pair and way; `[9, 21)` a random
/// nonce; then the sealed probe with its 16 bytes of authentication. The first 21 bytes are
/// authenticated too.
public final class ProbeKeys {
  /// Neither QUIC (64 and above) nor STUN (0 to 3), RFC 9443.
  public static final byte FIRST_BYTE = 8;

  /// Bytes of the tag, which stands behind the first byte.
  public static final int TAG_BYTES = 8;

  private static final int NONCE_BYTES = 12;
  private static final int HEAD_BYTES = 1 + TAG_BYTES + NONCE_BYTES;
  private static final int SEAL_BYTES = 16;

  /// Bytes of a raw X25519 key.
  public static final int KEY_BYTES = 32;

  private static final byte[] DOMAIN =
      "warren path probe, version 1\0".getBytes(StandardCharsets.US_ASCII);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecretKeySpec sealing;
  private final SecretKeySpec opening;
  private final long sealingTag;
  private final long openingTag;

  private ProbeKeys(Way out, Way in) {
    this.sealing = out.key();
    this.sealingTag = out.tag();
    this.opening = in.key();
    this.openingTag = in.tag();
  }

  /// The key of one way, and what is seen of it.
  private record Way(SecretKeySpec key, long tag) {}

  /// A node's key pair.
  public static KeyPair generate() {
    try {
      return KeyPairGenerator.getInstance("X25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has X25519", e);
    }
  }

  /// The public key, raw: what the other node is told.
  public static byte[] publicKey(KeyPair pair) {
    BigInteger u = ((XECPublicKey) pair.getPublic()).getU();
    byte[] little = new byte[KEY_BYTES];
    byte[] big = u.toByteArray();
    for (int i = 0; i < Math.min(big.length, KEY_BYTES); i++) {
      little[i] = big[big.length - 1 - i];
    }
    return little;
  }

  /// The keys between these two.
  ///
  /// @param peer the other node's raw public key
  /// @return empty when that is no key
  public static Optional<ProbeKeys> of(KeyPair own, byte[] peer) {
    if (peer.length != KEY_BYTES) {
      return Optional.empty();
    }
    try {
      byte[] big = new byte[KEY_BYTES];
      for (int i = 0; i < KEY_BYTES; i++) {
        big[i] = peer[KEY_BYTES - 1 - i];
      }
      big[0] &= 0x7f;
      KeyAgreement agreement = KeyAgreement.getInstance("X25519");
      agreement.init(own.getPrivate());
      agreement.doPhase(
          KeyFactory.getInstance("X25519")
              .generatePublic(
                  new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, big))),
          true);
      byte[] secret = agreement.generateSecret();
      byte[] mine = publicKey(own);
      return Optional.of(new ProbeKeys(way(secret, mine, peer), way(secret, peer, mine)));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /// Stands behind the first byte of what [#open] can open.
  public long openingTag() {
    return openingTag;
  }

  /// Seals a probe.
  ///
  /// @param bytes of the whole datagram, padded; shorter ones are made as long as is needed
  public byte[] seal(Probe probe, int bytes) {
    int content = Math.max(Probe.BYTES_MAX, bytes - HEAD_BYTES - SEAL_BYTES);
    ByteBuffer plain = ByteBuffer.allocate(content);
    probe.putTo(plain);
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    byte[] datagram = new byte[HEAD_BYTES + content + SEAL_BYTES];
    ByteBuffer.wrap(datagram).put(FIRST_BYTE).putLong(sealingTag).put(nonce);
    try {
      Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
      cipher.init(Cipher.ENCRYPT_MODE, sealing, new IvParameterSpec(nonce));
      cipher.updateAAD(datagram, 0, HEAD_BYTES);
      cipher.doFinal(plain.array(), 0, content, datagram, HEAD_BYTES);
      return datagram;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot seal a probe", e);
    }
  }

  /// The tag of what looks like a probe.
  public static Optional<Long> tagOf(byte[] datagram) {
    return datagram.length <= HEAD_BYTES + SEAL_BYTES || datagram[0] != FIRST_BYTE
        ? Optional.empty()
        : Optional.of(ByteBuffer.wrap(datagram, 1, TAG_BYTES).getLong());
  }

  /// Opens a probe of the other node.
  ///
  /// @return empty when it is not one
  public Optional<Probe> open(byte[] datagram) {
    if (!tagOf(datagram).equals(Optional.of(openingTag))) {
      return Optional.empty();
    }
    try {
      Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
      cipher.init(
          Cipher.DECRYPT_MODE, opening, new IvParameterSpec(datagram, 1 + TAG_BYTES, NONCE_BYTES));
      cipher.updateAAD(datagram, 0, HEAD_BYTES);
      byte[] plain = cipher.doFinal(datagram, HEAD_BYTES, datagram.length - HEAD_BYTES);
      return Probe.read(ByteBuffer.wrap(plain));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /// A hash binds the secret to both keys, in the order of the way.
  private static Way way(byte[] secret, byte[] from, byte[] to) throws GeneralSecurityException {
    MessageDigest sha = MessageDigest.getInstance("SHA-512");
    sha.update(DOMAIN);
    sha.update(secret);
    sha.update(from);
    sha.update(to);
    byte[] hash = sha.digest();
    return new Way(
        new SecretKeySpec(hash, 0, 32, "ChaCha20"), ByteBuffer.wrap(hash, 32, TAG_BYTES).getLong());
  }
}
