package dev.warren.e2e.kit;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.warren.protocol.Json;
import dev.warren.scripted.Script;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Scripts for the scripted model, put together in a test.
public final class Scripts {
  /// Answers whatever no other rule does, such as the call that finds a chat's title.
  private static final Rule OTHERWISE = new Rule(Map.of("turns", List.of(round(text("A title")))));

  private Scripts() {}

  /// One thing that an answer does.
  public record Step(@JsonValue Map<String, Object> json) {}

  /// One answer: to the user at first, then to the results of the round before.
  public record Round(@JsonValue List<Step> steps) {}

  public record Rule(@JsonValue Map<String, Object> json) {}

  public static Step text(String text) {
    return new Step(Map.of("text", text));
  }

  /// Text at a pace.
  public static Step text(String text, int chunkChars, int delayMs) {
    return new Step(
        Map.of("text", text, "pace", Map.of("chunk_chars", chunkChars, "delay_ms", delayMs)));
  }

  public static Step call(String tool, Map<String, ?> input) {
    return new Step(Map.of("call", Map.of("name", tool, "input", input)));
  }

  public static Round round(Step... steps) {
    return new Round(List.of(steps));
  }

  /// What the agent does when a user's message matches.
  public static Rule rule(String lastUser, Round... rounds) {
    return new Rule(
        Map.of(
            "when",
            Map.of("last_user", lastUser, "tools", List.of("execute")),
            "turns",
            List.of(rounds)));
  }

  public static Script script(Rule... rules) {
    return script(Map.of(), rules);
  }

  /// @param settings of the script besides its rules, such as `api_key`
  public static Script script(Map<String, Object> settings, Rule... rules) {
    Map<String, Object> script = new LinkedHashMap<>(settings);
    script.put("rules", Stream.concat(Stream.of(rules), Stream.of(OTHERWISE)).toList());
    return Script.parse(Json.STRICT.writeValueAsString(script));
  }
}
