package dev.warren.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// In a JVM of its own, since the library is looked for once.
final class NativeLibraryTest {
  @Test
  void aMissingLibraryIsOnePlainLine() throws Exception {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("codec-native-quic"))
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                WithoutLibrary.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.lines().filter(line -> line.startsWith("node:")))
        .singleElement()
        .asString()
        .contains("the native QUIC library does not load on", "x86-64");
  }

  /// Starts a node and prints why it cannot.
  static final class WithoutLibrary {
    private WithoutLibrary() {}

    public static void main(String[] args) {
      try (TunnelNode node = new TunnelNode(NodeIdentity.generate(), StreamAcceptor.NONE)) {
        node.start();
      } catch (TunnelException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
