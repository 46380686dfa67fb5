package dev.warren.tunnel.relay;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.warren.protocol.Json;
import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.Coordination.Dialer;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import tools.jackson.core.JacksonException;

/// A text frame from one relay to another, as JSON with a `type`. A link between relays goes one
/// way: who opened it says what it has and sends to what the other one has. After it opened come
/// all nodes that are attached there, then changes. Binary messages are the receiver's id before
/// what a node gets: the sender's id and datagrams.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = MeshFrame.Here.class, name = "here"),
  @JsonSubTypes.Type(value = MeshFrame.Gone.class, name = "gone"),
  @JsonSubTypes.Type(value = MeshFrame.Dialers.class, name = "dialers"),
  @JsonSubTypes.Type(value = MeshFrame.Text.class, name = "text"),
  @JsonSubTypes.Type(value = MeshFrame.Revoke.class, name = "revoke"),
})
sealed interface MeshFrame {
  /// A node is attached at the sender.
  ///
  /// @param sequence of its attach: of two relays that have it the one with the greater is right
  /// @param direct whether it may have direct paths
  record Here(NodeId node, UUID instance, long sequence, boolean direct) implements MeshFrame {
    public Here {
      Objects.requireNonNull(node, "node");
      Objects.requireNonNull(instance, "instance");
    }
  }

  /// It is not any more.
  record Gone(NodeId node) implements MeshFrame {
    public Gone {
      Objects.requireNonNull(node, "node");
    }
  }

  /// Who of the sender's nodes may dial a node of the receiver. Replaces the list before.
  record Dialers(NodeId target, List<Dialer> dialers) implements MeshFrame {
    public Dialers {
      Objects.requireNonNull(target, "target");
      dialers = List.copyOf(dialers);
    }
  }

  /// A coordination frame for a node of the receiver.
  record Text(NodeId to, String frame) implements MeshFrame {
    public Text {
      Objects.requireNonNull(to, "to");
      Objects.requireNonNull(frame, "frame");
    }
  }

  /// A node must go, wherever it is.
  record Revoke(NodeId node, String reason) implements MeshFrame {
    public Revoke {
      Objects.requireNonNull(node, "node");
      Objects.requireNonNull(reason, "reason");
    }
  }

  default String toJson() {
    return Json.STRICT.writerFor(MeshFrame.class).writeValueAsString(this);
  }

  /// @throws IllegalArgumentException when it is none
  static MeshFrame parse(String text) {
    try {
      MeshFrame frame = Json.STRICT.readValue(text, MeshFrame.class);
      if (frame == null) {
        throw new IllegalArgumentException("a frame between relays is an object");
      }
      return frame;
    } catch (JacksonException e) {
      throw new IllegalArgumentException("no frame between relays: " + e.getOriginalMessage(), e);
    }
  }
}
