package dev.warren.daemon.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The requests by which a client lets us listen for it (`-R`), on a TCP port or a Unix socket, and
/// takes that back. RFC 4254, section 7.1; OpenSSH's PROTOCOL, section 2.4.
final class ListenRequests implements RequestHandler<ConnectionService> {
  private static final Logger LOG = LoggerFactory.getLogger(ListenRequests.class);

  /// Listeners that one client may have.
  private static final int LISTENERS_MAX = 128;

  private static final AttributeKey<Listeners> KEY = new AttributeKey<>();

  /// One client's, by what it called them. They end with its connection.
  private static final class Listeners {
    private final Map<String, Listener> all = new ConcurrentHashMap<>();
    private final AtomicBoolean ends = new AtomicBoolean();
  }

  @Override
  public Result process(ConnectionService client, String request, boolean wantReply, Buffer buffer)
      throws Exception {
    return switch (request) {
      case "tcpip-forward" -> listen(client, buffer.getString(), buffer.getInt(), wantReply);
      case "cancel-tcpip-forward" -> cancel(client, buffer.getString() + ":" + buffer.getInt());
      case "streamlocal-forward@openssh.com" -> listen(client, buffer.getString());
      case "cancel-streamlocal-forward@openssh.com" -> cancel(client, buffer.getString());
      default -> Result.Unsupported;
    };
  }

  private static Result listen(ConnectionService client, String host, int port, boolean wantReply)
      throws IOException {
    Listener listener;
    try {
      listener = Listener.tcp(new InetSocketAddress(bindAddress(host), port));
    } catch (IOException | IllegalArgumentException e) {
      LOG.debug("cannot listen on {}:{}: {}", host, port, e.getMessage());
      return Result.ReplyFailure;
    }
    int bound = listener.port();
    if (!enter(client, host + ":" + bound, listener)) {
      return Result.ReplyFailure;
    }
    if (wantReply) {
      Session session = client.getSession();
      Buffer reply = session.createBuffer(SshConstants.SSH_MSG_REQUEST_SUCCESS, Integer.BYTES);
      if (port == 0) {
        reply.putUInt(bound);
      }
      session.writePacket(reply);
    }
    listener.start(
        client,
        accepted -> {
          InetSocketAddress from = (InetSocketAddress) accepted.getRemoteAddress();
          return new ForwardFromSocket(
              "forwarded-tcpip",
              accepted,
              open -> {
                // The client finds its forwarding by the very words of its request.
                open.putString(host);
                open.putUInt(bound);
                open.putString(from.getAddress().getHostAddress());
                open.putUInt(from.getPort());
              });
        });
    return wantReply ? Result.Replied : Result.ReplySuccess;
  }

  private static Result listen(ConnectionService client, String path) {
    try {
      Listener listener = Listener.unix(Path.of(path));
      if (!enter(client, path, listener)) {
        return Result.ReplyFailure;
      }
      listener.start(
          client,
          accepted ->
              new ForwardFromSocket(
                  "forwarded-streamlocal@openssh.com",
                  accepted,
                  open -> {
                    open.putString(path);
                    open.putString(""); // reserved
                  }));
      return Result.ReplySuccess;
    } catch (IOException | IllegalArgumentException e) {
      LOG.debug("cannot listen on {}: {}", path, e.getMessage());
      return Result.ReplyFailure;
    }
  }

  private static Result cancel(ConnectionService client, String name) {
    Listener listener = of(client).all.remove(name);
    if (listener == null) {
      return Result.ReplyFailure;
    }
    listener.close();
    return Result.ReplySuccess;
  }

  /// Loopback unless the client asks for more; a workspace has no setting that forbids it.
  private static InetAddress bindAddress(String host) throws IOException {
    return switch (host) {
      case "", "*", "0.0.0.0" -> InetAddress.getByName("0.0.0.0");
      default -> InetAddress.getByName(host);
    };
  }

  /// Keeps it until the client goes; not when it has too many.
  private static boolean enter(ConnectionService client, String name, Listener listener) {
    Listeners listeners = of(client);
    if (listeners.all.size() >= LISTENERS_MAX
        || listeners.all.putIfAbsent(name, listener) != null) {
      listener.close();
      return false;
    }
    if (!listeners.ends.getAndSet(true)) {
      client
          .getSession()
          .addCloseFutureListener(_ -> listeners.all.values().forEach(Listener::close));
    }
    return true;
  }

  private static Listeners of(ConnectionService client) {
    return client.getSession().computeAttributeIfAbsent(KEY, _ -> new Listeners());
  }
}
