package dev.warren.daemon;

import dev.warren.daemon.os.Libc;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What introduces the daemon at its first attach. Afterwards its key is known and the token is
/// dropped; an empty pipe, as every daemon but the first finds it, means so.
final class DaemonToken {
  private static final int BYTES_MAX = 512;
  private static final Logger LOG = LoggerFactory.getLogger(DaemonToken.class);

  private final Optional<Path> file;
  private volatile Optional<String> value;

  private DaemonToken(Optional<String> value, Optional<Path> file) {
    this.value = value;
    this.file = file;
  }

  static DaemonToken read(Arguments arguments) throws IOException {
    if (arguments.tokenDescriptor().isPresent()) {
      int descriptor = arguments.tokenDescriptor().get();
      return new DaemonToken(
          isPipe(descriptor) ? token(Libc.readInherited(descriptor, BYTES_MAX)) : Optional.empty(),
          Optional.empty());
    }
    Optional<Path> file = arguments.tokenFile().filter(Files::exists);
    if (file.isEmpty()) {
      return new DaemonToken(Optional.empty(), file);
    }
    try (InputStream in = Files.newInputStream(file.get())) {
      return new DaemonToken(token(in.readNBytes(BYTES_MAX)), file);
    }
  }

  /// Anything else with this number is the runtime's own.
  private static boolean isPipe(int descriptor) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(descriptor)))
          .toString()
          .startsWith("pipe:");
    } catch (IOException notOpen) {
      return false;
    }
  }

  private static Optional<String> token(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.US_ASCII).strip();
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  Optional<String> value() {
    return value;
  }

  /// The control plane knows the key now.
  void used() {
    if (value.isEmpty()) {
      return;
    }
    value = Optional.empty();
    file.ifPresent(path -> {
      try {
        Files.deleteIfExists(path);
      } catch (IOException stays) {
        LOG.warn("the token's file cannot be removed: {}", stays.toString());
      }
    });
  }
}
