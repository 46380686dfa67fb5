package dev.warren.daemon.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Forwarding of ports, Unix sockets and agents, by real clients, against either server.
abstract class ForwardContract extends SshContract {
  private static final int BYTES = 3_000_000;

  private ServerSocketChannel echo;
  private Process forwarding;

  @BeforeEach
  void echoes() throws IOException {
    echo = ServerSocketChannel.open();
    echo.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    serve(echo);
  }

  @AfterEach
  void silence() throws Exception {
    echo.close();
    if (forwarding != null) {
      forwarding.destroy();
      forwarding.waitFor(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aLocalPortLeadsToOneOfTheServer() throws Exception {
    int local = freePort();
    forward("-L", local + ":localhost:" + port(echo));
    assertEchoes(local);
  }

  @Test
  void aPortOfTheServerLeadsToALocalOneAndEndsWithItsClient() throws Exception {
    int remote = freePort();
    forward("-R", remote + ":127.0.0.1:" + port(echo));
    assertEchoes(remote);
    forwarding.destroy();
    Clients.await(() -> !accepts(remote));
  }

  @Test
  void theServerChoosesAPortAndSaysWhich() throws Exception {
    Path log = forward("-v", "-R", "0:127.0.0.1:" + port(echo));
    Clients.await(() -> Files.readString(log).contains("Allocated port "));
    String said = Files.readString(log);
    assertEchoes(Integer.parseInt(said.replaceAll("(?s).*Allocated port (\\d+).*", "$1")));
  }

  @Test
  void aProxyLeadsAnywhere() throws Exception {
    int local = freePort();
    forward("-D", Integer.toString(local));
    Clients.await(() -> accepts(local));
    Proxy proxy = new Proxy(Proxy.Type.SOCKS, new InetSocketAddress("127.0.0.1", local));
    try (Socket socket = new Socket(proxy)) {
      socket.connect(new InetSocketAddress("127.0.0.1", port(echo)), 10_000);
      assertEchoes(Channels.newChannel(socket.getInputStream()), socket);
    }
  }

  @Test
  void standardInputAndOutputLeadToAPort() throws Exception {
    assertThat(clients.ssh("through\n", "-W", "127.0.0.1:" + port(echo), "w").out())
        .isEqualTo("through\n");
  }

  @Test
  void aClosedPortIsRefusedAndTheConnectionLivesOn() throws Exception {
    int closed = freePort();
    int open = freePort();
    forward("-L", closed + ":127.0.0.1:" + freePort(), "-L", open + ":127.0.0.1:" + port(echo));
    Clients.await(() -> accepts(open));
    try (Socket socket = new Socket("127.0.0.1", closed)) {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    assertEchoes(open);
  }

  @Test
  void aHundredConnectionsPassAtOnce() throws Exception {
    int local = freePort();
    forward("-L", local + ":127.0.0.1:" + port(echo));
    Clients.await(() -> accepts(local));
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        Socket socket = new Socket("127.0.0.1", local);
        sockets.add(socket);
        socket.getOutputStream().write(bytes("number " + i));
      }
      for (int i = 0; i < 100; i++) {
        byte[] answer = sockets.get(i).getInputStream().readNBytes(bytes("number " + i).length);
        assertThat(new String(answer, StandardCharsets.UTF_8)).isEqualTo("number " + i);
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void unixSocketsAreForwardedBothWays() throws Exception {
    Path there = folder.resolve("t");
    Path here = folder.resolve("h");
    Path remote = folder.resolve("r");
    try (ServerSocketChannel served = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      served.bind(UnixDomainSocketAddress.of(there));
      serve(served);
      int local = freePort();
      forward("-L", here + ":" + there, "-L", local + ":" + there, "-R", remote + ":" + there);
      Clients.await(() -> Files.exists(here) && Files.exists(remote));
      for (Path path : List.of(here, remote)) {
        try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
          socket.write(ByteBuffer.wrap(bytes("by a path")));
          socket.shutdownOutput();
          assertThat(Channels.newInputStream(socket).readAllBytes()).isEqualTo(bytes("by a path"));
        }
      }
      assertEchoes(local);
    }
  }

  @Test
  void theClientsAgentAnswersInTheWorkspace() throws Exception {
    String socket = folder.resolve("agent").toString();
    Process agent = new ProcessBuilder("ssh-agent", "-D", "-a", socket).start();
    try {
      Clients.await(() -> Files.exists(Path.of(socket)));
      Map<String, String> environment = Map.of("SSH_AUTH_SOCK", socket);
      String key = folder.resolve("key").toString();
      assertThat(Clients.run(List.of("ssh-add", "-q", key), "", environment).exit()).isZero();
      String there = "ssh-add -l; ls -l $SSH_AUTH_SOCK | cut -c1-10";
      Clients.Ran ran =
          Clients.run(List.of("ssh", "-A", "-F", clients.config(), "w", there), "", environment);
      assertThat(ran.out()).contains("(ED25519)").contains("srw");
      assertThat(clients.ssh("", "w", "echo ${SSH_AUTH_SOCK:-none}").out()).isEqualTo("none\n");
    } finally {
      agent.destroy();
      agent.waitFor(10, TimeUnit.SECONDS);
    }
  }

  /// Starts a client that forwards and nothing else.
  ///
  /// @return what it says
  private Path forward(String... options) throws IOException {
    List<String> line = new ArrayList<>(List.of("ssh", "-F", clients.config(), "-N"));
    line.addAll(List.of(options));
    line.add("w");
    Path log = folder.resolve("forward.log");
    forwarding =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return log;
  }

  private static void assertEchoes(int port) throws Exception {
    Clients.await(() -> accepts(port));
    try (Socket socket = new Socket("127.0.0.1", port)) {
      assertEchoes(Channels.newChannel(socket.getInputStream()), socket);
    }
  }

  /// More than any window goes through, and the half-close too.
  private static void assertEchoes(java.nio.channels.ReadableByteChannel in, Socket socket)
      throws Exception {
    byte[] content = random(BYTES);
    Thread writer =
        Thread.ofVirtual()
            .start(() -> {
              try {
                socket.getOutputStream().write(content);
                socket.shutdownOutput();
              } catch (IOException e) {
                // The reader sees it.
              }
            });
    assertThat(Channels.newInputStream(in).readAllBytes()).isEqualTo(content);
    writer.join();
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  private static void serve(ServerSocketChannel listener) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (true) {
              SocketChannel accepted = listener.accept();
              Thread.ofVirtual().start(() -> echo(accepted));
            }
          } catch (IOException closed) {
            // The test is over.
          }
        });
  }

  private static void echo(SocketChannel socket) {
    try (socket) {
      Channels.newInputStream(socket).transferTo(Channels.newOutputStream(socket));
      socket.shutdownOutput();
    } catch (IOException gone) {
      // So is the client.
    }
  }

  private static int port(ServerSocketChannel channel) throws IOException {
    SocketAddress address = channel.getLocalAddress();
    return ((InetSocketAddress) address).getPort();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
