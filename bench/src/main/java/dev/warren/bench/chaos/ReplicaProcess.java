package dev.warren.bench.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// One replica: a process with a data folder and a port that stay the same over restarts.
final class ReplicaProcess implements AutoCloseable {
  private static final Duration READY_MAX = Duration.ofMinutes(2);
  private static final Duration STOP_MAX = Duration.ofSeconds(30);

  private final Path folder;
  private final int port;
  private final String peerUrl;
  private final Map<String, String> environment;
  private final HttpClient http = HttpClient.newHttpClient();
  private Process process;

  /// @param peerUrl where the other replicas reach it
  ReplicaProcess(Path folder, int port, String peerUrl, Map<String, String> settings) {
    this.folder = folder;
    this.port = port;
    this.peerUrl = peerUrl;
    this.environment = new HashMap<>(settings);
    environment.put("WARREN_ADDRESS", "127.0.0.1:" + port);
    environment.put("WARREN_DATA_DIR", folder.resolve("data").toString());
    environment.put("WARREN_REPLICA_URL", peerUrl);
    this.process = launch();
  }

  int port() {
    return port;
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /// Where the other replicas reach it, and what the database names it by.
  String peerUrl() {
    return peerUrl;
  }

  private Process launch() {
    Path home = Path.of(System.getProperty("warren.home")).toAbsolutePath().normalize();
    List<String> command =
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx384m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dwarren.home=" + home,
            "-cp",
            libraries(home),
            "dev.warren.server.Main",
            "server");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(key -> key.startsWith("WARREN_"));
    builder.environment().putAll(environment);
    try {
      Files.createDirectories(folder);
      builder.redirectOutput(
          ProcessBuilder.Redirect.appendTo(folder.resolve("server.log").toFile()));
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String libraries(Path home) {
    try (Stream<Path> jars = Files.list(home.resolve("lib"))) {
      return String.join(":", jars.map(Path::toString).sorted().toList());
    } catch (IOException e) {
      throw new UncheckedIOException("no distribution in " + home, e);
    }
  }

  boolean isReady() {
    try {
      HttpRequest ready =
          HttpRequest.newBuilder(URI.create(url() + "/readyz"))
              .timeout(Duration.ofSeconds(2))
              .build();
      return http.send(ready, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Waits until it is ready; one that died at its start, since the database was away, is started
  /// again, as a supervisor would.
  void awaitReady() {
    long end = System.nanoTime() + READY_MAX.toNanos();
    while (!isReady()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("no replica at " + url() + ":\n" + logEnd());
      }
      if (!process.isAlive()) {
        process = launch();
      }
      TcpGate.pause(Duration.ofMillis(50));
    }
  }

  String logEnd() {
    try {
      List<String> lines = Files.readAllLines(folder.resolve("server.log"));
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    } catch (IOException e) {
      return "";
    }
  }

  /// `kill -9`.
  void kill() {
    process.destroyForcibly();
    await();
  }

  /// As an operator stops it.
  void stop() {
    process.destroy();
    await();
  }

  void start() {
    process = launch();
  }

  /// `STOP` or `CONT`.
  void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void await() {
    try {
      if (!process.waitFor(STOP_MAX.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    signal("CONT");
    stop();
    http.close();
  }
}
