package dev.warren.server.agent;

import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.StoredPart;
import dev.warren.server.tool.ToolResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// Notices that a model goes in circles: the same call again and again in one turn, with the same
/// result each time. Such a call is not run but answered with a hint.
final class LoopGuard {
  /// Equal calls with equal results that are let through.
  static final int REPEATS_MAX = 3;

  private final Map<Call, List<JsonNode>> results = new HashMap<>();

  private record Call(String name, JsonNode input) {}

  LoopGuard(List<ChatMessage> history) {
    Map<UUID, Call> calls = new HashMap<>();
    for (ChatMessage message : TurnPlanner.turn(history)) {
      for (StoredPart part : message.parts()) {
        if (part instanceof StoredPart.ToolCall call) {
          calls.put(call.id(), new Call(call.name(), call.input()));
        } else if (part instanceof StoredPart.ToolResult result
            && !result.output().has("repeated")) {
          Optional.ofNullable(calls.get(result.callId()))
              .ifPresent(call ->
                  results
                      .computeIfAbsent(call, key -> new ArrayList<>())
                      .add(withoutTimes(result.output())));
        }
      }
    }
  }

  /// What to tell the model instead of running the call, when it is one too many.
  Optional<ToolResult> verdict(StoredPart.ToolCall call) {
    List<JsonNode> before = results.getOrDefault(new Call(call.name(), call.input()), List.of());
    if (before.size() < REPEATS_MAX) {
      return Optional.empty();
    }
    List<JsonNode> newest = before.subList(before.size() - REPEATS_MAX, before.size());
    if (newest.stream().distinct().count() > 1) {
      return Optional.empty();
    }
    return Optional.of(
        ToolResult.error(
            "This call was not run: the same call of "
                + call.name()
                + " has given the same result "
                + before.size()
                + " times in this turn. Look at that result again and do something else, or tell"
                + " the user what stands in the way.",
            new Repeated(true)));
  }

  /// Marks our own answers, which do not count as results.
  private record Repeated(boolean repeated) {}

  private static JsonNode withoutTimes(JsonNode output) {
    return output.isObject() && output.has("duration_ms")
        ? ((tools.jackson.databind.node.ObjectNode) output.deepCopy()).without("duration_ms")
        : output;
  }
}
