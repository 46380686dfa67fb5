package dev.warren.cli.workspace;

import dev.warren.cli.client.Api;
import dev.warren.cli.client.Console;
import dev.warren.cli.client.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `warren config-ssh`: makes `ssh NAME.warren` work, and with it scp, sftp, rsync and what IDEs
/// do.
@Command(
    name = "config-ssh",
    mixinStandardHelpOptions = true,
    description = {
      "Write a marked block into your ssh configuration, so that 'ssh NAME.warren' works,",
      "and scp, sftp, rsync, VS Code Remote and JetBrains Gateway with it.",
      "Run it again for new workspaces to show in IDEs; ssh itself needs no second run."
    })
public final class ConfigSsh implements Callable<Integer> {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  @Option(names = "--remove", description = "take the block out again")
  private boolean remove;

  @Option(
      names = {"-n", "--dry-run"},
      description = "print what would change, and change nothing")
  private boolean dryRun;

  @Option(names = "--ssh-config-file", paramLabel = "FILE", description = "default ~/.ssh/config")
  private @Nullable Path file;

  @Override
  public Integer call() {
    Path config =
        file == null
            ? Path.of(System.getProperty("user.home"), ".ssh", "config")
            : file.toAbsolutePath();
    String before = read(config);
    String after = remove ? SshConfigBlock.remove(before) : SshConfigBlock.put(before, block());
    Console console = Console.standard();
    if (after.equals(before)) {
      console.line(config + (remove ? " has no block of warren" : " is up to date"));
      return 0;
    }
    if (dryRun) {
      console.line("Would change " + config);
      LineChanges.of(before, after).forEach(console::line);
      return 0;
    }
    write(config, after);
    console.line(
        remove
            ? "Removed the block of warren from " + config
            : "Wrote %s; try: ssh NAME%s".formatted(config, RunningWorkspace.SUFFIX));
    if (!remove) {
      warnIfOverruled(config, console);
    }
    return 0;
  }

  private static String block() {
    try (Api api = Api.signedIn()) {
      List<String> names =
          api.list("/workspaces").stream()
              .map(item -> Console.at(item, "name"))
              .filter(name -> name.matches("[A-Za-z0-9._-]+"))
              .sorted()
              .toList();
      return SshConfigBlock.of(
          names, SshOptions.of("%h", KnownHosts.ofUser(System.getenv()).file()));
    }
  }

  /// Of two values for an option ssh takes the first: one of the user's own for all hosts may come
  /// before ours.
  private static void warnIfOverruled(Path config, Console console) {
    try {
      Process ssh =
          new ProcessBuilder("ssh", "-F", config.toString(), "-G", "x" + RunningWorkspace.SUFFIX)
              .redirectErrorStream(true)
              .start();
      ssh.getOutputStream().close();
      String effective = new String(ssh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (ssh.waitFor() == 0 && !effective.contains(" ssh --stdio ")) {
        console.line(
            "But a ProxyCommand or ProxyJump further up in that file wins for all hosts: move it"
                + " below the block, or into a Host section of its own.");
      }
    } catch (IOException e) {
      console.line("OpenSSH's 'ssh' is not installed here.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String read(Path config) {
    try {
      return Files.exists(config) ? Files.readString(config) : "";
    } catch (IOException e) {
      throw new Failure("cannot read " + config + " as text: " + e.getMessage(), e);
    }
  }

  /// Whole or not at all; a link and the file's rights stay.
  private static void write(Path config, String text) {
    try {
      Path target = Files.exists(config) ? config.toRealPath() : config;
      Path folder = target.toAbsolutePath().getParent();
      if (folder != null && !Files.exists(folder)) {
        Files.createDirectories(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      Set<PosixFilePermission> rights =
          Files.exists(target) ? Files.getPosixFilePermissions(target) : OWNER_ONLY;
      Path draft = Files.createTempFile(folder, ".config", ".warren");
      Files.writeString(draft, text);
      Files.setPosixFilePermissions(draft, rights);
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new Failure("cannot write " + config + ": " + e.getMessage(), e);
    }
  }
}
