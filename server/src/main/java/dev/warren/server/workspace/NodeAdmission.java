package dev.warren.server.workspace;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.CloseCode;
import dev.warren.tunnel.relay.Admission;
import dev.warren.tunnel.relay.AttachRequest;
import dev.warren.tunnel.relay.GitAnswer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says which nodes may attach to the relay: [Daemons] of workspaces, and [Clients] of users.
record NodeAdmission(Daemons daemons, Clients clients, DaemonGit git) implements Admission {
  private static final Logger log = LoggerFactory.getLogger(NodeAdmission.class);

  @Override
  public Decision admit(AttachRequest request) {
    try {
      return switch (request.role()) {
        case DAEMON -> daemons.admit(request);
        case CLIENT -> clients.admit(request);
        case REPLICA -> Decision.Refused.forGood("a replica does not attach by a token");
      };
    } catch (RuntimeException e) {
      log.atWarn().setCause(e).log("cannot decide on {}", request);
      return new Decision.Refused(CloseCode.BUSY, "the control plane cannot decide now");
    }
  }

  @Override
  public void attached(AttachRequest request) {
    switch (request.role()) {
      case DAEMON -> daemons.attached(request);
      case CLIENT, REPLICA -> {} // nobody waits for them
    }
  }

  @Override
  public void detached(AttachRequest request) {
    switch (request.role()) {
      case DAEMON -> daemons.detached(request);
      case CLIENT -> clients.detached(request);
      case REPLICA -> {} // never admitted
    }
  }

  @Override
  public GitAnswer gitCredential(AttachRequest request, String host) {
    return git.answer(request, host);
  }

  @Override
  public void elsewhere(NodeId node, boolean isThere) {
    daemons.elsewhere(node, isThere);
  }
}
