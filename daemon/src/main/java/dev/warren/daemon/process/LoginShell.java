package dev.warren.daemon.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The shell that people get: the environment's, else that of their entry in `/etc/passwd`, else
/// one that is there.
///
/// @param file absolute
public record LoginShell(String file) {
  private static final List<String> COMMON = List.of("/bin/bash", "/bin/sh");
  private static final int SHELL_FIELD = 6;

  /// @param user whose entry is read
  public static LoginShell of(Map<String, String> environment, String user) {
    return new LoginShell(
        Stream.concat(
                Stream.of(Optional.ofNullable(environment.get("SHELL")), entry(user))
                    .flatMap(Optional::stream),
                COMMON.stream())
            .filter(file -> file.startsWith("/") && Files.isExecutable(Path.of(file)))
            .findFirst()
            .orElse("/bin/sh"));
  }

  /// Reads `/etc/profile` and `~/.profile` (or what this shell has for them), then what is typed.
  public List<String> login() {
    return List.of(file, "-l");
  }

  /// Runs one command line, as `sshd` does.
  public List<String> command(String line) {
    return List.of(file, "-c", line);
  }

  private static Optional<String> entry(String user) {
    try (Stream<String> lines = Files.lines(Path.of("/etc/passwd"))) {
      return lines
          .map(line -> line.split(":", -1))
          .filter(fields -> fields.length > SHELL_FIELD && fields[0].equals(user))
          .map(fields -> fields[SHELL_FIELD])
          .findFirst();
    } catch (IOException | RuntimeException unreadable) {
      return Optional.empty();
    }
  }
}
