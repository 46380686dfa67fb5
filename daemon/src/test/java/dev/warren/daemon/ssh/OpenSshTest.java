package dev.warren.daemon.ssh;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/// The measure: OpenSSH's own server.
final class OpenSshTest extends ForwardContract {
  @Override
  SshTarget start(Path key) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/sbin/sshd")), "openssh-server is not installed");
    assumeTrue(
        System.getProperty("user.name").equals("root"),
        "sshd needs root to serve as this test expects");
    return new OpenSshServer(folder, key);
  }
}
