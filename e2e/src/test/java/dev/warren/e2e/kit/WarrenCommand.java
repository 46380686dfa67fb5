package dev.warren.e2e.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The `warren` command of one person, as a script in the test's folder that runs this build.
public final class WarrenCommand {
  private final Path program;
  private final Map<String, String> environment;

  /// @param folder the test's own, for the script and what the command remembers
  /// @param more environment variables beside the usual ones
  public WarrenCommand(Path folder, String url, String token, Map<String, String> more) {
    Path home = Path.of(System.getProperty("warren.home")).toAbsolutePath().normalize();
    String java = ProcessHandle.current().info().command().orElseThrow();
    program = folder.resolve("warren");
    Path config = folder.resolve("warren-config");
    try {
      Files.createDirectories(config);
      Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rwx------"));
      Files.writeString(
          program,
          """
          #!/bin/sh
          exec '%s' -XX:TieredStopAtLevel=1 -Xmx256m --enable-native-access=ALL-UNNAMED \
            --sun-misc-unsafe-memory-access=allow -Dwarren.home='%s' -Dwarren.command='%s' \
            -cp '%s/lib/*' dev.warren.cli.Main "$@"
          """
              .formatted(java, home, program, home));
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + program, e);
    }
    Map<String, String> all = new java.util.HashMap<>(more);
    all.put("WARREN_CONFIG_DIR", config.toString());
    all.put("WARREN_URL", url);
    all.put("WARREN_TOKEN", token);
    environment = Map.copyOf(all);
  }

  /// A call of it that is about to start; both outputs go to one file.
  public ProcessBuilder call(Path output, String... arguments) {
    List<String> line = new ArrayList<>(List.of(program.toString()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().putAll(environment);
    builder.environment().remove("SSH_AUTH_SOCK");
    return builder.redirectErrorStream(true).redirectOutput(output.toFile());
  }
}
