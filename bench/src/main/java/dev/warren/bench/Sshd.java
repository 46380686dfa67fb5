package dev.warren.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// An SSH server of our own on loopback and a client whose connection stays open, as people use it
/// with `ControlMaster`. The keys are made for the run.
final class Sshd implements AutoCloseable {
  private static final Path SSHD = Path.of("/usr/sbin/sshd");

  private final int port = Program.freePort();
  private final Path home;
  private final Program server;
  private final Program master;

  Sshd(Path folder) {
    this.home = folder.resolve("ssh");
    try {
      Files.createDirectories(home);
      // sshd started by root wants its folder for privilege separation.
      if (System.getProperty("user.name").equals("root")) {
        Files.createDirectories(Path.of("/run/sshd"));
      }
      keygen("host");
      keygen("user");
      Files.copy(home.resolve("user.pub"), home.resolve("authorized"));
      Path config =
          Files.writeString(
              home.resolve("sshd_config"),
              """
              Port %1$d
              ListenAddress 127.0.0.1
              HostKey %2$s/host
              AuthorizedKeysFile %2$s/authorized
              PidFile %2$s/sshd.pid
              StrictModes no
              UsePAM no
              PasswordAuthentication no
              PermitRootLogin prohibit-password
              Subsystem sftp internal-sftp
              """
                  .formatted(port, home));
      server =
          Program.start(
              folder,
              "sshd",
              Map.of(),
              List.of(SSHD.toString(), "-D", "-e", "-f", config.toString()));
      server.await("sshd", Duration.ofSeconds(20), () -> server().output().contains("listening"));
      master = Program.start(folder, "ssh", Map.of(), command("-M", "-N"));
      master.await(
          "the ssh connection",
          Duration.ofSeconds(20),
          () -> Files.exists(home.resolve("control")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Program server() {
    return server;
  }

  static boolean installed() {
    return Files.isExecutable(SSHD);
  }

  private void keygen(String name) throws IOException {
    String file = home.resolve(name).toString();
    await(new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file).start());
  }

  private List<String> command(String... more) {
    List<String> command = new java.util.ArrayList<>(List.of("ssh", "-F", "none"));
    command.addAll(List.of("-p", Integer.toString(port), "-i", home.resolve("user").toString()));
    command.addAll(List.of("-o", "ControlPath=" + home.resolve("control")));
    command.addAll(List.of("-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"));
    command.addAll(List.of("-o", "LogLevel=ERROR", "-o", "BatchMode=yes"));
    command.addAll(List.of(more));
    command.add("127.0.0.1");
    return command;
  }

  /// For a client of its own, `ssh` or `scp`, to `127.0.0.1`.
  List<String> options() {
    return List.of("-o", "Port=" + port, "-o", "IdentityFile=" + home.resolve("user"));
  }

  /// Runs `cat` over the open connection.
  ///
  /// @return how long it took, in milliseconds
  double cat(Path file) {
    List<String> command = command();
    command.add("cat " + file);
    long began = System.nanoTime();
    try {
      Process process = new ProcessBuilder(command).start();
      try (InputStream out = process.getInputStream()) {
        int bytes = out.readAllBytes().length;
        await(process);
        if (bytes == 0) {
          throw new IllegalStateException("ssh brought nothing");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return (System.nanoTime() - began) / 1e6;
  }

  /// The line that runs a command on a terminal. On a connection of its own: by the open one the
  /// terminal would have the client's own settings, and that has none.
  List<String> onTerminal(String remote) {
    List<String> command = command("-tt", "-S", "none");
    command.add(remote);
    return command;
  }

  /// Forwards a local port over the open connection, as `ssh -L` does.
  ///
  /// @return the local port
  int forward(int port) {
    int local = Program.freePort();
    try {
      await(
          new ProcessBuilder(
                  command(
                      "-O", "forward", "-L", "127.0.0.1:%d:127.0.0.1:%d".formatted(local, port)))
              .start());
      return local;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The client, the server and the server's children.
  List<Long> pids() {
    List<Long> pids = new java.util.ArrayList<>(List.of(master.pid(), server.pid()));
    ProcessHandle.of(server.pid()).stream()
        .flatMap(ProcessHandle::descendants)
        .map(ProcessHandle::pid)
        .forEach(pids::add);
    return pids;
  }

  private static void await(Process process) {
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException("a command of ssh failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    master.close();
    server.close();
  }
}
