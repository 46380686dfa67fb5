package dev.warren.server.workspace;

import dev.warren.server.archive.ArchiveException;
import dev.warren.server.archive.TarReader;
import dev.warren.server.workspace.sandbox.FolderRemoval;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The daemon's bundles that this control plane has: `OS-ARCH.tar.gz` files in one folder.
public final class DaemonBundles {
  /// Other names that `uname` has for the architectures.
  private static final Map<String, String> ALIASES =
      Map.of(
          "linux-x86_64", "linux-amd64",
          "linux-aarch64", "linux-arm64");

  private static final String READY_PREFIX = ".daemon-";

  /// An unpacked bundle that is younger may be about to be used.
  private static final Duration UNUSED_FOR = Duration.ofHours(1);

  private static final Logger log = LoggerFactory.getLogger(DaemonBundles.class);

  private final Path folder;

  public DaemonBundles(Path folder) {
    this.folder = folder;
  }

  /// The platform that another name of it means; any other word as it is.
  public static String canonical(String platform) {
    return ALIASES.getOrDefault(platform, platform);
  }

  /// The bundle's file.
  ///
  /// @param platform `linux-amd64` or `linux-arm64`, or an alias
  /// @param suffix `.tar.gz` or `.tar.xz`
  Optional<Path> find(String platform, String suffix) {
    String name = canonical(platform);
    if (!ALIASES.containsValue(name)) {
      return Optional.empty();
    }
    return Optional.of(folder.resolve(name + suffix)).filter(Files::isRegularFile);
  }

  /// This host's bundle, unpacked below `target` in a folder that its content names. Unpacks once;
  /// two that unpack at the same time end with the same folder.
  Path unpacked(Path target) throws IOException {
    String platform = canonical("linux-" + System.getProperty("os.arch"));
    Path bundle =
        find(platform, ".tar.gz")
            .orElseThrow(() ->
                new IOException(
                    "the daemon's bundle for this host is missing: "
                        + folder.resolve(platform + ".tar.gz")
                        + "; `./mvnw package -pl daemon,dist -am` builds it"));
    Path ready = target.resolve(READY_PREFIX + digest(bundle).substring(0, 16));
    if (Files.isDirectory(ready)) {
      return ready;
    }
    Path unfinished = target.resolve(".unpack-" + UUID.randomUUID());
    try {
      unpack(bundle, Files.createDirectories(unfinished));
      Files.move(unfinished, ready, StandardCopyOption.ATOMIC_MOVE);
      makeCache(ready);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(ready)) { // else another was quicker
        throw e;
      }
    } finally {
      FolderRemoval.remove(unfinished);
    }
    sweep(target, ready);
    return ready;
  }

  /// Starts the making of the daemon's class cache, which workspaces could not write into their
  /// bundle themselves. Nobody waits for it: a daemon starts without it too.
  private static void makeCache(Path bundle) {
    Path program = bundle.resolve("bin/warren-daemon");
    if (!Files.exists(bundle.resolve("lib/classpath"))) {
      return;
    }
    try {
      new ProcessBuilder("nice", "-n", "19", program.toString(), "--make-cache")
          .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      log.warn("daemons will start slower: their class cache is not made: {}", e.getMessage());
    }
  }

  /// Removes unpacked bundles of earlier versions that no process sees and that nobody has just
  /// made.
  private static void sweep(Path target, Path keep) throws IOException {
    Instant before = Instant.now().minus(UNUSED_FOR);
    List<Path> old;
    try (Stream<Path> all = Files.list(target)) {
      old =
          all.filter(path -> path.getFileName().toString().startsWith(READY_PREFIX))
              .filter(path -> !path.equals(keep))
              .toList();
    }
    for (Path folder : old) {
      if (Files.getLastModifiedTime(folder).toInstant().isBefore(before) && !isMounted(folder)) {
        FolderRemoval.remove(folder);
      }
    }
  }

  private static boolean isMounted(Path folder) throws IOException {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .map(process -> process.resolve("mountinfo"))
          .anyMatch(mounts -> {
            try {
              return Files.readString(mounts).contains(folder + " ");
            } catch (IOException _) {
              return false; // no process, or gone
            }
          });
    }
  }

  static String digest(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        DigestInputStream digest =
            new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
      digest.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void unpack(Path bundle, Path target) throws IOException {
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (InputStream in =
        new BufferedInputStream(new GZIPInputStream(Files.newInputStream(bundle), 1 << 16))) {
      TarReader reader = new TarReader(in);
      for (Optional<TarReader.Entry> next = reader.next(); next.isPresent(); next = reader.next()) {
        TarReader.Entry entry = next.get();
        Path path = target.resolve(entry.path());
        switch (entry.kind()) {
          case FOLDER -> folder(path);
          case FILE -> {
            folder(path.getParent());
            try (OutputStream out = Files.newOutputStream(path)) {
              reader.copyTo(out);
            }
            Files.setPosixFilePermissions(
                path,
                PosixFilePermissions.fromString(entry.executable() ? "rwxr-xr-x" : "rw-r--r--"));
            Files.setLastModifiedTime(
                path, FileTime.from(entry.modifiedSeconds(), TimeUnit.SECONDS));
          }
          case LINK -> link(target, path, entry.link());
          case OTHER -> throw new ArchiveException("the bundle has a device: " + entry.path());
        }
      }
    }
  }

  private static void folder(@Nullable Path path) throws IOException {
    if (path != null && !Files.isDirectory(path)) {
      folder(path.getParent());
      Files.createDirectory(path);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private static void link(Path target, Path path, String to) throws IOException {
    folder(path.getParent());
    if (!path.resolveSibling(to).normalize().startsWith(target)) {
      throw new ArchiveException("the bundle has a link that leaves it: " + path + " to " + to);
    }
    Files.createSymbolicLink(path, Path.of(to));
  }
}
