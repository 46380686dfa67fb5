package dev.warren.llm;

import java.util.Locale;

/// How servers of the Chat Completions format differ, as data. Unknown servers get what most of
/// them take; `options` of the model overrules the rest, `null` taking a member out.
///
/// @param maxTokensMember the name of the output limit
/// @param streamUsage whether usage is asked for; some servers refuse the member, and send it
///   anyway
/// @param promptCacheKey whether a cache key is understood
/// @param callIds the form of a tool call's id
record ChatQuirks(
    String maxTokensMember, boolean streamUsage, boolean promptCacheKey, ToolCallIds.Form callIds) {

  private static final ChatQuirks OPENAI =
      new ChatQuirks("max_completion_tokens", true, true, ToolCallIds.Form.ANY);
  private static final ChatQuirks COMPATIBLE =
      new ChatQuirks("max_tokens", true, false, ToolCallIds.Form.ANY);
  private static final ChatQuirks MISTRAL =
      new ChatQuirks("max_tokens", false, false, ToolCallIds.Form.NINE_CHARACTERS);

  /// @param official the administrator says that this is OpenAI's own API, or a proxy for it
  static ChatQuirks of(Endpoint endpoint, boolean official) {
    if (official) {
      return OPENAI;
    }
    String host = endpoint.base().getHost().toLowerCase(Locale.ROOT);
    return host.equals("api.openai.com")
        ? OPENAI
        : host.equals("api.mistral.ai") ? MISTRAL : COMPATIBLE;
  }
}
