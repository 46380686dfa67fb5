package dev.warren.bench.chaos;

import dev.warren.protocol.Json;
import dev.warren.scripted.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the scripted model does for a message `WORD PLAN`: commands that append the word and a
/// number of their own to a file, each once, and text at a pace in between.
final class Scripts {
  private static final Map<String, Integer> PACE = Map.of("chunk_chars", 7, "delay_ms", 15);

  /// A command that people are asked about.
  static final String ASKED = "true asked";

  private Scripts() {}

  /// @param ran the file
  static Script script(String ran) {
    List<Object> rules = new ArrayList<>();
    rules.add(
        rule("plain", List.of(text("I say something to {{match.1}}, at some length, slowly."))));
    rules.add(
        rule(
            "commands",
            List.of(
                text("Two commands at once for {{match.1}}."),
                execute("echo {{match.1}}-1 >> %s; sleep 0.3; echo one".formatted(ran)),
                execute("sleep 0.2; echo {{match.1}}-2 >> %s; echo two".formatted(ran))),
            List.of(
                text("And one more."),
                execute("echo {{match.1}}-3 >> %s; echo three".formatted(ran))),
            List.of(text("All three were run for {{match.1}}."))));
    rules.add(
        rule(
            "files",
            List.of(
                call(
                    "write_file",
                    Map.of("path", "~/{{match.1}}.txt", "content", "one\ntwo {{match.1}}\n")),
                execute("echo {{match.1}}-1 >> %s".formatted(ran))),
            List.of(
                call(
                    "edit_files",
                    Map.of(
                        "edits",
                        List.of(
                            Map.of(
                                "path",
                                "~/{{match.1}}.txt",
                                "old_text",
                                "two",
                                "new_text",
                                "three")))),
                text("Edited.")),
            List.of(text("The file of {{match.1}} is as it should be."))));
    rules.add(
        rule(
            "long",
            List.of(execute("echo {{match.1}}-1 >> %s; sleep 3; echo slow".formatted(ran))),
            List.of(text("That took a while, {{match.1}}."))));
    rules.add(
        rule(
            "agents",
            List.of(
                call("spawn_agent", Map.of("prompt", "{{match.1}}a commands")),
                call("spawn_agent", Map.of("prompt", "{{match.1}}b plain"))),
            List.of(text("The sub-agents of {{match.1}} are at work."))));
    rules.add(
        rule(
            "asked",
            List.of(
                text("This needs a word from you."),
                execute("%s; echo {{match.1}}-1 >> %s".formatted(ASKED, ran)),
                execute("echo {{match.1}}-2 >> %s".formatted(ran))),
            List.of(text("It was allowed for {{match.1}}."))));
    rules.add(
        rule(
            "wrong",
            List.of(
                Map.of(
                    "status", 400, "type", "invalid_request_error", "message", "not like this"))));
    rules.add(rule("story", List.of(text("Once upon a time, and so on. ".repeat(400)))));
    rules.add(Map.of("turns", List.of(List.of(text("Nobody told me what to do about this.")))));
    return Script.parse(Json.STRICT.writeValueAsString(Map.of("rules", rules)));
  }

  private static Map<String, Object> rule(String plan, List<?>... turns) {
    return Map.of(
        "when",
        Map.of("last_user", "(?s).*\\b(c\\w+) " + plan + "\\s*$"),
        "on_error",
        List.of(text("A call of {{match.1}} failed, so I stop here.")),
        "turns",
        List.of(turns));
  }

  private static Map<String, ?> text(String text) {
    return Map.of("text", text, "pace", PACE);
  }

  private static Map<String, ?> execute(String command) {
    return call("execute", Map.of("command", command, "timeout_s", 60));
  }

  private static Map<String, ?> call(String name, Map<String, ?> input) {
    return Map.of("call", Map.of("name", name, "input", input));
  }
}
