package dev.warren.e2e.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A control plane as users run it: a process of its own with its own data folder, on a port that
/// stays the same over restarts. It ends with the test, its database and its workspaces too.
public final class WarrenProcess implements AutoCloseable {
  public static final String EMAIL = "ada@example.org";
  public static final String USERNAME = "ada";
  public static final String PASSWORD = "a long enough passphrase";

  private static final Duration READY_DEADLINE = Duration.ofSeconds(120);
  private static final Duration STOP_DEADLINE = Duration.ofSeconds(30);
  private static final int LOG_LINES_SHOWN = 40;

  private final Path folder;
  private final Path log;
  private final int port;
  private final Map<String, String> settings;
  private final Path home;
  private final HttpClient http = HttpClient.newHttpClient();
  private Process process;

  /// Starts one and waits until it is ready.
  ///
  /// @param folder for its data and its log; the test's own
  /// @param settings environment variables over the usual ones; `{port}` in a value is its port
  public WarrenProcess(Path folder, Map<String, String> settings) {
    this(folder, settings, Path.of(System.getProperty("warren.home")));
  }

  /// @param home the distribution that it runs from
  public WarrenProcess(Path folder, Map<String, String> settings, Path home) {
    this.folder = folder;
    this.home = home.toAbsolutePath().normalize();
    this.log = folder.resolve("server.log");
    this.port = FreePort.find();
    this.settings = Map.copyOf(settings);
    this.process = launch();
    awaitReady();
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  public Path data() {
    return folder.resolve("data");
  }

  public long pid() {
    return process.pid();
  }

  public ApiClient signIn() {
    return ApiClient.signIn(url(), EMAIL, PASSWORD);
  }

  /// Ends the process at once, as a crash would. Its database and workspaces live on.
  public void kill() {
    process.destroyForcibly();
    await();
  }

  /// Ends it as an operator would.
  public int stop() {
    process.destroy();
    return await();
  }

  /// Starts it again on the same data and the same port.
  public void start() {
    process = launch();
    awaitReady();
  }

  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "(no log: " + e + ")";
    }
  }

  @Override
  public void close() {
    http.close();
    try {
      if (!process.isAlive()) {
        start();
      }
      deleteWorkspaces();
    } finally {
      stop();
    }
  }

  private void deleteWorkspaces() {
    ApiClient api = signIn();
    List<String> ids = new ArrayList<>();
    api.get("/workspaces").path("items").forEach(item -> ids.add(item.path("id").asString()));
    ids.forEach(id -> api.post("/workspaces/" + id + "/builds", Map.of("transition", "delete")));
    Eventually.holds(
        "the workspaces are deleted",
        STOP_DEADLINE,
        () -> {
          boolean gone = true;
          for (var item : api.get("/workspaces").path("items")) {
            gone &= item.path("status").asString("").equals("deleted");
          }
          return gone;
        });
  }

  private Process launch() {
    List<String> command =
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx512m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dwarren.home=" + home,
            "-cp",
            classPath(home),
            "dev.warren.server.Main",
            "server");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = new HashMap<>();
    environment.put("WARREN_ADDRESS", "127.0.0.1:" + port);
    environment.put("WARREN_DATA_DIR", data().toString());
    environment.put("WARREN_ADMIN_USERNAME", USERNAME);
    environment.put("WARREN_ADMIN_EMAIL", EMAIL);
    environment.put("WARREN_ADMIN_PASSWORD", PASSWORD);
    settings.forEach(
        (name, value) -> environment.put(name, value.replace("{port}", Integer.toString(port))));
    builder.environment().keySet().removeIf(WarrenProcess::isOurs);
    builder.environment().putAll(environment);
    try {
      Files.createDirectories(folder);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      Files.writeString(
          log,
          "--- start " + environment.get("WARREN_ADDRESS") + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start a control plane in " + folder, e);
    }
  }

  /// Settings of the person who runs the tests are not the tests' settings.
  private static boolean isOurs(String variable) {
    return variable.startsWith("WARREN_")
        || variable.endsWith("_API_KEY")
        || variable.startsWith("AWS_")
        || variable.startsWith("OPENAI_");
  }

  private static String classPath(Path home) {
    try (Stream<Path> jars = Files.list(home.resolve("lib"))) {
      return String.join(":", jars.map(Path::toString).sorted().toList());
    } catch (IOException e) {
      throw new UncheckedIOException("no distribution in " + home + ": run ./warren test", e);
    }
  }

  private void awaitReady() {
    HttpRequest ready = HttpRequest.newBuilder(URI.create(url() + "/readyz")).build();
    Eventually.holds(
        "the control plane is ready",
        READY_DEADLINE,
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("the control plane ended:\n" + logEnd());
          }
          try {
            return http.send(ready, BodyHandlers.discarding()).statusCode() == 200;
          } catch (IOException e) {
            return false;
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
          }
        });
  }

  private int await() {
    try {
      if (process.waitFor(STOP_DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      process.destroyForcibly().waitFor();
      throw new AssertionError("the control plane did not stop:\n" + logEnd());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private String logEnd() {
    List<String> lines = log().lines().toList();
    return String.join(
        "\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
  }
}
