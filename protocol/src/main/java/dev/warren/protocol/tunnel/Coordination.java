package dev.warren.protocol.tunnel;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.warren.protocol.Json;
import dev.warren.protocol.NodeId;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A text frame of the attach connection, as JSON with a `type`. The order is fixed: the relay
/// sends `challenge`, the node `attach`, the relay `attached` (or closes with a [CloseCode]); from
/// then on the relay sends `peers`, `presence` and `restarting` whenever something changes, and
/// passes `meet` frames between the nodes of a pair; a daemon may send `git_credential`, and each
/// is answered by a `git_answer`.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Coordination.Challenge.class, name = "challenge"),
  @JsonSubTypes.Type(value = Coordination.Attach.class, name = "attach"),
  @JsonSubTypes.Type(value = Coordination.Attached.class, name = "attached"),
  @JsonSubTypes.Type(value = Coordination.Peers.class, name = "peers"),
  @JsonSubTypes.Type(value = Coordination.Presence.class, name = "presence"),
  @JsonSubTypes.Type(value = Coordination.Restarting.class, name = "restarting"),
  @JsonSubTypes.Type(value = Coordination.Meet.class, name = "meet"),
  @JsonSubTypes.Type(value = Coordination.GitCredential.class, name = "git_credential"),
  @JsonSubTypes.Type(value = Coordination.GitAnswer.class, name = "git_answer"),
})
public sealed interface Coordination {
  /// Longest text frame that either side reads, in characters.
  int TEXT_CHARS_MAX = 64 * 1024;

  /// Most dialers that one `peers` frame names.
  int PEERS_MAX = 256;

  /// Relay to node, first: prove your key over this.
  ///
  /// @param nonce fresh random bytes, base64
  /// @param relay the node id of the control plane that asks
  record Challenge(String nonce, NodeId relay) implements Coordination {
    public Challenge {
      Objects.requireNonNull(nonce, "nonce");
      Objects.requireNonNull(relay, "relay");
    }
  }

  /// Node to relay: who I am.
  ///
  /// @param publicKey SubjectPublicKeyInfo, base64; its SHA-256 is the node's id
  /// @param signature over [AttachProof]'s bytes, base64
  /// @param token what the node was given to introduce itself with; absent once its key is known
  /// @param instance made anew at each start of the node's process: peers drop their connections to
  ///   an earlier one
  /// @param sequence greater at each attach of this node, whatever its process: its clock, in
  ///   milliseconds since the epoch, or one more than the last time. Of two relays that have the
  ///   node, the one with the greater sequence is right. Without it the relay's clock counts
  record Attach(
      String publicKey,
      String signature,
      Optional<String> token,
      NodeRole role,
      String version,
      UUID instance,
      Optional<Long> sequence)
      implements Coordination {
    /// Longest token, in characters.
    public static final int TOKEN_CHARS_MAX = 512;

    /// Longest version, in characters.
    public static final int VERSION_CHARS_MAX = 64;

    public Attach {
      if (token.isPresent() && token.get().length() > TOKEN_CHARS_MAX) {
        throw new IllegalArgumentException("token over " + TOKEN_CHARS_MAX + " characters");
      }
      if (version.length() > VERSION_CHARS_MAX) {
        throw new IllegalArgumentException("version over " + VERSION_CHARS_MAX + " characters");
      }
    }

    /// Without the token.
    @Override
    public String toString() {
      return "Attach[role=%s, version=%s, instance=%s, token=%s]"
          .formatted(role, version, instance, token.isPresent() ? "***" : "none");
    }
  }

  /// Relay to node: you are in, as this node.
  ///
  /// @param owner whom a workspace's daemon works for
  /// @param direct what is needed to look for direct paths; absent when this node shall not
  record Attached(NodeId nodeId, Optional<Owner> owner, Optional<DirectOffer> direct)
      implements Coordination {}

  /// Relay to node: these, and no others, may dial you. Replaces the list before.
  record Peers(List<Dialer> approved) implements Coordination {
    public Peers {
      approved = List.copyOf(approved);
      if (approved.size() > PEERS_MAX) {
        throw new IllegalArgumentException("more than " + PEERS_MAX + " approved dialers");
      }
    }
  }

  /// Relay to node: a node of one of your pairs is attached, or (without an instance) is not.
  record Presence(NodeId nodeId, Optional<UUID> instance) implements Coordination {
    public Presence {
      Objects.requireNonNull(nodeId, "node_id");
    }
  }

  /// Relay to node: this connection ends now and a new one will be welcome.
  ///
  /// @param afterMs nodes spread their coming back over this time, above zero
  record Restarting(long afterMs) implements Coordination {
    public Restarting {
      if (afterMs <= 0) {
        throw new IllegalArgumentException("after_ms is above zero, not " + afterMs);
      }
    }
  }

  /// Node to relay to node: look for a direct path to me. On its way in it names the node to be
  /// met, on its way out the one that asks.
  ///
  /// @param fromDialer whether the asking node dials the other one; the answer has it reversed
  /// @param probeKey raw X25519 key of the asking node's process, base64
  /// @param addresses where it may be reached, as `1.2.3.4:5` or `[2001:db8::1]:5`; it will send
  ///   from one of them
  record Meet(NodeId nodeId, boolean fromDialer, String probeKey, List<String> addresses)
      implements Coordination {
    /// Most addresses of a node that are looked at.
    public static final int ADDRESSES_MAX = 16;

    /// Longest address, in characters.
    public static final int ADDRESS_CHARS_MAX = 64;

    /// A raw X25519 key in base64.
    public static final int PROBE_KEY_CHARS = 44;

    public Meet {
      addresses = List.copyOf(addresses);
      if (addresses.size() > ADDRESSES_MAX
          || addresses.stream().anyMatch(address -> address.length() > ADDRESS_CHARS_MAX)) {
        throw new IllegalArgumentException(
            "more than %d addresses, or one over %d characters"
                .formatted(ADDRESSES_MAX, ADDRESS_CHARS_MAX));
      }
      if (probeKey.length() != PROBE_KEY_CHARS) {
        throw new IllegalArgumentException(
            "a probe key has %d characters".formatted(PROBE_KEY_CHARS));
      }
    }

    /// The same, as the relay passes it on.
    public Meet from(NodeId sender) {
      return new Meet(sender, fromDialer, probeKey, addresses);
    }
  }

  /// Daemon to relay: which login has my workspace's owner at this git host?
  ///
  /// @param id of this question on this connection
  /// @param host its name, with `:port` where that is not the scheme's own
  record GitCredential(long id, String host) implements Coordination {
    /// Longest host, in characters.
    public static final int HOST_CHARS_MAX = 261;

    public GitCredential {
      if (host.isEmpty() || host.length() > HOST_CHARS_MAX) {
        throw new IllegalArgumentException(
            "a git host has 1 to %d characters".formatted(HOST_CHARS_MAX));
      }
    }
  }

  /// Relay to daemon: this login, or the reason why there is none.
  record GitAnswer(long id, Optional<String> username, Optional<String> password, String reason)
      implements Coordination {
    /// Without the password.
    @Override
    public String toString() {
      return "GitAnswer[id=%d, %s, reason=%s]"
          .formatted(id, password.isPresent() ? "***" : "none", reason);
    }
  }

  /// What a node needs to look for direct paths.
  ///
  /// @param udpPort where the relay's host says by UDP which address it sees
  /// @param seen the address that the relay sees this connection come from; a proxy's, perhaps
  record DirectOffer(Optional<Integer> udpPort, Optional<String> seen) {
    public DirectOffer {
      if (udpPort.isPresent() && (udpPort.get() < 1 || udpPort.get() > 0xffff)) {
        throw new IllegalArgumentException("no UDP port: " + udpPort.get());
      }
    }
  }

  /// A node that may dial, and the kinds of streams it may open.
  record Dialer(NodeId nodeId, Set<StreamKind> kinds) {
    public Dialer {
      Objects.requireNonNull(nodeId, "node_id");
      EnumSet<StreamKind> copy = EnumSet.noneOf(StreamKind.class);
      copy.addAll(kinds);
      kinds = Collections.unmodifiableSet(copy);
    }
  }

  default String toJson() {
    return Frames.MAPPER.writerFor(Coordination.class).writeValueAsString(this);
  }

  /// Reads a frame from outside.
  ///
  /// @throws IllegalArgumentException when it is not one of the frames above, exactly
  static Coordination parse(String text) {
    if (text.length() > TEXT_CHARS_MAX) {
      throw new IllegalArgumentException(
          "a coordination frame of %d characters, at most %d are read"
              .formatted(text.length(), TEXT_CHARS_MAX));
    }
    try {
      Coordination frame = Frames.MAPPER.readValue(text, Coordination.class);
      if (frame == null) {
        throw new IllegalArgumentException("a coordination frame is an object, not null");
      }
      return frame;
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not a coordination frame: " + e.getOriginalMessage(), e);
    }
  }

  /// How frames are read: strictly, and what must be there must be there.
  final class Frames {
    private static final JsonMapper MAPPER =
        Json.STRICT
            .rebuild()
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private Frames() {}
  }
}
