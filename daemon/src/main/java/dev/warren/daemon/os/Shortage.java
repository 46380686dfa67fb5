package dev.warren.daemon.os;

import java.io.IOException;
import java.util.Set;

/// The system has no more processes, descriptors or memory to give at the moment; whatever ends
/// makes room.
final class Shortage extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int ENOMEM = 12;
  private static final int ENFILE = 23;
  private static final int EMFILE = 24;
  private static final Set<Integer> ERRNOS = Set.of(NativeCalls.EAGAIN, ENOMEM, ENFILE, EMFILE);

  private Shortage(String message) {
    super(message);
  }

  /// What a failed call means.
  static IOException orFailure(String message, int errno) {
    String whole = message + ": " + NativeCalls.message(errno);
    return ERRNOS.contains(errno) ? new Shortage(whole) : new IOException(whole);
  }
}
