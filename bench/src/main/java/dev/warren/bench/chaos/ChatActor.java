package dev.warren.bench.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/// One person at one chat: sends, edits, interrupts, decides, at random. It remembers what was
/// acknowledged and must still be there at the end.
final class ChatActor implements Runnable {
  /// What a message asks for, by its last word; see [Scripts].
  private static final List<String> PLANS =
      List.of(
          "plain", "commands", "commands", "files", "long", "agents", "asked", "asked", "wrong");

  private final Api api;
  private final Random random;
  private final String name;
  private final String workspaceId;
  private final int actions;
  private final List<String> promised = new ArrayList<>();
  private final Map<String, String> textOfQueued = new HashMap<>();
  private int number;
  private volatile String chatId = "";

  /// @param name begins the words of all its messages
  ChatActor(Api api, long seed, String name, String workspaceId, int actions) {
    this.api = api;
    this.random = new Random(seed);
    this.name = name;
    this.workspaceId = workspaceId;
    this.actions = actions;
  }

  String chatId() {
    return chatId;
  }

  /// The words of messages that were acknowledged and that nothing took back.
  List<String> promised() {
    return List.copyOf(promised);
  }

  @Override
  public void run() {
    String first = word();
    chatId =
        api.post("/chats", Map.of("content", text(first), "workspace_id", workspaceId))
            .good()
            .path("id")
            .asString();
    promised.add(first);
    for (int i = 0; i < actions; i++) {
      TcpGate.pause(Duration.ofMillis(200 + random.nextInt(3_000)));
      act();
    }
  }

  private void act() {
    int dice = random.nextInt(100);
    if (dice < 40) {
      send("queue");
    } else if (dice < 50) {
      decide();
    } else if (dice < 63) {
      send("interrupt");
    } else if (dice < 73) {
      var _ = api.once("POST", path("/interrupt"), Map.of());
    } else if (dice < 85) {
      edit();
    } else if (dice < 92) {
      promote();
    } else if (dice < 96) {
      deleteQueued();
    } else {
      var _ = api.once("POST", path("/compact"), Map.of());
    }
  }

  private void send(String busy) {
    String word = word();
    Api.Answer answer = api.post(path("/messages"), Map.of("content", text(word), "busy", busy));
    if (answer.isGood()) {
      promised.add(word);
      String queued = answer.body().path("queued").path("id").asString("");
      if (!queued.isEmpty()) {
        textOfQueued.put(queued, word);
      }
    } else if (answer.status() != 409) {
      throw new IllegalStateException("send: " + answer);
    }
  }

  /// An edit drops what follows and the queue; one whose answer was lost may have.
  private void edit() {
    JsonNode page = api.get(path("/messages?limit=200")).good();
    List<JsonNode> mine = new ArrayList<>();
    page.path("items")
        .forEach(message -> {
          if (message.path("role").asString().equals("user")
              && !message.path("compressed").asBoolean()) {
            mine.add(message);
          }
        });
    if (mine.isEmpty()) {
      return;
    }
    JsonNode chosen = mine.get(random.nextInt(mine.size()));
    List<String> before =
        mine.stream()
            .filter(message -> message.path("seq").asLong() < chosen.path("seq").asLong())
            .map(ChatActor::words)
            .toList();
    String word = word();
    Optional<Api.Answer> answer =
        api.once(
            "PATCH",
            path("/messages/" + chosen.path("id").asString()),
            Map.of("content", text(word)));
    if (answer.isPresent() && !answer.get().isGood()) {
      return;
    }
    promised.removeIf(
        kept -> before.stream().noneMatch(text -> text.contains(kept.split(" ")[0] + " ")));
    if (answer.isPresent()) {
      promised.add(word);
    }
  }

  /// Allows or denies a call that waits for it; else sends something.
  private void decide() {
    JsonNode asked = api.get(path("/approvals")).good().path("items");
    if (asked.isEmpty()) {
      send("queue");
      return;
    }
    String call = asked.get(random.nextInt(asked.size())).path("call_id").asString();
    String decision = random.nextInt(3) == 0 ? "deny" : "allow";
    var _ = api.once("POST", path("/approvals/" + call), Map.of("decision", decision));
  }

  private void promote() {
    queued()
        .ifPresent(id -> {
          var _ = api.once("POST", path("/queue/" + id + "/promote"), Map.of());
        });
  }

  private void deleteQueued() {
    queued()
        .ifPresent(id -> {
          Optional<Api.Answer> answer = api.once("DELETE", path("/queue/" + id), Map.of());
          if (answer.isEmpty() || answer.get().isGood()) {
            promised.remove(textOfQueued.getOrDefault(id, ""));
          }
        });
  }

  private Optional<String> queued() {
    JsonNode queue = api.get(path("/messages?limit=1")).good().path("queued");
    return queue.isEmpty()
        ? Optional.empty()
        : Optional.of(queue.get(random.nextInt(queue.size())).path("id").asString());
  }

  private String path(String rest) {
    return "/chats/" + chatId + rest;
  }

  private String word() {
    number++;
    return name + "x" + number + " " + PLANS.get(random.nextInt(PLANS.size()));
  }

  private static List<Map<String, String>> text(String word) {
    return List.of(Map.of("type", "text", "text", word));
  }

  static String words(JsonNode message) {
    StringBuilder words = new StringBuilder();
    JsonNode parts = message.has("parts") ? message.path("parts") : message.path("content");
    parts.forEach(part -> words.append(part.path("text").asString("")).append('\n'));
    return words.toString();
  }
}
