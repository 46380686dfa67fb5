package dev.warren.daemon.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.file.nativefs.NativeFileSystemFactory;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.threads.NoCloseExecutor;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.scp.server.ScpCommandFactory;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.UserAuthNoneFactory;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.server.global.NoMoreSessionsHandler;
import org.apache.sshd.server.session.ServerConnectionServiceFactory;
import org.apache.sshd.server.session.ServerUserAuthServiceFactory;
import org.apache.sshd.server.session.SessionFactory;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/// The SSH server, which listens nowhere: [#serve] runs one client's connection on a pair of
/// streams.
public final class SshService implements AutoCloseable {
  /// A client that reads nothing for so long (a suspended one) is not cut off: its programs wait.
  private static final Duration PATIENCE = Duration.ofDays(365);

  /// What a client may send on a channel before its program reads it; it lies in our memory then.
  private static final long WINDOW_BYTES = 1024 * 1024;

  private final Surroundings surroundings;
  private final HostKey hostKey;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("ssh-timer").factory());
  private final IoHandler sessions;

  public SshService(Surroundings surroundings) throws IOException {
    this.surroundings = surroundings;
    this.hostKey = HostKey.loadOrCreate(surroundings.stateFolder());
    this.sessions = new SessionFactory(server());
  }

  /// As in `known_hosts`, without the name: `ssh-ed25519 AAAA…`.
  public String hostKey() {
    return hostKey.line();
  }

  /// Serves a client until it goes.
  ///
  /// @param reset breaks both streams off
  public void serve(InputStream in, OutputStream out, Runnable reset) throws InterruptedException {
    new Connection(sessions, in, out, reset).serve();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /// Never started: starting is listening.
  private SshServer server() {
    SshServer server = SshServer.setUpDefaultServer();
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKey.pair()));
    server.setScheduledExecutorService(timer, false);
    server.setUserAuthFactories(List.of(UserAuthNoneFactory.INSTANCE));
    server.setServiceFactories(
        List.of(ServerUserAuthServiceFactory.INSTANCE, ServerConnectionServiceFactory.INSTANCE));
    server.setShellFactory(_ -> new ProgramCommand(surroundings, Optional.empty()));
    server.setCommandFactory(this::command);
    server.setSubsystemFactories(
        List.of(
            new SftpSubsystemFactory.Builder()
                .withExecutorServiceProvider(
                    () -> new NoCloseExecutor(Executors.newVirtualThreadPerTaskExecutor()))
                .build()));
    server.setFileSystemFactory(new NativeFileSystemFactory(false));
    server.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
    server.setAgentFactory(new AgentSocket(surroundings.stateFolder().resolve("agents")));
    List<ChannelFactory> channels = new ArrayList<>(ForwardToSocket.factories());
    channels.add(ProgramChannel.FACTORY);
    server.setChannelFactories(channels);
    server.setGlobalRequestHandlers(
        List.of(KeepAliveHandler.INSTANCE, NoMoreSessionsHandler.INSTANCE, new ListenRequests()));
    CoreModuleProperties.SERVER_IDENTIFICATION.set(server, "Warren");
    CoreModuleProperties.WINDOW_SIZE.set(server, WINDOW_BYTES);
    CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.set(server, PATIENCE);
    return server;
  }

  /// In the user's shell, like everything; but where the workspace has no `scp`, its old protocol
  /// is spoken by us.
  private Command command(ChannelSession channel, String line) throws IOException {
    if (line.startsWith("scp ") && !hasScp()) {
      return new ScpCommandFactory.Builder().build().createCommand(channel, line);
    }
    return new ProgramCommand(surroundings, Optional.of(line));
  }

  private boolean hasScp() {
    String path =
        surroundings.environment().ofPerson(new java.util.UUID(0, 0), Map.of()).stream()
            .filter(entry -> entry.startsWith("PATH="))
            .findFirst()
            .orElse("PATH=")
            .substring("PATH=".length());
    for (String folder : path.split(":")) {
      if (folder.startsWith("/") && Files.isExecutable(Path.of(folder, "scp"))) {
        return true;
      }
    }
    return false;
  }
}
