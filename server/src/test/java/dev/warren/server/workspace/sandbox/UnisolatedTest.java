package dev.warren.server.workspace.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `WARREN_LOCAL_UNISOLATED`: no walls, but the same life.
final class UnisolatedTest {
  private Path folder;

  @BeforeEach
  void begins() throws Exception {
    folder = Files.createTempDirectory(Path.of("/tmp"), "warren-unisolated-");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void ends() throws Exception {
    FolderRemoval.remove(folder);
  }

  @Test
  void itStartsIsFoundAndEndsWithAllItsChildren() throws Exception {
    Sandbox sandbox = new SandboxProbe(folder, List.of(), true).probe();
    assertThat(sandbox.isIsolated()).isFalse();
    WorkspaceFolder workspace = new WorkspaceFolder(folder.resolve("one"));
    SandboxUser user = sandbox.userOf(workspace);

    ProcessRef first =
        sandbox.start(
            new SandboxSpec(
                workspace,
                user,
                "one",
                folder,
                List.of(),
                SandboxLimits.NONE,
                List.of(
                    "/bin/sh",
                    "-c",
                    "cat <&3 > token; id -u > uid; trap '' TERM; sleep 600 & sleep 601"),
                "secret"));

    assertThat(Sandbox.find(workspace)).contains(first);
    Path uid = workspace.home().resolve("uid");
    while (!Files.exists(uid) || Files.size(uid) == 0) {
      Thread.onSpinWait();
    }
    assertThat(Files.readString(uid).strip()).isEqualTo(Integer.toString(user.uid()));
    assertThat(Files.readString(workspace.home().resolve("token"))).isEqualTo("secret");
    List<ProcessHandle> children =
        ProcessHandle.of(first.pid()).orElseThrow().descendants().toList();

    sandbox.stop(workspace, Duration.ofMillis(100));

    assertThat(first.isAlive()).isFalse();
    assertThat(children).noneMatch(child -> ProcessRef.of(child.pid()).isPresent());
    Sandbox.delete(workspace);
    assertThat(workspace.root()).doesNotExist();
  }
}
