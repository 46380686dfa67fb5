package dev.warren.server.workspace;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.CloseCode;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.server.access.Caller;
import dev.warren.server.access.CredentialId;
import dev.warren.server.access.Scope;
import dev.warren.server.access.UserId;
import dev.warren.server.http.Authenticator;
import dev.warren.tunnel.relay.Admission.Decision;
import dev.warren.tunnel.relay.Approval;
import dev.warren.tunnel.relay.AttachRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The command lines of users that are attached here: each introduces itself with a session or a
/// token of the API at every attach, and may then dial the daemons of its user's own workspaces,
/// those that attach later too. When the credential is revoked it is sent away.
///
/// A lock guards nothing here: a client enters the table before the daemons are read, and a daemon
/// is written down before the table is read, so that whoever is second sees the first.
final class Clients implements AutoCloseable {
  /// What a user's command line opens in a workspace.
  private static final Set<StreamKind> KINDS =
      Set.of(
          StreamKind.SSH,
          StreamKind.TERMINAL,
          StreamKind.TCP,
          StreamKind.PING,
          StreamKind.SPEEDTEST);

  /// Clients that one user may have attached at once, each `ssh` one of them. With [#GONE_MAX] it
  /// stays below the number of dialers that a daemon may have.
  static final int CLIENTS_PER_USER_MAX = 160;

  /// Clients that went and may still come back by the approvals that they had; beyond, the oldest
  /// ones are forgotten.
  static final int GONE_MAX = 64;

  /// How often all credentials are looked at: another replica may have revoked one.
  private static final Duration CHECK_EVERY = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(Clients.class);

  private final DaemonStore store;
  private final Authenticator authenticator;
  private final Sending sending;
  private final Map<NodeId, Client> attached = new ConcurrentHashMap<>();
  private final Deque<NodeId> gone = new ArrayDeque<>();
  private final Thread watch = Thread.ofVirtual().name("tunnel-clients").unstarted(this::watch);

  /// Sends a node away from the relay, saying why, and ends its pairs.
  @FunctionalInterface
  interface Sending {
    void away(NodeId node, String reason);
  }

  private record Client(long number, UserId user, CredentialId credential) {}

  Clients(DaemonStore store, Authenticator authenticator, Sending sending) {
    this.store = store;
    this.authenticator = authenticator;
    this.sending = sending;
  }

  void start() {
    watch.start();
  }

  Decision admit(AttachRequest request) {
    Optional<Caller> proved = request.token().flatMap(authenticator::byToken);
    if (proved.isEmpty()) {
      return Decision.Refused.forGood(
          "the token is unknown, expired or revoked: sign in again with 'warren login'");
    }
    Caller caller = proved.get();
    if (caller.scope() == Scope.READ) {
      return Decision.Refused.forGood(
          "this token may only read; a tunnel needs one of scope 'workspaces' or 'all'");
    }
    if (store.findByNode(request.node()).isPresent()) {
      return Decision.Refused.forGood("this key is a workspace's; a client needs one of its own");
    }
    Client client = new Client(request.number(), caller.id(), caller.credential());
    if (attachedOf(caller.id()).size() >= CLIENTS_PER_USER_MAX) {
      return new Decision.Refused(
          CloseCode.BUSY,
          "%s has %d connections to workspaces open; close one first"
              .formatted(caller.username(), CLIENTS_PER_USER_MAX));
    }
    attached.put(request.node(), client);
    back(request.node());
    log.info(
        "{} attached the client {} from {}",
        caller.username(),
        request.node().brief(),
        request.remoteAddress());
    return new Decision.Admitted(
        store.nodesOf(caller.id()).stream()
            .map(daemon -> new Approval(request.node(), daemon, KINDS))
            .toList());
  }

  /// A client's connection has ended; it may come back.
  void detached(AttachRequest request) {
    Client client = attached.get(request.node());
    if (client != null
        && client.number() == request.number()
        && attached.remove(request.node(), client)) {
      wentAway(request.node()).forEach(node -> sending.away(node, "forgotten"));
    }
  }

  /// The approvals that a daemon of this user's workspace brings with it.
  List<Approval> approvals(UserId owner, NodeId daemon) {
    return attachedOf(owner).stream().map(node -> new Approval(node, daemon, KINDS)).toList();
  }

  /// Sends away who introduced himself with one of these.
  void revoke(Set<CredentialId> credentials) {
    attached.forEach((node, client) -> {
      if (credentials.contains(client.credential())) {
        sending.away(node, "the token was revoked, or its user suspended");
      }
    });
  }

  @Override
  public void close() {
    watch.interrupt();
  }

  private List<NodeId> attachedOf(UserId user) {
    List<NodeId> nodes = new ArrayList<>();
    attached.forEach((node, client) -> {
      if (client.user().equals(user)) {
        nodes.add(node);
      }
    });
    return nodes;
  }

  private void back(NodeId node) {
    synchronized (gone) {
      gone.remove(node);
    }
  }

  private List<NodeId> wentAway(NodeId node) {
    List<NodeId> forgotten = new ArrayList<>();
    synchronized (gone) {
      gone.addLast(node);
      while (gone.size() > GONE_MAX) {
        forgotten.add(gone.removeFirst());
      }
    }
    return forgotten;
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(CHECK_EVERY);
        check();
      }
    } catch (InterruptedException e) {
      log.debug("the watch over clients ends");
    }
  }

  private void check() {
    Set<CredentialId> credentials = ConcurrentHashMap.newKeySet();
    attached.values().forEach(client -> credentials.add(client.credential()));
    if (credentials.isEmpty()) {
      return;
    }
    try {
      revoke(authenticator.revoked(credentials));
    } catch (RuntimeException e) {
      // The database is away; the next round asks again.
      log.warn("cannot check the credentials of {} clients", attached.size(), e);
    }
  }
}
