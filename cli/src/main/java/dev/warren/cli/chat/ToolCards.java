package dev.warren.cli.chat;

import dev.warren.cli.client.Console;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Tool calls and their results as a few lines each.
final class ToolCards {
  /// Lines of a command's output that are shown, from its end.
  private static final int OUTPUT_LINES_MAX = 8;

  /// Changed lines of a diff that are shown.
  private static final int DIFF_LINES_MAX = 16;

  /// Characters of a line, and of an argument, that are shown.
  private static final int WIDTH_MAX = 160;

  private final Console console;

  /// Titles of sub-agents, by their chats' ids, as their spawning said them.
  private final Map<String, String> agents = new HashMap<>();

  ToolCards(Console console) {
    this.console = console;
  }

  void call(JsonNode part) {
    JsonNode input = part.path("input");
    console.bold("● " + Console.at(part, "name"));
    String about = about(input);
    console.line(about.isEmpty() ? "" : "  " + about);
  }

  void result(JsonNode part) {
    JsonNode output = part.path("output");
    String took = took(part);
    if (part.path("is_error").asBoolean(false)) {
      String why =
          Stream.of("error", "detail", "message")
              .map(member -> Console.at(output, member))
              .filter(text -> !text.isEmpty())
              .findFirst()
              .orElse(output.toString());
      console.red("  failed: " + cut(why) + took + "\n");
      return;
    }
    if (output.has("exit_code")) {
      String exit = "  exit " + Console.at(output, "exit_code") + took + "\n";
      if (output.path("exit_code").asInt(0) == 0) {
        console.dim(exit);
      } else {
        console.red(exit);
      }
      tail(Console.at(output, "output"));
      return;
    }
    if (output.has("chat_id")) {
      agent(output, took);
      return;
    }
    String diff = diffs(output);
    if (!diff.isEmpty()) {
      diff(diff);
      return;
    }
    String summary =
        Stream.of("name", "status", "path", "title")
            .map(member -> Console.at(output, member))
            .filter(text -> !text.isEmpty())
            .reduce((a, b) -> a + " · " + b)
            .orElse("done");
    console.dim("  " + cut(summary) + took + "\n");
  }

  /// What became of a sub-agent, and what it says.
  private void agent(JsonNode output, String took) {
    String id = Console.at(output, "chat_id");
    String title = Console.at(output, "title");
    if (!title.isEmpty()) {
      agents.put(id, title);
    }
    boolean late = output.path("timed_out").asBoolean(false);
    String status = Console.at(output, "status") + (late ? ", works on" : "");
    console.dim("  " + cut(agents.getOrDefault(id, id)) + " · " + status + took + "\n");
    if (output.has("answer")) {
      tail(Console.at(output, "answer"));
    }
  }

  private static String took(JsonNode part) {
    return part.has("duration_ms")
        ? " in %.1f s".formatted(part.path("duration_ms").asDouble(0) / 1000)
        : "";
  }

  /// What a call is about: its command, its path, its sub-agent, or its arguments.
  private String about(JsonNode input) {
    if (input.has("prompt")) {
      String title = Console.at(input, "title");
      return cut(title.isEmpty() ? Console.at(input, "prompt") : title);
    }
    if (input.has("chat_id")) {
      String id = Console.at(input, "chat_id");
      String message = Console.at(input, "message");
      return cut(agents.getOrDefault(id, id) + (message.isEmpty() ? "" : ": " + message));
    }
    if (input.has("command")) {
      return cut(Console.at(input, "command"));
    }
    if (input.has("path")) {
      return cut(Console.at(input, "path"));
    }
    if (input.has("edits")) {
      List<String> paths =
          input.path("edits").valueStream().map(e -> Console.at(e, "path")).distinct().toList();
      return cut(String.join(", ", paths));
    }
    return input.isEmpty() ? "" : cut(input.toString());
  }

  private void tail(String output) {
    List<String> lines = output.stripTrailing().lines().toList();
    int skipped = Math.max(0, lines.size() - OUTPUT_LINES_MAX);
    if (skipped > 0) {
      console.dim("  … " + skipped + " lines above\n");
    }
    lines.stream().skip(skipped).forEach(line -> console.dim("  " + cut(line) + "\n"));
  }

  private static String diffs(JsonNode output) {
    if (output.has("diff")) {
      return Console.at(output, "diff");
    }
    return output
        .path("files")
        .valueStream()
        .map(file -> Console.at(file, "diff"))
        .filter(diff -> !diff.isEmpty())
        .reduce("", (a, b) -> a + b + "\n");
  }

  private void diff(String diff) {
    List<String> changes =
        diff.lines()
            .filter(line -> line.startsWith("+") || line.startsWith("-"))
            .filter(line -> !line.startsWith("+++") && !line.startsWith("---"))
            .toList();
    for (String line : changes.subList(0, Math.min(changes.size(), DIFF_LINES_MAX))) {
      if (line.startsWith("+")) {
        console.green("  " + cut(line) + "\n");
      } else {
        console.red("  " + cut(line) + "\n");
      }
    }
    if (changes.size() > DIFF_LINES_MAX) {
      console.dim("  … " + (changes.size() - DIFF_LINES_MAX) + " more changed lines\n");
    }
  }

  private static String cut(String text) {
    String line = text.strip().replace("\n", " ⏎ ");
    return line.length() <= WIDTH_MAX ? line : line.substring(0, WIDTH_MAX - 1) + "…";
  }
}
