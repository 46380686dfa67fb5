package dev.warren.cli.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.cli.client.Failure;
import dev.warren.cli.client.ThisProgram;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigSshTest {
  private static final String BLOCK =
      SshConfigBlock.of(List.of("dev", "play"), Map.of("ProxyCommand", "warren ssh --stdio %h"));

  @TempDir private Path folder;

  @Test
  void theBlockNamesEachWorkspaceAndCoversLaterOnes() {
    assertThat(BLOCK)
        .isEqualTo(
            """
            # >>> warren: written by 'warren config-ssh', which replaces it
            Host dev.warren
              HostName dev.warren
            Host play.warren
              HostName play.warren
            Host *.warren
              ProxyCommand warren ssh --stdio %h
            # <<< warren
            """);
  }

  @Test
  void whatTheUserWroteStaysToTheByteAndASecondRunChangesNothing() {
    for (String own :
        List.of("", "Host a\n  User b\n", "# no newline at the end", "Host a\r\n\n")) {
      String once = SshConfigBlock.put(own, BLOCK);
      assertThat(once).startsWith(own).contains(BLOCK);
      assertThat(SshConfigBlock.put(once, BLOCK)).isEqualTo(once);
      assertThat(SshConfigBlock.remove(once).stripTrailing()).isEqualTo(own.stripTrailing());
      String behind = once + "Host z\n  Port 1\n";
      String other = SshConfigBlock.of(List.of(), Map.of());
      assertThat(SshConfigBlock.put(behind, other))
          .isEqualTo(behind.replace(BLOCK, other))
          .endsWith("Host z\n  Port 1\n");
      assertThat(SshConfigBlock.remove(behind)).endsWith("Host z\n  Port 1\n").startsWith(own);
    }
  }

  @Test
  void aBlockWithoutItsEndIsLeftToTheUser() {
    String broken = BLOCK.replace("# <<< warren\n", "") + "Host mine\n";
    assertThatThrownBy(() -> SshConfigBlock.put(broken, BLOCK))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("by hand");
  }

  @Test
  void changesAreShownAsLines() {
    assertThat(LineChanges.of("a\nb\nc\n", "a\nx\ny\nc\n")).containsExactly("- b", "+ x", "+ y");
    assertThat(LineChanges.of("", "a\n")).containsExactly("+ a");
  }

  @Test
  void aWorkspaceHasOneHostKeyWhichANewOneReplaces() throws Exception {
    KnownHosts hosts = new KnownHosts(folder.resolve("config"));
    String first = "ssh-ed25519 " + "A".repeat(68);
    String second = "ssh-ed25519 " + "B".repeat(68);
    hosts.remember("Dev", first);
    hosts.remember("play", first);
    hosts.remember("dev", second);
    assertThat(hosts.file()).hasContent("play.warren " + first + "\ndev.warren " + second + "\n");
    assertThatThrownBy(() -> hosts.remember("dev", "ssh-ed25519 x\n* evil"))
        .isInstanceOf(Failure.class);
  }

  @Test
  void aPathIsQuotedForTheShellThatSshStarts() {
    assertThat(ThisProgram.quoted("/opt/warren/warren")).isEqualTo("/opt/warren/warren");
    assertThat(ThisProgram.quoted("/a b/it's")).isEqualTo("'/a b/it'\\''s'");
  }
}
