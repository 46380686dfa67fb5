package dev.warren.e2e.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/// A distribution that is the tested one but for the daemon's bundle that it hands out, and bundles
/// made from the tested one's.
final class OtherBundles {
  static final String OLDER = "0.0.1";

  private static final String BUNDLE = "linux-amd64.tar.gz";

  private final Path folder;
  private final Path tested;
  private final Path distribution;

  OtherBundles(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder.resolve("bundles"));
    this.tested = Path.of(System.getProperty("warren.home")).toAbsolutePath().normalize();
    this.distribution = Files.createDirectories(folder.resolve("distribution"));
    Files.createDirectories(distribution.resolve("daemon"));
    Files.createSymbolicLink(distribution.resolve("lib"), tested.resolve("lib"));
  }

  Path distribution() {
    return distribution;
  }

  /// From the control plane's next start on this is what daemons are given.
  void serve(Path bundle) throws IOException {
    Files.copy(
        bundle,
        distribution.resolve("daemon").resolve(BUNDLE),
        StandardCopyOption.REPLACE_EXISTING);
  }

  Path own() {
    return tested.resolve("daemon").resolve(BUNDLE);
  }

  String ownVersion() throws IOException {
    try (JarFile jar = new JarFile(daemonJar(unpacked("own")).toFile())) {
      return jar.getManifest().getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION);
    }
  }

  /// The same under an earlier number.
  Path older() throws Exception {
    Path bundle = unpacked("older");
    try (FileSystem jar = FileSystems.newFileSystem(daemonJar(bundle))) {
      Path file = jar.getPath("META-INF/MANIFEST.MF");
      Manifest manifest;
      try (InputStream in = Files.newInputStream(file)) {
        manifest = new Manifest(in);
      }
      manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, OLDER);
      try (OutputStream out = Files.newOutputStream(file)) {
        manifest.write(out);
      }
    }
    return packed("older");
  }

  /// One without the daemon's own classes.
  Path broken() throws Exception {
    Files.delete(daemonJar(unpacked("broken")));
    return packed("broken");
  }

  /// One that passes its trial run and whose daemon then does not take its arguments.
  Path unwilling() throws Exception {
    Path launcher = unpacked("unwilling").resolve("bin/warren-daemon");
    String text = Files.readString(launcher);
    String changed =
        text.replace("dev.warren.daemon.Main \"$@\") &", "dev.warren.daemon.Main --no \"$@\") &");
    assertThat(changed).isNotEqualTo(text);
    Files.writeString(launcher, changed);
    return packed("unwilling");
  }

  static String sum(Path bundle) throws Exception {
    byte[] sum = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(bundle));
    return HexFormat.of().formatHex(sum);
  }

  private static Path daemonJar(Path bundle) throws IOException {
    try (Stream<Path> jars = Files.list(bundle.resolve("lib"))) {
      return jars.filter(jar -> jar.getFileName().toString().startsWith("warren-daemon-"))
          .findFirst()
          .orElseThrow();
    }
  }

  private Path unpacked(String name) throws IOException {
    Path bundle = folder.resolve(name);
    if (!Files.exists(bundle)) {
      Files.createDirectory(bundle);
      tar("tar", "-xzf", own().toString(), "-C", bundle.toString());
    }
    return bundle;
  }

  private Path packed(String name) throws IOException {
    Path archive = folder.resolve(name + ".tar.gz");
    tar("tar", "-czf", archive.toString(), "-C", folder.resolve(name).toString(), ".");
    return archive;
  }

  private static void tar(String... command) throws IOException {
    Process tar = new ProcessBuilder(command).inheritIO().start();
    try {
      assertThat(tar.waitFor()).isZero();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
