package dev.warren.llm.wire;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Messages of a request whose roles alternate: neighbours of one role become one message.
public final class Turns {
  private final String member;
  private final List<ObjectNode> messages = new ArrayList<>();

  /// @param member of a message that holds its blocks
  public Turns(String member) {
    this.member = member;
  }

  public void add(String role, ArrayNode blocks) {
    if (blocks.isEmpty()) {
      return;
    }
    if (!messages.isEmpty() && WireJson.string(messages.getLast(), "role").equals(role)) {
      blocks(messages.getLast()).addAll(blocks);
      return;
    }
    ObjectNode next = JsonNodeFactory.instance.objectNode();
    next.put("role", role);
    next.set(member, blocks);
    messages.add(next);
  }

  /// Of one of the messages.
  public ArrayNode blocks(ObjectNode message) {
    return (ArrayNode) message.path(member);
  }

  public List<ObjectNode> messages() {
    return messages;
  }

  /// The two newest messages of the user: with a breakpoint at its end the newest one's prefix is
  /// written to the prompt cache, and the other's, written by the request before, is read.
  public List<ObjectNode> newestOfUser() {
    return messages.reversed().stream()
        .filter(message -> WireJson.string(message, "role").equals("user"))
        .limit(2)
        .toList();
  }
}
