package dev.warren.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The bundles as they were built last, each for its own processor: x86-64 by every build, arm64
/// after `./warren bundle arm64`.
class BundlePlatformTest {
  private static final Path BUNDLES = Path.of("target/bundle").toAbsolutePath();
  private static final long GZIP_BYTES_MAX = 38_000_000;
  private static final long XZ_BYTES_MAX = 30_000_000;

  /// The ELF header up to `e_machine`: two bytes at 18, little-endian.
  private static final int ELF_HEADER_BYTES = 20;

  @ParameterizedTest
  @CsvSource({"amd64, 62, linux-x86_64", "arm64, 183, linux-aarch_64"})
  void everyProgramAndLibraryIsForItsProcessor(String arch, int machine, String classifier)
      throws IOException {
    Path bundle = needs(arch);
    List<String> natives = new ArrayList<>();
    List<String> foreign = new ArrayList<>();
    try (Stream<Path> files = Files.walk(bundle)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        try (InputStream in = Files.newInputStream(file)) {
          sort(bundle.relativize(file).toString(), in, machine, natives, foreign);
        }
        if (file.toString().endsWith(".jar")) {
          sortEntries(file, machine, natives, foreign);
        }
      }
    }
    assertThat(foreign).isEmpty();
    assertThat(natives)
        .contains("runtime/bin/java", "runtime/lib/server/libjvm.so", "runtime/lib/jspawnhelper")
        .anyMatch(name -> name.contains("quic") && name.contains(classifier))
        .anyMatch(name -> name.contains("epoll") && name.contains(classifier));
  }

  @ParameterizedTest
  @CsvSource({"amd64", "arm64"})
  void downloadIsAsSmallAsWasPromised(String arch) throws IOException {
    needs(arch);
    assertThat(Files.size(BUNDLES.resolve("linux-" + arch + ".tar.gz"))).isLessThan(GZIP_BYTES_MAX);
    Path xz = BUNDLES.resolve("linux-" + arch + ".tar.xz");
    if (Files.exists(xz)) { // where xz is not installed there is none
      assertThat(Files.size(xz)).isLessThan(XZ_BYTES_MAX);
    }
  }

  @ParameterizedTest
  @CsvSource({"amd64", "arm64"})
  void launcherAndClassPathAreThere(String arch) throws IOException {
    Path bundle = needs(arch);
    assertThat(bundle.resolve("bin/warren-daemon")).isExecutable();
    assertThat(bundle.resolve("runtime/bin/java")).isExecutable();
    assertThat(Files.readAllLines(bundle.resolve("lib/classpath")))
        .isNotEmpty()
        .allSatisfy(jar -> assertThat(bundle.resolve("lib").resolve(jar)).exists());
  }

  private static Path needs(String arch) {
    Path bundle = BUNDLES.resolve("linux-" + arch);
    assumeTrue(
        Files.exists(BUNDLES.resolve("inputs-" + arch)),
        arch.equals("arm64")
            ? "the bundle for arm64 is not built: ./warren bundle arm64"
            : "the bundle is not built: mvnw -pl daemon -am package");
    return bundle;
  }

  private static void sortEntries(Path jar, int machine, List<String> natives, List<String> foreign)
      throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : zip.stream().filter(entry -> !entry.isDirectory()).toList()) {
        try (InputStream in = zip.getInputStream(entry)) {
          sort(jar.getFileName() + "!" + entry.getName(), in, machine, natives, foreign);
        }
      }
    }
  }

  private static void sort(
      String name, InputStream in, int machine, List<String> natives, List<String> foreign)
      throws IOException {
    byte[] head = in.readNBytes(ELF_HEADER_BYTES);
    boolean elf =
        head.length == ELF_HEADER_BYTES
            && Arrays.equals(head, 0, 4, new byte[] {0x7f, 'E', 'L', 'F'}, 0, 4);
    if (elf) {
      int found = Byte.toUnsignedInt(head[18]) | Byte.toUnsignedInt(head[19]) << 8;
      (found == machine ? natives : foreign).add(name);
    }
  }
}
