package dev.warren.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/// The time until a bundle that took another's place attaches, as the other could. A file says that
/// it lasts: the sum of this bundle, and that of the one before it. The supervisor reads it too,
/// and is who goes back. Used by one thread.
final class BundleTrial {
  /// So long a control plane answers and the daemon is not attached: some ten tries.
  static final Duration UNATTACHED_MAX = Duration.ofMinutes(2);

  private final Path file;
  private final BooleanSupplier controlPlaneAnswers;
  private final LongSupplier nanoTime;

  /// Since when the control plane has answered each time.
  private OptionalLong answersSince = OptionalLong.empty();

  BundleTrial(Path file, BooleanSupplier controlPlaneAnswers, LongSupplier nanoTime) {
    this.file = file;
    this.controlPlaneAnswers = controlPlaneAnswers;
    this.nanoTime = nanoTime;
  }

  /// Begins with the next start.
  void begin(String sum, String sumBefore) throws IOException {
    Files.writeString(file, sum + "\n" + sumBefore + "\n");
  }

  boolean lasts() {
    return Files.exists(file);
  }

  /// The daemon is attached, or the bundle is not in place after all.
  void end() throws IOException {
    Files.deleteIfExists(file);
  }

  /// Looks, while the daemon is not attached, whether that is the bundle's fault: a control plane
  /// that does not answer, or starts again, says nothing of it.
  boolean hasFailed() {
    if (!lasts()) {
      return false;
    }
    if (!controlPlaneAnswers.getAsBoolean()) {
      answersSince = OptionalLong.empty();
      return false;
    }
    long now = nanoTime.getAsLong();
    if (answersSince.isEmpty()) {
      answersSince = OptionalLong.of(now);
    }
    return now - answersSince.getAsLong() >= UNATTACHED_MAX.toNanos();
  }
}
