package dev.warren.daemon.ssh;

import java.nio.file.Path;

/// A server that the clients of a test meet.
interface SshTarget extends AutoCloseable {
  int port();

  /// A private key that it lets in, for the options of clients.
  Path key();

  @Override
  void close() throws Exception;
}
