package dev.warren.daemon;

import dev.warren.daemon.os.Child;
import dev.warren.daemon.os.Exits;
import dev.warren.daemon.os.Libc;
import dev.warren.daemon.os.Program;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An installed daemon's way to become the control plane's: fetches its bundle, checks the sum,
/// lets it show that it starts here, and puts the folder in place of its own. What `install.sh`
/// installed has the sum of its bundle beside it; a bundle without one (a local workspace's) is not
/// ours to change.
final class SelfUpdate {
  private static final Logger LOG = LoggerFactory.getLogger(SelfUpdate.class);
  private static final int TIMEOUT_MS = 60_000;
  private static final int SUM_CHARS = 64;
  private static final long BUNDLE_BYTES_MAX = 200_000_000;

  /// How long another bundle has to show that it starts: minutes more than a slow machine takes.
  private static final Duration TRIAL_MAX = Duration.ofMinutes(3);

  /// How much of what a failing bundle says goes into the log.
  private static final int SAID_CHARS_MAX = 300;

  private final URI bundles;
  private final Path home;
  private final Path sumFile;
  private final Exits exits;
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile boolean ready;

  /// The sum of a bundle that did not start here: it is not fetched again.
  private volatile String refused = "";

  /// Has the sum of a bundle that had this one's place and could not attach.
  private final Path refusedFile;

  private final BundleTrial trial;

  /// @param url the control plane's
  /// @param home the installation's folder, in which `daemon` is the bundle
  private SelfUpdate(URI url, Path home, Exits exits) {
    this.exits = exits;
    this.bundles = URI.create(url.toString().replaceAll("/+$", "") + "/daemon/");
    this.home = home;
    this.sumFile = home.resolve("bundle.sha256");
    this.refusedFile = home.resolve("bundle.refused");
    this.trial =
        new BundleTrial(home.resolve("bundle.trial"), this::controlPlaneAnswers, System::nanoTime);
  }

  /// @param bundle the folder that this daemon runs from, as its launcher told; may be empty
  static Optional<SelfUpdate> of(URI url, String bundle, Exits exits) {
    Path folder = Path.of(bundle).toAbsolutePath().normalize();
    Path home = folder.resolveSibling("");
    boolean installed =
        !bundle.isEmpty()
            && folder.endsWith("daemon")
            && Files.isRegularFile(home.resolve("bundle.sha256"))
            && Files.isWritable(home);
    return installed ? Optional.of(new SelfUpdate(url, home, exits)) : Optional.empty();
  }

  /// The daemon is attached: this bundle stays, and it is the time to look for the next one.
  void attached() throws IOException {
    trial.end();
    begin();
  }

  /// Whether this bundle is new and has not been attached yet.
  boolean isOnTrial() {
    return trial.lasts();
  }

  /// Whether this bundle is to blame for not being attached, and the one before it shall go on.
  boolean hasFailed() {
    return trial.hasFailed();
  }

  private boolean controlPlaneAnswers() {
    try {
      return !sum().isEmpty();
    } catch (IOException unreachable) {
      return false;
    }
  }

  /// Looks in the background whether the control plane has another bundle, and fetches it then. A
  /// failure is logged, and the next attach tries again.
  private void begin() {
    if (isReady() || !running.compareAndSet(false, true)) {
      return;
    }
    Thread.ofVirtual()
        .name("update")
        .start(() -> {
          try {
            prepare();
          } catch (IOException e) {
            LOG.warn("no update: {}", e.getMessage());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            running.set(false);
          }
        });
  }

  /// Whether another bundle lies ready for [#swap].
  boolean isReady() {
    return ready;
  }

  private void prepare() throws IOException, InterruptedException {
    String wanted = sum();
    if (Files.readString(sumFile).strip().startsWith(wanted) || isRefused(wanted)) {
      return;
    }
    LOG.info("the control plane has another bundle: fetching it");
    Path archive = home.resolve("bundle.new.tar.gz");
    Path folder = home.resolve("daemon.new");
    try {
      String got = fetch(archive);
      if (!got.equals(wanted)) {
        throw new IOException("the bundle's sum is %s, not %s".formatted(got, wanted));
      }
      shell(
          "rm -rf \"$1\" && mkdir \"$1\" && gzip -dc \"$2\" | tar -xf - -C \"$1\"",
          folder,
          archive);
      Optional<String> fault = fault(folder);
      if (fault.isPresent()) {
        refused = wanted;
        shell("rm -rf \"$1\"", folder);
        throw new IOException(
            "the control plane's bundle does not start here, so this one goes on: " + fault.get());
      }
      Files.writeString(folder.resolve("sum"), wanted + "\n");
      ready = true;
    } finally {
      Files.deleteIfExists(archive);
    }
  }

  private boolean isRefused(String sum) throws IOException {
    return sum.equals(refused)
        || (Files.exists(refusedFile) && Files.readString(refusedFile).strip().equals(sum));
  }

  /// What is wrong with a bundle, whose daemon does a day's work on throw-away data for it.
  private Optional<String> fault(Path folder) throws IOException, InterruptedException {
    Path said = home.resolve("bundle.new.log");
    try {
      Child trial =
          spawn(
              "exec \"$1\" --once --train > \"$2\" 2>&1 < /dev/null",
              folder.resolve("bin/warren-daemon"),
              said);
      Optional<Libc.Exit> exit = trial.awaitExit(TRIAL_MAX);
      if (exit.isEmpty()) {
        trial.signal(Libc.SIGKILL);
        return Optional.of("it took more than " + TRIAL_MAX.toSeconds() + " s");
      }
      int status = exit.get().shellCode();
      if (status == 0) {
        return Optional.empty();
      }
      String text = Files.exists(said) ? Files.readString(said).strip() : "";
      return Optional.of(
          "it ended with %d: %s"
              .formatted(status, text.substring(Math.max(0, text.length() - SAID_CHARS_MAX))));
    } finally {
      Files.deleteIfExists(said);
    }
  }

  /// Puts what was prepared in place, on trial. The old folder stays until the next time: this
  /// program still runs from it, and the supervisor may have to go back to it.
  void swap() throws IOException, InterruptedException {
    Path current = home.resolve("daemon");
    Path old = home.resolve("daemon.old");
    Path next = home.resolve("daemon.new");
    shell("rm -rf \"$1\"", old);
    trial.begin(Files.readString(next.resolve("sum")).strip(), Files.readString(sumFile).strip());
    Files.move(current, old);
    try {
      Files.move(next, current);
    } catch (IOException failed) {
      Files.move(old, current);
      trial.end();
      throw failed;
    }
    Files.move(current.resolve("sum"), sumFile, StandardCopyOption.REPLACE_EXISTING);
  }

  private void shell(String script, Path... names) throws IOException, InterruptedException {
    int status = spawn(script, names).awaitExit().shellCode();
    if (status != 0) {
      throw new IOException("'%s' in %s ended with %d".formatted(script, home, status));
    }
  }

  private Child spawn(String script, Path... names) throws IOException {
    List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
    for (Path name : names) {
      line.add(name.toString());
    }
    return exits.spawn(new Program(line, List.of("PATH=/usr/local/bin:/usr/bin:/bin"), "/"));
  }

  private static String platform() {
    return System.getProperty("os.arch", "").equals("aarch64") ? "linux-arm64" : "linux-amd64";
  }

  private String sum() throws IOException {
    try (InputStream in = get(platform() + ".tar.gz.sha256")) {
      String sum = new String(in.readNBytes(SUM_CHARS), StandardCharsets.US_ASCII);
      if (!sum.matches("[0-9a-f]{64}")) {
        throw new IOException("the control plane says no sum of its bundle");
      }
      return sum;
    }
  }

  private String fetch(Path archive) throws IOException {
    try (DigestInputStream in =
            new DigestInputStream(
                get(platform() + ".tar.gz"), MessageDigest.getInstance("SHA-256"));
        OutputStream out = Files.newOutputStream(archive)) {
      byte[] buffer = new byte[64 * 1024];
      long total = 0;
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        total += read;
        if (total > BUNDLE_BYTES_MAX) {
          throw new IOException("the bundle is larger than any");
        }
        out.write(buffer, 0, read);
      }
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private InputStream get(String file) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) bundles.resolve(file).toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MS);
    connection.setReadTimeout(TIMEOUT_MS);
    connection.setInstanceFollowRedirects(false);
    if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
      throw new IOException(
          "%s answered %d".formatted(bundles.resolve(file), connection.getResponseCode()));
    }
    return connection.getInputStream();
  }
}
