package dev.warren.server.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.UuidV7;
import dev.warren.protocol.tunnel.NodeRole;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.server.access.Caller;
import dev.warren.server.access.Role;
import dev.warren.server.access.Scope;
import dev.warren.server.db.PostgresForTests;
import dev.warren.tunnel.NodeIdentity;
import dev.warren.tunnel.relay.Admission.Decision;
import dev.warren.tunnel.relay.Approval;
import dev.warren.tunnel.relay.AttachRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ClientsTest {
  @RegisterExtension static final PostgresForTests POSTGRES = new PostgresForTests();

  private static final Set<StreamKind> KINDS =
      Set.of(
          StreamKind.SSH,
          StreamKind.TERMINAL,
          StreamKind.TCP,
          StreamKind.PING,
          StreamKind.SPEEDTEST);

  private WorkspaceKit kit;
  private NodeAdmission admission;
  private long attaches = 1000;

  @BeforeEach
  void begins() throws Exception {
    kit = new WorkspaceKit(POSTGRES.database(), Duration.ZERO);
    admission = new NodeAdmission(kit.daemons, kit.clients, kit.git());
  }

  @AfterEach
  void ends() throws Exception {
    kit.close();
  }

  @Test
  void aClientMayDialTheDaemonsOfItsUsersOwnWorkspacesOnly() {
    kit.authenticator.add("own", kit.user, Role.MEMBER, Scope.WORKSPACES);
    kit.authenticator.add("admin", kit.user("admin"), Role.ADMIN, Scope.ALL);
    NodeId daemon = daemonOf("mine");
    NodeId client = newNode();

    assertThat(admission.admit(client(client, "own")))
        .isEqualTo(new Decision.Admitted(java.util.List.of(new Approval(client, daemon, KINDS))));
    assertThat(admission.admit(client(newNode(), "admin")))
        .isEqualTo(new Decision.Admitted(java.util.List.of()));
  }

  @Test
  void aDaemonThatComesLaterBringsItsOwnersClients() {
    kit.authenticator.add("own", kit.user, Role.MEMBER, Scope.ALL);
    kit.authenticator.add("other", kit.user("member"), Role.MEMBER, Scope.ALL);
    NodeId client = newNode();
    admission.admit(client(client, "own"));
    admission.admit(client(newNode(), "other"));

    NodeId daemon = daemonOf("later");

    AttachRequest again = WorkspaceKit.attach(daemon, Optional.empty());
    assertThat(((Decision.Admitted) admission.admit(again)).approvals())
        .extracting(Approval::dialer)
        .containsExactlyInAnyOrder(client, kit.controlPlane);
  }

  @Test
  void nobodyGetsInWithoutATokenThatOpensTunnels() {
    kit.authenticator.add("reader", kit.user, Role.MEMBER, Scope.READ);
    NodeId daemon = daemonOf("mine");
    kit.authenticator.add("own", kit.user, Role.MEMBER, Scope.ALL);

    assertThat(admission.admit(client(newNode(), "unknown"))).isInstanceOf(Decision.Refused.class);
    assertThat(admission.admit(client(newNode(), "reader"))).isInstanceOf(Decision.Refused.class);
    assertThat(admission.admit(client(daemon, "own"))).isInstanceOf(Decision.Refused.class);
  }

  @Test
  void whoseTokenIsRevokedIsSentAway() {
    Caller caller = kit.authenticator.add("own", kit.user, Role.MEMBER, Scope.ALL);
    kit.authenticator.add("second", kit.user, Role.MEMBER, Scope.ALL);
    NodeId client = newNode();
    admission.admit(client(client, "own"));
    admission.admit(client(newNode(), "second"));

    kit.clients.revoke(Set.of(caller.credential()));

    assertThat(kit.sentAway).containsExactly(client);
  }

  @Test
  void aRevocationByAnotherReplicaIsNoticed() {
    kit.authenticator.add("own", kit.user, Role.MEMBER, Scope.ALL);
    NodeId client = newNode();
    admission.admit(client(client, "own"));
    kit.clients.start();

    kit.authenticator.remove("own");

    WorkspaceKit.await(() -> kit.sentAway.contains(client));
    kit.clients.close();
  }

  @Test
  void clientsThatWentMakeRoomForOthers() {
    kit.authenticator.add("own", kit.user, Role.MEMBER, Scope.ALL);
    AttachRequest first = client(newNode(), "own");
    admission.admit(first);
    admission.detached(first);
    for (int i = 0; i < Clients.GONE_MAX; i++) {
      AttachRequest next = client(newNode(), "own");
      assertThat(admission.admit(next)).isInstanceOf(Decision.Admitted.class);
      admission.detached(next);
    }
    assertThat(kit.sentAway).containsExactly(first.node());

    for (int i = 0; i < Clients.CLIENTS_PER_USER_MAX; i++) {
      assertThat(admission.admit(client(newNode(), "own"))).isInstanceOf(Decision.Admitted.class);
    }
    assertThat(admission.admit(client(newNode(), "own"))).isInstanceOf(Decision.Refused.class);
  }

  private NodeId daemonOf(String name) {
    WorkspaceId id = kit.create(name, kit.external()).id();
    kit.attachExternal(id);
    kit.awaitStatus(id, WorkspaceStatus.RUNNING);
    return kit.store.find(id).orElseThrow().nodeId().orElseThrow();
  }

  private AttachRequest client(NodeId node, String token) {
    return new AttachRequest(
        attaches++, node, NodeRole.CLIENT, Optional.of(token), "1.0", UuidV7.next(), "127.0.0.1");
  }

  private static NodeId newNode() {
    return NodeIdentity.generate().id();
  }
}
