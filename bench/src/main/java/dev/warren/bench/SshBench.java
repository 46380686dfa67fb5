package dev.warren.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// A developer's ssh into a workspace, through the tunnel, beside OpenSSH's server on loopback: a
/// gigabyte each way by `scp` with its checksum, the time to the first byte of a connection, and
/// what the daemon holds in memory before and after.
final class SshBench implements Benchmark {
  private static final int MIB = 1024;
  private static final int MIB_BYTES = 1024 * 1024;
  private static final int CONNECTIONS = 10;
  private static final Duration DEADLINE = Duration.ofMinutes(10);
  private static final Duration SETTLE = Duration.ofSeconds(10);
  private static final String DAEMON = "dev.warren.daemon.Main --url";

  @Override
  public String name() {
    return "ssh";
  }

  @Override
  public boolean inAll() {
    return false;
  }

  @Override
  public void run(Path folder) throws IOException {
    Path file = file(folder);
    Table table =
        new Table(
            "ssh: %d MiB by scp, and new connections".formatted(MIB),
            "server",
            "up MB/s",
            "down MB/s",
            "first byte p50 ms",
            "daemon idle MiB",
            "daemon after MiB");
    List<Long> others = ProcStat.withCommand(DAEMON);
    try (Warren warren = new Warren(folder);
        LocalWorkspace _ = new LocalWorkspace(warren, "bench")) {
      List<Long> daemon = new ArrayList<>(ProcStat.withCommand(DAEMON));
      daemon.removeAll(others);
      Program.pause(SETTLE);
      long idle = ProcStat.residentMib(daemon);
      Client client =
          new Client(folder, throughTheTunnel(folder, warren), "bench.warren", "copied");
      double[] copied = client.copy(file);
      row(table, "a workspace's", copied, client.firstByteMs(), idle, ProcStat.residentMib(daemon));
    }
    try (Sshd sshd = new Sshd(folder)) {
      Client client =
          new Client(folder, sshd.options(), "127.0.0.1", folder.resolve("copied").toString());
      row(table, "sshd's on loopback", client.copy(file), client.firstByteMs(), 0, 0);
    }
    table.print(System.out);
  }

  private static void row(
      Table table, String server, double[] copied, double firstByte, long idle, long after) {
    table.row(
        server,
        Table.number(copied[0]),
        Table.number(copied[1]),
        Table.number(firstByte),
        idle == 0 ? "–" : Long.toString(idle),
        after == 0 ? "–" : Long.toString(after));
  }

  /// The command line that the control plane hands out, as `ProxyCommand`.
  private static List<String> throughTheTunnel(Path folder, Warren warren) throws IOException {
    Path archive = folder.resolve("cli.tar.gz");
    try (InputStream in =
        URI.create(warren.url() + "/cli/linux-amd64.tar.gz").toURL().openStream()) {
      Files.copy(in, archive);
    }
    Path cli = Files.createDirectory(folder.resolve("cli"));
    exec(folder, "tar", List.of("tar", "-xzf", archive.toString(), "-C", cli.toString()));
    // As from its second use on.
    exec(folder, "make-cache", List.of(cli + "/bin/warren", "--make-cache"));
    String proxy =
        "env WARREN_CONFIG_DIR=%s WARREN_URL=%s WARREN_TOKEN=%s %s ssh --stdio bench"
            .formatted(folder.resolve("config"), warren.url(), warren.token(), cli + "/bin/warren");
    return List.of("-o", "ProxyCommand=" + proxy);
  }

  /// OpenSSH's programs against one server.
  ///
  /// @param remote where the far side keeps the copy
  private record Client(Path folder, List<String> options, String host, String remote) {
    /// @return MB/s up and down
    double[] copy(Path file) throws IOException {
      Path there = folder.resolve("back-" + host);
      double up = seconds("up", file.toString(), host + ":" + remote);
      double down = seconds("down", host + ":" + remote, there.toString());
      if (!sum(file).equals(sum(there))) {
        throw new IllegalStateException("what came back over " + host + " is not what went");
      }
      Files.delete(there);
      double megabytes = Files.size(file) / 1e6;
      return new double[] {megabytes / up, megabytes / down};
    }

    private double seconds(String name, String from, String to) {
      List<String> line = new ArrayList<>(List.of("scp", "-q"));
      line.addAll(common());
      line.addAll(List.of(from, to));
      long began = System.nanoTime();
      exec(folder, "scp-" + name, line);
      return (System.nanoTime() - began) / 1e9;
    }

    /// From the start of a new `ssh` to the first byte that the far side prints.
    double firstByteMs() throws IOException {
      double[] ms = new double[CONNECTIONS];
      List<String> line = new ArrayList<>(List.of("ssh"));
      line.addAll(common());
      line.addAll(List.of(host, "echo x"));
      for (int i = 0; i < ms.length; i++) {
        long began = System.nanoTime();
        Process process =
            new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (InputStream out = process.getInputStream()) {
          if (out.read() != 'x') {
            throw new IllegalStateException("ssh to " + host + " printed nothing");
          }
          ms[i] = (System.nanoTime() - began) / 1e6;
          out.readAllBytes();
        }
      }
      Arrays.sort(ms);
      return ms[ms.length / 2];
    }

    private List<String> common() {
      List<String> all = new ArrayList<>(List.of("-F", "none"));
      for (String option :
          List.of("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR")) {
        all.addAll(List.of("-o", option));
      }
      all.addAll(options);
      return all;
    }
  }

  /// Bytes that nothing compresses.
  private static Path file(Path folder) throws IOException {
    Path file = folder.resolve("content");
    Random random = new Random(1);
    byte[] block = new byte[MIB_BYTES];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < MIB; i++) {
        random.nextBytes(block);
        out.write(block);
      }
    }
    return file;
  }

  private static String sum(Path file) throws IOException {
    try (InputStream in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(((DigestInputStream) in).getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void exec(Path folder, String name, List<String> line) {
    try (Program program = Program.start(folder, name, java.util.Map.of(), line)) {
      program.awaitEnd(name, DEADLINE);
    }
  }
}
