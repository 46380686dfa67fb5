package dev.warren.daemon.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import org.apache.sshd.agent.SshAgent;
import org.apache.sshd.agent.SshAgentFactory;
import org.apache.sshd.agent.SshAgentServer;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;

/// `-A`: Unix sockets in a folder of their own, each of which leads to one client's agent for as
/// long as its connection stands.
final class AgentSocket implements SshAgentFactory {
  private final Path folder;

  /// @param folder of the sockets; made when the first is
  AgentSocket(Path folder) {
    this.folder = folder;
  }

  @Override
  public List<ChannelFactory> getChannelForwardingFactories(FactoryManager manager) {
    return List.of(); // we are no client
  }

  @Override
  public SshAgent createClient(Session session, FactoryManager manager) {
    throw new UnsupportedOperationException("the daemon asks no agent itself");
  }

  @Override
  public SshAgentServer createServer(ConnectionService client) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    // Short: a Unix socket's path has 107 bytes at most.
    Path path = folder.resolve("agent-" + UUID.randomUUID().toString().substring(0, 8));
    Listener listener = Listener.unix(path);
    listener.start(
        client, accepted -> new ForwardFromSocket("auth-agent@openssh.com", accepted, _ -> {}));
    return new Open(path.toString(), listener);
  }

  /// One client's.
  private static final class Open implements SshAgentServer {
    private final String path;
    private final Listener listener;
    private volatile boolean open = true;

    Open(String path, Listener listener) {
      this.path = path;
      this.listener = listener;
    }

    @Override
    public String getId() {
      return path;
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
      listener.close();
    }
  }
}
