package dev.warren.server.agent;

import dev.warren.llm.Completion;
import dev.warren.llm.ModelRequest;
import dev.warren.llm.Part;
import dev.warren.llm.Provider;
import dev.warren.llm.StreamEvent;
import dev.warren.llm.Usage;
import dev.warren.protocol.Json;
import dev.warren.protocol.UuidV7;
import dev.warren.server.access.UserId;
import dev.warren.server.agent.AgentSources.AgentSettings;
import dev.warren.server.approval.ApprovalRules;
import dev.warren.server.chat.Budget;
import dev.warren.server.chat.BudgetStore;
import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.ChatSignals;
import dev.warren.server.chat.ChatStatus;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.chat.ChatTransitions;
import dev.warren.server.chat.InstructionsStore;
import dev.warren.server.chat.LedgerStore;
import dev.warren.server.chat.MessageDraft;
import dev.warren.server.chat.NewChat;
import dev.warren.server.chat.RecordedWorkStore;
import dev.warren.server.chat.StoredPart;
import dev.warren.server.chat.events.ChatEvents;
import dev.warren.server.chat.events.LiveSource;
import dev.warren.server.chat.events.TapStream;
import dev.warren.server.db.Database;
import dev.warren.server.model.ModelId;
import dev.warren.server.replica.Replica;
import dev.warren.server.replica.ReplicaAddress;
import dev.warren.server.replica.ReplicaId;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolRegistry;
import dev.warren.server.tool.orchestration.OrchestrationTools;
import dev.warren.tunnel.NodeIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Control planes without HTTP, on one database, with a model that a test writes.
final class AgentFixture implements AutoCloseable {
  static final Duration WAIT = Duration.ofSeconds(20);

  final Database database;
  final UserId user = new UserId(UuidV7.next());
  final ChatStore store;
  final LedgerStore ledger;
  volatile ScriptedProvider provider = (request, out) -> out.text("Hello.");
  volatile AgentLimits limits = AgentLimits.DEFAULT;
  volatile AgentSettings settings =
      new AgentSettings("", Set.of(), 500, Optional.empty(), false, ApprovalRules.NONE);
  volatile long contextLimit = 200_000;

  /// Of each answer, in dollars.
  volatile Optional<BigDecimal> cost = Optional.empty();

  final ModelId modelId = new ModelId(UuidV7.next());
  volatile FakeInstructions instructions = new FakeInstructions();
  private final List<Tool<?>> tools;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Node> all = new CopyOnWriteArrayList<>();
  private volatile boolean linked;

  AgentFixture(Database database, List<Tool<?>> tools) {
    this.database = database;
    this.tools = tools;
    this.store = new ChatStore(database);
    this.ledger = new LedgerStore(database);
    insert(user);
  }

  private void insert(UserId id) {
    database.use(handle ->
        handle.execute(
            "INSERT INTO users (id, email, username, role) VALUES (?, ?, ?, 'member')",
            id.value(),
            id + "@example.org",
            "u" + id));
  }

  UserId anotherUser() {
    UserId id = new UserId(UuidV7.next());
    insert(id);
    return id;
  }

  /// Whether the user's first message is this.
  static boolean says(ModelRequest request, String text) {
    return request.messages().getFirst().parts().getFirst() instanceof Part.Text part
        && part.text().equals(text);
  }

  /// Answers a request, part by part.
  interface ScriptedProvider {
    void answer(ModelRequest request, Answer answer) throws InterruptedException;
  }

  /// An answer as a test writes it.
  static final class Answer {
    private final Consumer<StreamEvent> events;
    private final List<Part> parts = new ArrayList<>();
    private boolean calls;
    private Usage usage = new Usage(100, 10, 0, 0, 0);

    Answer(Consumer<StreamEvent> events) {
      this.events = events;
    }

    Answer text(String... deltas) {
      int part = parts.size();
      for (String delta : deltas) {
        events.accept(new StreamEvent.Delta(part, StreamEvent.Kind.TEXT, delta));
      }
      return done(Part.Text.of(String.join("", deltas)));
    }

    /// A text with a pause after each delta.
    void slowly(String[] deltas, Runnable pause) {
      int part = parts.size();
      for (String delta : deltas) {
        events.accept(new StreamEvent.Delta(part, StreamEvent.Kind.TEXT, delta));
        pause.run();
      }
      done(Part.Text.of(String.join("", deltas)));
    }

    /// A delta of a text that [#text] never ends.
    void begin(String delta) {
      events.accept(new StreamEvent.Delta(parts.size(), StreamEvent.Kind.TEXT, delta));
    }

    Answer call(String name, ObjectNode input) {
      calls = true;
      String raw = input.toString();
      var id = UuidV7.next();
      events.accept(new StreamEvent.ToolCallStarted(parts.size(), id, name));
      events.accept(new StreamEvent.Delta(parts.size(), StreamEvent.Kind.TOOL_INPUT, raw));
      return done(new Part.ToolCall(id, name, input, raw, false, Optional.empty()));
    }

    /// What is billed, cached or not.
    Answer usage(long inputTokens, long outputTokens) {
      usage = new Usage(inputTokens, outputTokens, 0, 0, 0);
      return this;
    }

    private Answer done(Part part) {
      events.accept(new StreamEvent.PartDone(parts.size(), part));
      parts.add(part);
      return this;
    }

    Completion completion() {
      return new Completion(
          parts, calls ? Completion.StopReason.TOOL_USE : Completion.StopReason.STOP, usage);
    }
  }

  /// One replica.
  final class Node {
    /// As the poll does.
    void hear(ChatStore.ChangedChat changed) {
      signals.heard(
          new ChatSignals.Signal(
              changed.id(), changed.owner(), changed.version(), Optional.empty()));
    }

    final ChatSignals signals = new ChatSignals();
    final ChatTransitions transitions = new ChatTransitions(database, signals);
    final ChatEvents events = new ChatEvents(store, new OtherNodes(this));
    final Replica replica =
        new Replica(
            database, ReplicaAddress.of(Optional.empty(), NodeIdentity.generate().publicKey()));
    final AgentWorker worker;

    private Node() {
      signals.add(events);
      all.add(this);
      signals.add((signal, here) -> {
        if (here && linked) {
          all.stream().filter(node -> node != this).forEach(node -> node.signals.heard(signal));
        }
      });
      Provider model =
          new Provider() {
            @Override
            public Completion stream(ModelRequest request, Consumer<StreamEvent> sink)
                throws InterruptedException {
              Answer answer = new Answer(sink);
              provider.answer(request, answer);
              return answer.completion();
            }

            @Override
            public void close() {}
          };
      worker =
          new AgentWorker(
              store,
              transitions,
              ledger,
              new RecordedWorkStore(database),
              new BudgetStore(database),
              new InstructionsStore(database),
              events,
              signals,
              new ToolRegistry(
                  Stream.concat(
                          tools.stream(),
                          OrchestrationTools.all(
                              store, ledger, transitions.subAgents(), signals, new NoLookups())
                              .stream())
                      .toList()),
              new AgentSources(
                  (wanted, who) -> model(wanted.orElse(modelId), model),
                  () -> settings,
                  (file, who) -> Optional.empty(),
                  instructions),
              replica,
              () -> limits,
              Clock.systemUTC());
    }
  }

  private AgentModel model(ModelId id, Provider provider) {
    return new AgentModel(
        id,
        provider,
        id.equals(modelId) ? "fake" : "other",
        contextLimit,
        Optional.empty(),
        Optional.empty(),
        Json.STRICT.createObjectNode(),
        usage -> cost);
  }

  /// What one node hears of the others' text in flight.
  private final class OtherNodes implements LiveSource {
    private final Node self;

    private OtherNodes(Node self) {
      this.self = self;
    }

    @Override
    public boolean isHere(ReplicaId owner) {
      return self.replica.is(owner);
    }

    @Override
    public InputStream open(ReplicaId owner, ChatId chat) throws IOException {
      for (Node node : all) {
        if (linked && node.replica.is(owner)) {
          return TapStream.open(node.events, chat);
        }
      }
      throw new IOException("replica " + owner + " is not reached");
    }
  }

  /// Lets nodes reach each other: wake-ups and text in flight. Until then they meet in the database
  /// alone.
  void link() {
    linked = true;
  }

  /// A replica that works on nothing.
  Node reader() {
    return new Node();
  }

  Node node() {
    Node node = new Node();
    node.worker.start();
    nodes.add(node);
    return node;
  }

  /// Chats that the replicas work on.
  int running() {
    return nodes.stream().mapToInt(node -> node.worker.running()).sum();
  }

  ChatId chat(Node node, String text) {
    return chat(node, user, text);
  }

  ChatId chat(Node node, UserId owner, String text) {
    ChatId id = new ChatId(UuidV7.next());
    node.transitions
        .user()
        .create(
            new NewChat(
                id,
                owner,
                text,
                Chat.TitleSource.PROMPT,
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                0,
                Budget.NONE),
            user(text));
    return id;
  }

  static MessageDraft user(String text) {
    return MessageDraft.user(List.of(StoredPart.Text.of(text)), Optional.empty());
  }

  Chat await(ChatId id, ChatStatus status) {
    await("chat is " + status, () -> store.find(id).orElseThrow().status() == status);
    return store.find(id).orElseThrow();
  }

  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + WAIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited " + WAIT + " in vain until " + what);
      }
      try {
        java.util.concurrent.TimeUnit.MILLISECONDS.sleep(5);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /// `role: text` of each message; tool results as their JSON.
  List<String> transcript(ChatId id) {
    return store.history(id).stream()
        .map(message -> message.role() + ": " + text(message))
        .toList();
  }

  static String text(ChatMessage message) {
    StringBuilder text = new StringBuilder();
    for (StoredPart part : message.parts()) {
      switch (part) {
        case StoredPart.Text it -> text.append(it.text());
        case StoredPart.ToolCall it -> text.append('<').append(it.name()).append('>');
        case StoredPart.ToolResult it -> text.append(it.output());
        default -> text.append('?');
      }
    }
    return text.toString();
  }

  @Override
  public void close() {
    nodes.forEach(node -> node.worker.close());
  }
}
