package dev.warren.daemon.process;

import dev.warren.daemon.DaemonException;
import dev.warren.daemon.store.InputHash;
import dev.warren.protocol.daemon.ProcessStart;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// A request to start a command whose input is in order.
///
/// @param inputHash tells this command from another one with the same id
/// @param commandBytes in UTF-8
record CheckedStart(Map<String, String> env, String inputHash, int commandBytes) {
  /// Longest command.
  private static final int COMMAND_BYTES_MAX = 1024 * 1024;

  /// Longest command that is passed as an argument (the kernel's limit is 128 KiB).
  private static final int ARGUMENT_BYTES_MAX = 100 * 1024;

  static CheckedStart of(ProcessStart request) {
    String command = request.command();
    int bytes = command.getBytes(StandardCharsets.UTF_8).length;
    if (command.isBlank() || command.indexOf('\0') >= 0) {
      throw DaemonException.badInput("command", "text for sh -c, not blank and without NUL");
    }
    if (bytes > COMMAND_BYTES_MAX) {
      throw DaemonException.badInput(
          "command", "%d bytes; at most %d".formatted(bytes, COMMAND_BYTES_MAX));
    }
    Map<String, String> env = new TreeMap<>(request.env().orElse(Map.of()));
    InputHash hash = new InputHash().add("command").add(command);
    hash.add(request.workdir().orElse("~"));
    env.forEach((name, value) -> {
      if (!name.matches("[A-Za-z_][A-Za-z0-9_]*") || value.indexOf('\0') >= 0) {
        throw DaemonException.badInput("env", "no environment variable: " + name);
      }
      hash.add(name).add(value);
    });
    return new CheckedStart(env, hash.hex(), bytes);
  }

  boolean tooLongForAnArgument() {
    return commandBytes > ARGUMENT_BYTES_MAX;
  }
}
