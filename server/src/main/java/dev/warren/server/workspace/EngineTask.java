package dev.warren.server.workspace;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// One build, as an engine sees it.
///
/// @param workspace as it was when the build was taken
/// @param newToken makes the secret with which this build's daemon introduces itself, instead of
///   any made before
/// @param daemonIsAttached whether the workspace's daemon is there now
/// @param log takes a line for people to read
record EngineTask(
    Workspace workspace,
    Build build,
    Supplier<String> newToken,
    BooleanSupplier daemonIsAttached,
    Consumer<String> log) {
  void say(String line) {
    log.accept(line);
  }
}
