package dev.warren.llm.openai;

import dev.warren.llm.DataTable;
import dev.warren.llm.ReasoningLevel;
import dev.warren.llm.wire.Endpoint;
import dev.warren.llm.wire.ToolCallIds;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// How a server of the Chat Completions format differs: data with sources (`quirks.tsv`). Unknown
/// servers get what most of them take; `options` of the model overrules the rest, `null` taking a
/// member out.
///
/// @param maxTokensMember the name of the output limit
/// @param streamUsage whether usage is asked for; some servers refuse the member, and send it
///   anyway
/// @param promptCacheKey whether a cache key is understood
/// @param callIds the form of a tool call's id
/// @param reasoning how a level of reasoning is asked for
/// @param reasoningRequired whether messages with calls must have a `reasoning_content`, if an
///   empty one
public record ChatQuirks(
    String maxTokensMember,
    boolean streamUsage,
    boolean promptCacheKey,
    ToolCallIds.Form callIds,
    boolean reasoningRequired,
    Reasoning reasoning) {

  private static final String RESOURCE = "quirks.tsv";
  private static final String OPENAI = "api.openai.com";

  private static final ChatQuirks COMPATIBLE =
      new ChatQuirks("max_tokens", true, false, ToolCallIds.Form.ANY, false, Reasoning.EFFORT);

  private static final Map<String, ChatQuirks> BY_HOST = DataTable.read(RESOURCE, ChatQuirks::of);

  private static ChatQuirks of(List<String> columns) {
    return new ChatQuirks(
        columns.get(0),
        columns.get(1).equals("yes"),
        columns.get(2).equals("yes"),
        columns.get(3).equals("nine") ? ToolCallIds.Form.NINE_CHARACTERS : ToolCallIds.Form.ANY,
        columns.get(4).equals("yes"),
        Reasoning.valueOf(columns.get(5).toUpperCase(Locale.ROOT)));
  }

  /// The forms of a wish for a level of reasoning.
  public enum Reasoning {
    /// `reasoning_effort`, OpenAI's.
    EFFORT,
    /// `reasoning: {effort}`, as in the Responses API.
    NESTED,
    /// `thinking: {type}`, on or off, and `reasoning_effort` beside it.
    THINKING;

    public ObjectNode of(ReasoningLevel level) {
      ObjectNode members = JsonNodeFactory.instance.objectNode();
      boolean off = level == ReasoningLevel.OFF;
      switch (this) {
        case EFFORT -> members.put("reasoning_effort", level.effort());
        case NESTED -> members.putObject("reasoning").put("effort", level.effort());
        case THINKING -> {
          members.putObject("thinking").put("type", off ? "disabled" : "enabled");
          if (!off) {
            members.put("reasoning_effort", level.effort());
          }
        }
      }
      return members;
    }
  }

  /// @param official the administrator says that this is OpenAI's own API, or a proxy for it
  public static ChatQuirks of(Endpoint endpoint, boolean official) {
    String host = endpoint.base().getHost().toLowerCase(Locale.ROOT);
    String domain = "*" + host.substring(Math.max(0, host.indexOf('.')));
    ChatQuirks usual = official ? BY_HOST.getOrDefault(OPENAI, COMPATIBLE) : COMPATIBLE;
    return BY_HOST.getOrDefault(host, BY_HOST.getOrDefault(domain, usual));
  }
}
