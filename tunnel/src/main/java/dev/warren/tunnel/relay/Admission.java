package dev.warren.tunnel.relay;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.CloseCode;
import dev.warren.protocol.tunnel.Owner;
import java.util.List;
import java.util.Optional;

/// Says which nodes may attach and for what; the control plane's workspaces answer it. Called on a
/// virtual thread, so it may ask a database.
public interface Admission {
  /// Decides on a node that proved its key. Two attaches may be asked about at the same time.
  Decision admit(AttachRequest request) throws InterruptedException;

  /// The node of an admitted attach is in: datagrams flow from now on.
  void attached(AttachRequest request);

  /// An admitted attach has ended. When the same node attached again meanwhile, `request` is the
  /// older one (compare numbers) and the node is still there.
  void detached(AttachRequest request);

  /// A node attached at another relay of this control plane, or is there no more.
  default void elsewhere(NodeId node, boolean isThere) {}

  /// An attached node asks for its owner's login at a git host.
  ///
  /// @param host as the node wrote it
  default GitAnswer gitCredential(AttachRequest request, String host) {
    return new GitAnswer.Refused("this control plane keeps no git credentials");
  }

  /// What [#admit] answers.
  sealed interface Decision {
    /// It may attach. The approvals (in which it is dialer or target) are added to those that
    /// stand; they end with [Relay#withdraw], with [Relay#revoke], or some time after the node has
    /// gone.
    ///
    /// @param owner whom a workspace's daemon works for; it is told
    /// @param direct whether it may have direct paths, when the relay offers them at all
    record Admitted(List<Approval> approvals, Optional<Owner> owner, boolean direct)
        implements Decision {
      public Admitted {
        approvals = List.copyOf(approvals);
      }

      public Admitted(List<Approval> approvals, Optional<Owner> owner) {
        this(approvals, owner, true);
      }

      public Admitted(List<Approval> approvals) {
        this(approvals, Optional.empty());
      }
    }

    /// It may not.
    ///
    /// @param code [CloseCode#REFUSED] when it must not try again, else another one
    record Refused(int code, String reason) implements Decision {
      public static Refused forGood(String reason) {
        return new Refused(CloseCode.REFUSED, reason);
      }
    }
  }
}
