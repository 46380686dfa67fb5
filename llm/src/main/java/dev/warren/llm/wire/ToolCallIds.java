package dev.warren.llm.wire;

import dev.warren.llm.Message;
import dev.warren.llm.Part;
import dev.warren.llm.ProviderException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The names by which one request calls its tool calls: the provider's own where it sent one that
/// is not taken yet (some repeat them), else one made from ours. Depends only on what stands before
/// a call, so that later requests name it alike. Also checks that every call has its result.
public final class ToolCallIds {
  private final Map<UUID, String> ids = new HashMap<>();

  public enum Form {
    ANY("[a-zA-Z0-9_-]{1,64}", 32),
    /// Mistral takes nine letters and digits and nothing else.
    NINE_CHARACTERS("[a-zA-Z0-9]{9}", 9);

    private final String pattern;
    private final int length;

    Form(String pattern, int length) {
      this.pattern = pattern;
      this.length = length;
    }
  }

  /// @throws ProviderException when a call has no result, since every provider refuses that
  public ToolCallIds(String kind, List<Message> messages, Form form) {
    Set<String> taken = new HashSet<>();
    Set<UUID> open = new HashSet<>();
    for (Message message : messages) {
      for (Part part : message.parts()) {
        if (part instanceof Part.ToolCall call && !call.providerExecuted()) {
          ids.put(call.id(), choose(call, kind, form, taken));
          open.add(call.id());
        } else if (part instanceof Part.ToolResult result) {
          open.remove(result.callId());
        }
      }
    }
    if (!open.isEmpty()) {
      throw new ProviderException(
          ProviderException.Kind.INVALID_REQUEST,
          0,
          Optional.empty(),
          "The conversation has tool calls without a result: " + open + ".");
    }
  }

  private static String choose(Part.ToolCall call, String kind, Form form, Set<String> taken) {
    String theirs =
        call.opaque()
            .filter(opaque -> opaque.kind().equals(kind))
            .map(opaque -> WireJson.string(opaque.data(), "id"))
            .orElse("");
    if (theirs.matches(form.pattern) && taken.add(theirs)) {
      return theirs;
    }
    // The random end of a UUIDv7 differs between calls of one millisecond.
    String hex = call.id().toString().replace("-", "");
    String ours = hex.substring(hex.length() - form.length);
    taken.add(ours);
    return ours;
  }

  /// Whether the call is one that the model asked us to run.
  public boolean has(UUID call) {
    return ids.containsKey(call);
  }

  public String of(UUID call) {
    return Optional.ofNullable(ids.get(call)).orElseThrow();
  }

  /// A name that every provider takes, for tools that a model made up.
  public static String name(String name) {
    String clean = name.replaceAll("[^a-zA-Z0-9_-]", "_");
    return clean.isEmpty() ? "unnamed" : clean.substring(0, Math.min(64, clean.length()));
  }

  /// The arguments as an object: byte for byte as the model wrote them, when they are one.
  public static String input(Part.ToolCall call) {
    if (call.rawInput().isBlank()) {
      return call.input().isObject() ? call.input().toString() : "{}";
    }
    JsonNode parsed = WireJson.arguments(call.rawInput());
    if (parsed.isObject()) {
      return call.rawInput().strip();
    }
    ObjectNode wrapped = JsonNodeFactory.instance.objectNode();
    wrapped.put("unparsed_arguments", CleanText.clean(call.rawInput()));
    return wrapped.toString();
  }
}
