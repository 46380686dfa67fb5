package dev.warren.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.protocol.tunnel.AttachProof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeIdentityTest {
  @TempDir Path folder;

  @Test
  void theSameFolderHoldsTheSameKey() throws IOException {
    Path state = folder.resolve("new/state");
    NodeIdentity first = NodeIdentity.loadOrCreate(state);
    NodeIdentity again = NodeIdentity.loadOrCreate(state);
    assertThat(again.id()).isEqualTo(first.id());
    assertThat(again.privateKey()).isEqualTo(first.privateKey());
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("node.key"))))
        .isEqualTo("rw-------");
    try (var files = Files.list(state)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("node.key");
    }
  }

  @Test
  void manyWhoComeFirstAtOnceGetOneKey() throws Exception {
    Callable<NodeIdentity> load = () -> NodeIdentity.loadOrCreate(folder);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var all =
          executor.invokeAll(
              IntStream.range(0, 8).mapToObj(i -> load).collect(Collectors.toList()));
      NodeIdentity first = all.getFirst().get();
      for (var one : all) {
        assertThat(one.get().id()).isEqualTo(first.id());
      }
    }
  }

  @Test
  void aDamagedKeyIsNamedAndNotReplaced() throws IOException {
    Path file = folder.resolve("node.key");
    Files.writeString(file, "-----BEGIN PRIVATE KEY-----\nAAAA\n");
    assertThatThrownBy(() -> NodeIdentity.loadOrCreate(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
    assertThat(file).content().contains("AAAA");
  }

  @Test
  void theCertificateIsSignedByItsOwnKeyAndTheIdIsTheKeysHash() throws Exception {
    NodeIdentity identity = NodeIdentity.generate();
    identity.certificate().verify(identity.certificate().getPublicKey());
    identity.certificate().checkValidity();
    assertThat(identity.certificate().getVersion()).isEqualTo(3);
    assertThat(AttachProof.nodeId(identity.publicKey())).isEqualTo(identity.id());
  }

  @Test
  void theKeyIsInNoLogLine() {
    assertThat(NodeIdentity.generate().toString()).matches("NodeIdentity\\[[0-9a-f]{10}]");
  }
}
