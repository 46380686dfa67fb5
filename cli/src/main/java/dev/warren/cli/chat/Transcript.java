package dev.warren.cli.chat;

import dev.warren.cli.client.Console;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Prints a chat as its events come: each text once, whether it came as deltas, as a committed
/// message or in a snapshot after a broken connection.
final class Transcript {
  private final Console console;
  private final ToolCards cards;

  /// Characters of each part that are on the screen, by message and part.
  private final Map<String, Map<Integer, Integer>> printed = new HashMap<>();

  /// Messages that are wholly on the screen, or that were there before this command.
  private final Set<String> done = new HashSet<>();

  /// The cursor stands behind text without a line's end.
  private boolean midLine;

  /// The part that is being printed, as `message/part`.
  private @Nullable String current;

  Transcript(Console console) {
    this.console = console;
    this.cards = new ToolCards(console);
  }

  /// Messages of an earlier run, not to be printed.
  void skip(JsonNode message) {
    done.add(Console.at(message, "id"));
  }

  void delta(JsonNode delta) {
    String kind = Console.at(delta, "kind");
    String message = Console.at(delta, "message_id");
    if (done.contains(message)) {
      return;
    }
    if (kind.equals("text") || kind.equals("reasoning")) {
      int part = delta.path("part").asInt(0);
      print(message, part, kind, Console.at(delta, "text"));
    }
  }

  /// A message of the history, or the one in flight.
  void message(JsonNode message, boolean committed) {
    String id = Console.at(message, "id");
    if (done.contains(id)) {
      return;
    }
    String role = Console.at(message, "role");
    int index = 0;
    for (JsonNode part : message.path("parts")) {
      switch (Console.at(part, "type")) {
        case "text", "reasoning" -> {
          if (role.equals("assistant")) {
            String text = Console.at(part, "text");
            int shown = printed.getOrDefault(id, Map.of()).getOrDefault(index, 0);
            if (shown < text.length()) {
              print(id, index, Console.at(part, "type"), text.substring(shown));
            }
          }
        }
        case "tool_call" -> {
          if (committed) {
            endLine();
            cards.call(part);
          }
        }
        case "tool_result" -> {
          endLine();
          cards.result(part);
        }
        case "source" -> {
          endLine();
          console.dim("  " + Console.at(part, "title") + " " + Console.at(part, "url") + "\n");
        }
        default -> {
          // A file's bytes are not for a terminal.
        }
      }
      index++;
    }
    if (committed) {
      done.add(id);
      printed.remove(id);
      endLine();
    }
  }

  /// The message in flight is dropped; what is on the screen stays above a note.
  void reset() {
    printed.clear();
    note("the answer broke off and begins again");
  }

  void note(String text) {
    endLine();
    console.dim("  " + text + "\n");
  }

  void endLine() {
    if (midLine) {
      console.line("");
      midLine = false;
    }
    current = null;
  }

  private void print(String message, int part, String kind, String text) {
    if (text.isEmpty()) {
      return;
    }
    String here = message + "/" + part;
    if (!here.equals(current)) {
      endLine();
      current = here;
    }
    if (kind.equals("reasoning")) {
      console.dim(text);
    } else {
      console.text(text);
    }
    printed.computeIfAbsent(message, _ -> new HashMap<>()).merge(part, text.length(), Integer::sum);
    midLine = !text.endsWith("\n");
  }
}
