package dev.warren.daemon.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

/// Our server, and what is ours alone.
final class WarrenSshTest extends ForwardContract {
  private Path home;
  private OurServer server;

  @Override
  SshTarget start(Path key) throws Exception {
    home = Files.createDirectory(folder.resolve("home"));
    Files.writeString(home.resolve(".profile"), "export FROM_PROFILE=read\n");
    server = new OurServer(folder, home, key);
    return server;
  }

  @Test
  void aSessionBeginsAtHomeWithoutTheDaemonsOwnVariables() throws Exception {
    assertThat(
            clients
                .ssh("", "w", "pwd; echo $HOME ${WARREN_SECRET:-none}; env | grep -c ^SSH_")
                .out())
        .isEqualTo("%s\n%s none\n2\n".formatted(home, home));
    assertThat(clients.ssh("echo it is $FROM_PROFILE; exit\n", "-tt", "w").out())
        .contains("it is read");
  }

  @Test
  void theHostKeyStaysAndIsItsOwnersOnly() throws Exception {
    Path file = folder.resolve("state/ssh-host.key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(HostKey.loadOrCreate(folder.resolve("state")).line()).isEqualTo(server.hostKey());
    Path known = folder.resolve("known");
    Files.writeString(known, "w.warren " + server.hostKey() + "\n");
    String[] strict = {
      "-o",
      "StrictHostKeyChecking=yes",
      "-o",
      "UserKnownHostsFile=" + known,
      "-o",
      "HostKeyAlias=w.warren"
    };
    assertThat(
            clients
                .ssh("", with(java.util.List.of(strict), "w", "true").toArray(String[]::new))
                .exit())
        .isZero();
    Files.writeString(known, "w.warren ssh-ed25519 " + "A".repeat(68) + "\n");
    assertThat(
            clients
                .ssh("", with(java.util.List.of(strict), "w", "true").toArray(String[]::new))
                .exit())
        .isEqualTo(255);
  }

  @Test
  void aClientThatIsKilledHangsUpItsTerminal() throws Exception {
    Path pid = folder.resolve("pid");
    Process ssh =
        new ProcessBuilder(
                "ssh", "-F", clients.config(), "-tt", "w", "echo $$ > " + pid + "; sleep 300")
            .start();
    Clients.await(() -> Files.exists(pid) && Files.size(pid) > 0);
    ssh.destroyForcibly();
    long shell = Long.parseLong(Files.readString(pid).strip());
    Clients.await(() -> ProcessHandle.of(shell).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void itSaysWhatItIsAndAsksForNoKey() throws Exception {
    assertThat(clients.ssh("", "-v", "-o", "PubkeyAuthentication=no", "w", "true").err())
        .contains("remote software version Warren")
        .contains("using \"none\"");
  }
}
