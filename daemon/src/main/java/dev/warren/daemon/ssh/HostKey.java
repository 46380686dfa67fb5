package dev.warren.daemon.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Base64;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.security.SecurityUtils;

/// The workspace's Ed25519 host key. Clients need not trust it by itself: they get it through the
/// tunnel, whose other end has proved the node's key.
record HostKey(KeyPair pair) {
  private static final String FILE = "ssh-host.key";
  private static final int SEED_BYTES = 32;

  /// The key of this folder (mode 0600, the seed in base64), made at the first call.
  static HostKey loadOrCreate(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      create(file);
    }
    try {
      byte[] seed = Base64.getDecoder().decode(Files.readString(file).strip());
      if (seed.length != SEED_BYTES) {
        throw new IllegalArgumentException("it has %d bytes".formatted(seed.length));
      }
      PrivateKey key = SecurityUtils.generateEDDSAPrivateKey(KeyPairProvider.SSH_ED25519, seed);
      return new HostKey(new KeyPair(SecurityUtils.recoverEDDSAPublicKey(key), key));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          "%s holds no host key (%s); without it a new one is made".formatted(file, e.getMessage()),
          e);
    }
  }

  /// As a line of `known_hosts` behind the name: `ssh-ed25519 AAAA…`.
  String line() {
    return PublicKeyEntry.toString(pair.getPublic());
  }

  /// Without the key.
  @Override
  public String toString() {
    return "HostKey[" + line() + "]";
  }

  private static void create(Path file) throws IOException {
    byte[] seed = new byte[SEED_BYTES];
    new SecureRandom().nextBytes(seed);
    Path draft =
        Files.createTempFile(
            file.getParent(),
            FILE,
            null,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(draft, Base64.getEncoder().encodeToString(seed) + "\n");
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
