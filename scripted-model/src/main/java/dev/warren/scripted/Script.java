package dev.warren.scripted;

import dev.warren.protocol.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// What a [ScriptedModel] says when. The format is described in the module's README.
///
/// @param apiKey requests must carry it; any key or none will do when absent
/// @param models the names that exist; all do when empty
/// @param pace of text, unless a rule or step has its own
/// @param wire how bytes are cut
/// @param rules in order: the first that matches answers
public record Script(
    Optional<String> apiKey,
    List<String> models,
    Optional<Pace> pace,
    Optional<Wire> wire,
    List<Rule> rules) {

  public Script {
    models = orEmpty(models);
    rules = orEmpty(rules);
    if (rules.isEmpty()) {
      throw new IllegalArgumentException("A script needs at least one rule.");
    }
  }

  /// @param when it applies; always when absent
  /// @param times it applies at most this often in the life of the server
  /// @param turns one list of steps for each round: the first answers the user, the next the
  ///   results of the first one's tool calls, and so on. Past the last round the rule does not
  ///   match.
  /// @param onError answers instead, when a tool of the last round failed
  public record Rule(
      Optional<String> name,
      Optional<When> when,
      Optional<Integer> times,
      Optional<Pace> pace,
      List<List<Step>> turns,
      List<Step> onError) {
    public Rule {
      turns = orEmpty(turns).stream().map(List::copyOf).toList();
      onError = orEmpty(onError);
    }
  }

  /// All that is given must hold. Patterns are regular expressions, found anywhere, in either case.
  ///
  /// @param lastUser the text of the newest user message; its groups are `{{match.1}}` and so on
  /// @param system the system prompt
  /// @param format `anthropic`, `openai` (Chat Completions), `openai_responses`, `gemini` or
  ///   `bedrock`
  /// @param tools that the request must offer
  /// @param round number of rounds of tool results since the newest user message
  /// @param aside `title` or `summary`: only such a request, which no other rule answers
  public record When(
      Optional<String> model,
      Optional<String> lastUser,
      Optional<String> system,
      Optional<String> format,
      List<String> tools,
      Optional<ToolResultMatch> toolResult,
      Optional<Integer> round,
      Optional<String> aside) {
    public When {
      tools = orEmpty(tools);
    }
  }

  /// @param name of a tool; its newest result is looked at, with `NAME#2` the one before it
  /// @param matches its content
  public record ToolResultMatch(String name, Optional<String> matches) {}

  /// Text goes out in pieces of `chunkChars`, one each `delayMs`.
  public record Pace(int chunkChars, int delayMs) {
    static final Pace AT_ONCE = new Pace(64, 0);

    public Pace {
      if (chunkChars < 1 || delayMs < 0) {
        throw new IllegalArgumentException("A pace has chunk_chars from 1 and delay_ms from 0.");
      }
    }
  }

  /// @param splitBytes each write has this many bytes, so that lines and characters are cut
  /// @param crlf lines of events end in CRLF
  public record Wire(Optional<Integer> splitBytes, Optional<Boolean> crlf) {}

  /// Reads a script; a mistake in it is an error that names the place.
  public static Script parse(String json) {
    try {
      return Json.STRICT.readValue(json, Script.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("The script is wrong: " + e.getMessage(), e);
    }
  }

  public static Script read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException("The script " + file + " cannot be read.", e);
    }
  }

  /// The script of `./warren demo`.
  public static Script demo() {
    try (InputStream in = Script.class.getResourceAsStream("/demo.json")) {
      byte[] bytes =
          Objects.requireNonNull(in, "demo.json is not on the class path").readAllBytes();
      return parse(new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }
}
