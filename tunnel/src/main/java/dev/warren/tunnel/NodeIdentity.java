package dev.warren.tunnel;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.AttachProof;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Set;

/// A node's key (P-256) with its self-signed certificate; the key's hash is the node's name.
public record NodeIdentity(NodeId id, PrivateKey privateKey, X509Certificate certificate) {
  private static final String FILE = "node.key";

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /// Longest key file that is read; ours have some 370 bytes.
  private static final long FILE_BYTES_MAX = 4096;

  /// A new key, kept nowhere.
  public static NodeIdentity generate() {
    KeyPair pair = generatePair();
    return of(pair.getPublic(), pair.getPrivate());
  }

  /// The key of this folder (`node.key`, mode 0600), made at the first call. The folder is made
  /// too. Two processes that make it at once end up with the same key.
  public static NodeIdentity loadOrCreate(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    try {
      return load(file);
    } catch (NoSuchFileException e) {
      Files.createDirectories(folder);
      create(folder, file);
      return load(file);
    }
  }

  /// The encoded public key (SubjectPublicKeyInfo).
  public byte[] publicKey() {
    return certificate.getPublicKey().getEncoded();
  }

  /// Without the key.
  @Override
  public String toString() {
    return "NodeIdentity[" + id.brief() + "]";
  }

  private static NodeIdentity of(PublicKey publicKey, PrivateKey privateKey) {
    try {
      return new NodeIdentity(
          AttachProof.nodeId(publicKey.getEncoded()),
          privateKey,
          SelfSignedCertificate.of(publicKey, privateKey));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot make a certificate for the node's key", e);
    }
  }

  private static KeyPair generatePair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  private static NodeIdentity load(Path file) throws IOException {
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw new IOException("%s is no node key: it is too large".formatted(file));
    }
    String text = Files.readString(file, StandardCharsets.US_ASCII);
    try {
      KeyFactory keys = KeyFactory.getInstance("EC");
      return of(
          keys.generatePublic(new X509EncodedKeySpec(pem(text, "PUBLIC KEY"))),
          keys.generatePrivate(new PKCS8EncodedKeySpec(pem(text, "PRIVATE KEY"))));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          "%s holds no node key (%s); without it a new one is made".formatted(file, e.getMessage()),
          e);
    }
  }

  /// Writes to a sibling, then links it into place, which fails when another process was quicker.
  private static void create(Path folder, Path file) throws IOException {
    KeyPair pair = generatePair();
    String text =
        pem("PRIVATE KEY", pair.getPrivate().getEncoded())
            + pem("PUBLIC KEY", pair.getPublic().getEncoded());
    Path temporary = Files.createTempFile(folder, FILE, null, OWNER_ONLY);
    try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
      out.force(true);
    }
    try {
      Files.createLink(file, temporary);
    } catch (FileAlreadyExistsException e) {
      // The other process's key is as good, and may be in use already.
    } finally {
      Files.delete(temporary);
    }
  }

  private static String pem(String label, byte[] content) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(label, base64);
  }

  private static byte[] pem(String text, String label) {
    String begin = "-----BEGIN " + label + "-----\n";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END " + label + "-----");
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("no " + label);
    }
    return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
  }
}
