package dev.warren.daemon.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// OpenSSH's server, for this test only.
final class OpenSshServer implements SshTarget {
  private final Process process;
  private final int port;
  private final Path key;

  OpenSshServer(Path folder, Path key) throws Exception {
    this.key = key;
    this.port = freePort();
    Path hostKey = folder.resolve("host");
    Clients.check(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", hostKey.toString()));
    Files.createDirectories(Path.of("/run/sshd"));
    Path config = folder.resolve("sshd_config");
    Files.writeString(
        config,
        """
        ListenAddress 127.0.0.1
        Port %d
        HostKey %s
        AuthorizedKeysFile %s.pub
        PermitRootLogin yes
        StrictModes no
        UsePAM no
        PidFile none
        AcceptEnv *
        MaxSessions 200
        MaxStartups 200
        PrintMotd no
        StreamLocalBindUnlink no
        Subsystem sftp internal-sftp
        """
            .formatted(port, hostKey, key));
    this.process =
        new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("sshd.log").toFile())
            .start();
    Clients.await(() -> answers(port) || !process.isAlive());
    if (!process.isAlive()) {
      throw new IOException(Files.readString(folder.resolve("sshd.log")));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public Path key() {
    return key;
  }

  @Override
  public void close() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    process.waitFor(10, TimeUnit.SECONDS);
  }
}
