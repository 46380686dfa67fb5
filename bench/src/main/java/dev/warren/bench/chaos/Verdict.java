package dev.warren.bench.chaos;

import dev.warren.protocol.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Holds what was promised against what there is after the storm.
final class Verdict {
  private static final Set<String> IDLE = Set.of("waiting", "error", "requires_action");
  private static final Pattern MARK = Pattern.compile("echo (c\\w+-\\d)");

  private final Api api;
  private final Database database;
  private final Path ran;
  private final List<String> faults = new ArrayList<>();
  private final Map<String, Integer> ended = new HashMap<>();
  private int commands;
  private int unknown;

  Verdict(Api api, Database database, Path ran) {
    this.api = api;
    this.database = database;
    this.ran = ran;
  }

  List<String> faults() {
    return List.copyOf(faults);
  }

  /// How many chats ended in which state.
  Map<String, Integer> ended() {
    return Map.copyOf(ended);
  }

  int commands() {
    return commands;
  }

  /// Calls whose outcome nobody can know.
  int unknown() {
    return unknown;
  }

  static boolean isIdle(JsonNode chat) {
    return IDLE.contains(chat.path("status").asString());
  }

  void chat(ChatActor actor) {
    JsonNode chat = api.get("/chats/" + actor.chatId()).good();
    String status = chat.path("status").asString();
    ended.merge(status, 1, Integer::sum);
    if (!isIdle(chat)) {
      faults.add("chat %s never came to rest: %s".formatted(actor.chatId(), status));
    }
    if (status.equals("error") && chat.path("last_error").asString("").isEmpty()) {
      faults.add("chat " + actor.chatId() + " ended in an error that says nothing");
    }
    JsonNode page = api.get("/chats/" + actor.chatId() + "/messages?limit=200").good();
    StringBuilder all = new StringBuilder();
    StringBuilder said = new StringBuilder();
    Set<String> calls = new HashSet<>();
    Set<String> results = new HashSet<>();
    page.path("items")
        .forEach(message -> {
          all.append(ChatActor.words(message)).append('\n');
          if (message.path("role").asString().equals("user")) {
            said.append(ChatActor.words(message)).append('\n');
          }
          message
              .path("parts")
              .forEach(part -> {
                switch (part.path("type").asString()) {
                  case "tool_call" -> calls.add(part.path("id").asString());
                  case "tool_result" -> {
                    if (!results.add(part.path("id").asString())) {
                      faults.add("chat %s: two results of one call".formatted(actor.chatId()));
                    }
                  }
                  default -> {}
                }
              });
        });
    if (status.equals("waiting") && !calls.equals(results)) {
      faults.add("chat %s: calls %s, results %s".formatted(actor.chatId(), calls, results));
    }
    if (status.equals("requires_action") && asked(actor).isEmpty()) {
      faults.add("chat %s wants an answer, and asks nothing".formatted(actor.chatId()));
    }
    page.path("queued")
        .forEach(queued -> {
          all.append(ChatActor.words(queued)).append('\n');
          said.append(ChatActor.words(queued)).append('\n');
        });
    Set<String> once = new HashSet<>();
    said.toString()
        .lines()
        .filter(line -> !line.isBlank() && !once.add(line))
        .forEach(line ->
            faults.add("chat %s: the message [%s] is there twice".formatted(actor.chatId(), line)));
    if (status.equals("waiting") && !page.path("queued").isEmpty()) {
      faults.add("chat " + actor.chatId() + " waits, with a queue");
    }
    for (String word : actor.promised()) {
      if (!all.toString().contains(word + "\n")) {
        faults.add(
            "chat %s: the acknowledged message [%s] is gone".formatted(actor.chatId(), word));
      }
    }
  }

  private JsonNode asked(ChatActor actor) {
    return api.get("/chats/" + actor.chatId() + "/approvals").good().path("items");
  }

  /// Each command at most once, and the ledger agrees with the file.
  ///
  /// @param prefix of the words of this run
  void commands(String prefix) {
    Map<String, Integer> lines = new HashMap<>();
    try {
      for (String line : Files.exists(ran) ? Files.readAllLines(ran) : List.<String>of()) {
        if (line.startsWith(prefix)) {
          lines.merge(line, 1, Integer::sum);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    commands = lines.size();
    if (commands == 0) {
      faults.add("no command ran at all");
    }
    lines.forEach((mark, times) -> {
      if (times > 1) {
        faults.add("the command %s ran %d times".formatted(mark, times));
      }
    });
    Set<String> known = new HashSet<>();
    for (List<String> row :
        database.rows(
            "SELECT input, state, is_error, result FROM tool_calls WHERE name = 'execute'")) {
      Matcher mark = MARK.matcher(Json.STRICT.readTree(row.getFirst()).asString());
      if (mark.find() && mark.group(1).startsWith(prefix)) {
        known.add(mark.group(1));
        ledger(mark.group(1), row, lines.containsKey(mark.group(1)));
      }
    }
    lines.keySet().stream()
        .filter(mark -> !known.contains(mark))
        .forEach(mark -> faults.add("the command " + mark + " ran, and the ledger has no row"));
  }

  private void ledger(String mark, List<String> row, boolean isThere) {
    String state = row.get(1);
    boolean isError = row.get(2).equals("t");
    unknown += state.equals("unknown") ? 1 : 0;
    if (state.equals("reserved") && isThere) {
      faults.add("the command " + mark + " ran, and the ledger says that it never started");
    }
    if (state.equals("done") && !isError && !isThere) {
      JsonNode result = Json.LENIENT.readTree(row.get(3));
      if (result.path("exit_code").asInt(-1) == 0) {
        faults.add("the ledger says that " + mark + " was done, and it never ran");
      }
    }
  }
}
