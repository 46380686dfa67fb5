package dev.warren.server.archive;

import java.io.IOException;

/// An archive that is malformed, goes over a limit or would leave its folder. The message is for
/// whoever sent it.
public final class ArchiveException extends IOException {
  private static final long serialVersionUID = 1L;

  public ArchiveException(String message) {
    super(message);
  }
}
