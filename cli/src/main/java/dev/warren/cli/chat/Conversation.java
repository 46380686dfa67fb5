package dev.warren.cli.chat;

import dev.warren.cli.client.Api;
import dev.warren.cli.client.Console;
import dev.warren.cli.client.Failure;
import dev.warren.cli.client.Interrupts;
import dev.warren.cli.client.Keyboard;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// One chat as a client follows it: sends what is typed, prints what comes, knows when it is the
/// user's turn. The main thread reads the events; the keyboard's thread and Ctrl-C only send.
final class Conversation {
  private static final int EXIT_OK = 0;

  /// What a shell reports for a program that Ctrl-C ended.
  private static final int EXIT_INTERRUPTED = 130;

  /// Statuses in which the agent does nothing until somebody acts.
  private static final Set<String> IDLE = Set.of("waiting", "error", "requires_action");

  private final Api api;
  private final Console console;
  private final Transcript transcript;
  private final boolean json;
  private final AtomicBoolean interrupted = new AtomicBoolean();

  private @Nullable String modelId;
  private @Nullable String workspaceId;
  private volatile @Nullable String chatId;
  private volatile String status = "";
  private volatile int queued;
  private String lastError = "";
  private boolean firstSnapshot = true;
  private boolean existed;

  Conversation(Api api, Console console, boolean json) {
    this.api = api;
    this.console = console;
    this.transcript = new Transcript(console);
    this.json = json;
  }

  void useModel(String id) {
    modelId = id;
  }

  void useWorkspace(String id) {
    workspaceId = id;
  }

  /// Goes on with a chat that is there.
  void resume(String id) {
    api.get("/chats/" + id);
    chatId = id;
    existed = true;
    if (workspaceId != null) {
      api.patch("/chats/" + id, Map.of("workspace_id", workspaceId));
    }
  }

  /// One prompt, or none to follow what runs: ends with the turn.
  int once(String prompt) {
    if (!prompt.isBlank()) {
      send(prompt);
    }
    Interrupts.handle(this::onInterrupt);
    try (EventStream events = events()) {
      do {
        show(events.next());
      } while (busy());
    }
    transcript.endLine();
    if (!json && !existed) {
      console.dim("chat " + chatId + "\n");
    }
    return end();
  }

  /// A chat with somebody at the keyboard: lines are sent as they are typed.
  int interact(String prompt) {
    Interrupts.handle(this::onInterrupt);
    Keyboard keyboard = new Keyboard();
    if (!prompt.isBlank()) {
      console.bold("> " + prompt + "\n");
      send(prompt);
    }
    while (chatId == null) {
      console.bold("> ");
      Optional<String> line = keyboard.next();
      if (line.isEmpty()) {
        return EXIT_OK;
      }
      if (!line.get().isBlank()) {
        send(line.get());
      }
    }
    keyboard.start(line -> send(line), this::leave);
    try (EventStream events = events()) {
      while (true) {
        boolean wasBusy = busy();
        show(events.next());
        if (!busy() && (wasBusy || existed)) {
          existed = false;
          yourTurn();
        }
      }
    }
  }

  private EventStream events() {
    return new EventStream(
        api,
        chatId(),
        () -> {
          if (!json) {
            transcript.note("reconnecting");
          }
        });
  }

  private void yourTurn() {
    transcript.endLine();
    if (status.equals("error")) {
      console.red("  " + lastError + "\n");
    }
    if (status.equals("requires_action")) {
      transcript.note("waits for an approval: decide in the page");
    }
    interrupted.set(false);
    console.bold("> ");
  }

  private int end() {
    if (status.equals("error")) {
      throw new Failure(lastError.isEmpty() ? "the chat ended in an error" : lastError);
    }
    if (status.equals("requires_action")) {
      throw new Failure("the chat waits for an approval: decide in the page");
    }
    if (interrupted.get()) {
      throw new Failure("interrupted");
    }
    return EXIT_OK;
  }

  private boolean busy() {
    return !IDLE.contains(status) || (queued > 0 && status.equals("waiting"));
  }

  private String chatId() {
    String id = chatId;
    if (id == null) {
      throw new IllegalStateException("no chat yet");
    }
    return id;
  }

  private void send(String text) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("content", List.of(Map.of("type", "text", "text", text)));
    if (modelId != null) {
      body.put("model_id", modelId);
    }
    if (chatId == null) {
      if (workspaceId != null) {
        body.put("workspace_id", workspaceId);
      }
      JsonNode chat = api.postOnce("/chats", body);
      status = "pending";
      chatId = Console.at(chat, "id");
      return;
    }
    JsonNode answer = api.postOnce("/chats/" + chatId() + "/messages", body);
    if (answer.has("message")) {
      status = "pending";
    } else if (!json && console.interactive()) {
      transcript.note("queued");
    }
  }

  private void show(Event event) {
    JsonNode data = event.data();
    switch (event.name()) {
      case "snapshot" -> snapshot(data);
      case "status" -> {
        status = Console.at(data, "status");
        lastError = error(data.path("last_error"));
      }
      case "queue" -> queued = (data.has("queued") ? data.path("queued") : data).size();
      default -> {
        // Only for the screen.
      }
    }
    if (json) {
      console.json(
          JsonNodeFactory.instance
              .objectNode()
              .put("id", event.id())
              .put("event", event.name())
              .set("data", data));
      return;
    }
    switch (event.name()) {
      case "message" -> transcript.message(data, true);
      case "delta" -> transcript.delta(data);
      case "reset" -> transcript.reset();
      case "retry" ->
          transcript.note(
              "%s: trying again in %.0f s"
                  .formatted(Console.at(data, "reason"), data.path("in_ms").asDouble(0) / 1000));
      case "compacting" -> transcript.note("summarising what was said so far");
      default -> {
        // Status, queue, title and usage have no line of their own.
      }
    }
  }

  /// On the first snapshot of an earlier chat, its history is not printed again.
  private void snapshot(JsonNode data) {
    status = Console.at(data.path("chat"), "status");
    lastError = error(data.path("chat").path("last_error"));
    queued = data.path("queued").size();
    if (json) {
      return;
    }
    List<JsonNode> messages = data.path("messages").valueStream().toList();
    int lastUser = -1;
    for (int i = 0; i < messages.size(); i++) {
      if (Console.at(messages.get(i), "role").equals("user")) {
        lastUser = i;
      }
    }
    for (int i = 0; i < messages.size(); i++) {
      if (firstSnapshot && existed && i < lastUser) {
        transcript.skip(messages.get(i));
      } else {
        transcript.message(messages.get(i), true);
      }
    }
    if (data.has("in_flight")) {
      transcript.message(data.path("in_flight"), false);
    }
    firstSnapshot = false;
  }

  private static String error(JsonNode lastError) {
    return lastError.isObject()
        ? Console.at(lastError, lastError.has("detail") ? "detail" : "message")
        : lastError.asString("");
  }

  /// The first Ctrl-C interrupts the agent, a second one (or one while it waits) leaves.
  private void onInterrupt() {
    if (chatId == null || !busy() || !interrupted.compareAndSet(false, true)) {
      leave();
      return;
    }
    try {
      api.post("/chats/" + chatId() + "/interrupt");
    } catch (Failure e) {
      transcript.note("could not interrupt: " + e.plain());
    }
  }

  private void leave() {
    System.out.println();
    Runtime.getRuntime().halt(interrupted.get() ? EXIT_INTERRUPTED : EXIT_OK);
  }
}
