package dev.warren.server.db;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PostgreSQL server of our own in a folder: made at the first start, listening on a loopback
/// port with a generated password. It lives in a session of its own, so it outlives a killed JVM;
/// the next start adopts it when it works and replaces it when it does not. One owner a folder at a
/// time, which the caller sees to.
public final class EmbeddedPostgres implements AutoCloseable {
  /// The longest wait for the server to take connections; recovery after a crash counts.
  private static final Duration START_MAX = Duration.ofMinutes(2);

  /// The longest wait for a clean stop, before an immediate one.
  private static final Duration STOP_MAX = Duration.ofSeconds(20);

  /// The same for one that does not answer anyway.
  private static final Duration DEAF_STOP_MAX = Duration.ofSeconds(3);

  /// How long one that was left over may take to answer.
  private static final Duration ADOPT_MAX = Duration.ofSeconds(5);

  private static final Duration INITDB_MAX = Duration.ofMinutes(5);
  private static final String USER = "warren";
  private static final String DATABASE = "warren";
  private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

  private final PostgresBinaries binaries;
  private final Path folder;
  private final String password;
  private final Map<String, String> settings;
  private volatile Optional<Postmaster> postmaster = Optional.empty();

  private EmbeddedPostgres(
      PostgresBinaries binaries, Path folder, String password, Map<String, String> settings) {
    this.binaries = binaries;
    this.folder = folder;
    this.password = password;
    this.settings = Map.copyOf(settings);
  }

  /// Starts the server in `folder`, or adopts the one that runs there.
  ///
  /// @param binariesFolder where PostgreSQL's programs are unpacked
  /// @param settings of `postgresql.conf`, beside our own
  /// @param progress gets a line when something takes a while
  public static EmbeddedPostgres start(
      Path binariesFolder, Path folder, Map<String, String> settings, Consumer<String> progress)
      throws IOException, InterruptedException {
    PostgresBinaries binaries = PostgresBinaries.unpack(binariesFolder, progress);
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    var postgres =
        new EmbeddedPostgres(binaries, folder, password(folder.resolve("password")), settings);
    postgres.startOrAdopt(progress);
    return postgres;
  }

  /// Where the server's database `warren` is.
  public PostgresUrl url() {
    Postmaster running =
        postmaster.orElseThrow(() -> new IllegalStateException("the database is stopped"));
    return new PostgresUrl("127.0.0.1", running.port(), DATABASE, USER, password, Map.of());
  }

  /// The server's process.
  public long pid() {
    return postmaster.orElseThrow(() -> new IllegalStateException("the database is stopped")).pid();
  }

  private void startOrAdopt(Consumer<String> progress) throws IOException, InterruptedException {
    Optional<Postmaster> left = Postmaster.find(data());
    if (left.isPresent()) {
      postmaster = left;
      if (answers(ADOPT_MAX)) {
        log.info("adopted the PostgreSQL that runs as process {}", left.get().pid());
        return;
      }
      log.warn("PostgreSQL runs as process {} but does not answer: replacing it", left.get().pid());
      left.get().stop(DEAF_STOP_MAX);
      postmaster = Optional.empty();
    }
    boolean first = !Files.exists(folder.resolve("initialized"));
    if (first) {
      progress.accept("Preparing the database (once)");
      initialize();
    }
    launch();
    if (first) {
      createDatabase();
      Files.createFile(folder.resolve("initialized"));
    }
  }

  private Path data() {
    return folder.resolve("data");
  }

  private void initialize() throws IOException, InterruptedException {
    // What a start that was killed half-way left.
    PostgresBinaries.delete(data());
    run(
        INITDB_MAX,
        "initdb",
        "--pgdata=" + data(),
        "--username=" + USER,
        "--pwfile=" + folder.resolve("password"),
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--no-instructions");
  }

  private void launch() throws IOException, InterruptedException {
    int port = freePort();
    StringBuilder options = new StringBuilder();
    options.append("-p ").append(port).append(" -c listen_addresses=127.0.0.1");
    options.append(" -c unix_socket_directories= -c max_connections=100 -c shared_buffers=64MB");
    options.append(" -c timezone=UTC -c log_timezone=UTC -c lc_messages=C");
    settings.forEach(
        (name, value) -> options.append(" -c ").append(name).append('=').append(value));
    // pg_ctl puts the postmaster into a session of its own.
    run(
        START_MAX,
        "pg_ctl",
        "start",
        "--no-wait",
        "--silent",
        "--pgdata=" + data(),
        "--log=" + folder.resolve("postgres.log"),
        "--options=" + options);
    awaitStart();
  }

  private void awaitStart() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_MAX.toNanos();
    while (System.nanoTime() < deadline) {
      postmaster = Postmaster.find(data());
      if (postmaster.isPresent() && postmaster.get().isReady() && answers(Duration.ofSeconds(5))) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    throw new IOException("PostgreSQL did not start; its last lines:\n" + lastLines());
  }

  private String lastLines() throws IOException {
    Path logFile = folder.resolve("postgres.log");
    if (!Files.exists(logFile)) {
      return "(no log)";
    }
    List<String> lines = Files.readAllLines(logFile);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
  }

  /// Whether a connection with our password works before the deadline.
  private boolean answers(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    PostgresUrl any = url().withDatabase("postgres");
    do {
      try (Connection connection = Database.connect(any)) {
        return connection.isValid(5);
      } catch (SQLException e) {
        log.debug("PostgreSQL does not answer yet", e);
        TimeUnit.MILLISECONDS.sleep(20);
      }
    } while (System.nanoTime() < deadline);
    return false;
  }

  private void createDatabase() throws IOException {
    try (Connection connection = Database.connect(url().withDatabase("postgres"));
        var statement = connection.createStatement();
        var found =
            statement.executeQuery(
                "SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
      if (!found.next()) {
        statement.execute("CREATE DATABASE " + DATABASE);
      }
    } catch (SQLException e) {
      throw new IOException("cannot create the database " + DATABASE, e);
    }
  }

  private void run(Duration patience, String program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(unprivileged());
    command.add(binaries.program(program));
    command.addAll(List.of(arguments));
    Path output = folder.resolve(program + ".log");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("TZ", "UTC");
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    Process process = builder.start();
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)
          || process.exitValue() != 0) {
        throw new IOException(program + " failed: " + Files.readString(output).strip());
      }
    } finally {
      process.destroyForcibly();
    }
  }

  /// PostgreSQL refuses to run as root. In a user namespace without a mapping its process is
  /// nobody, and still owns its files.
  private static List<String> unprivileged() {
    return System.getProperty("user.name").equals("root")
        ? List.of("unshare", "--user")
        : List.of();
  }

  private static String password(Path file) throws IOException {
    if (Files.exists(file)) {
      return Files.readString(file).strip();
    }
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    Path unfinished = file.resolveSibling("password.new");
    Files.deleteIfExists(unfinished);
    unfinished =
        Files.createFile(
            unfinished,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(unfinished, password);
    Files.move(unfinished, file);
    return password;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /// Stops the server cleanly; connections that are still open are ended.
  @Override
  public void close() {
    Optional<Postmaster> running = postmaster;
    postmaster = Optional.empty();
    running.ifPresent(server -> {
      try {
        server.stop(STOP_MAX);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }
}
