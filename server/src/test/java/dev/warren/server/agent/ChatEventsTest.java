package dev.warren.server.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.llm.Message;
import dev.warren.llm.ProviderException;
import dev.warren.protocol.Json;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.ChatStatus;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.chat.events.ChatSubscription;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.http.Frame;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class ChatEventsTest {
  @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();

  @TempDir Path folder;
  private AgentFixture agent;

  /// The long answer waits for the reader to come back, so that it is seen in at least 20 pieces.
  private final AtomicInteger connections = new AtomicInteger();

  @BeforeEach
  void start() {
    agent =
        new AgentFixture(
            postgres.database(), List.of(new AgentWorkerTest.FakeCommand(folder.resolve("lines"))));
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  /// Two steps: a long text and two calls, then a longer text; quotes, newlines and emoji in both.
  private void longAnswer(dev.warren.llm.ModelRequest request, AgentFixture.Answer out) {
    boolean first =
        request.messages().stream().noneMatch(message -> message.role() == Message.Role.TOOL);
    String[] deltas = new String[first ? 100 : 300];
    for (int i = 0; i < deltas.length; i++) {
      deltas[i] = "w" + i + (i % 7 == 0 ? "\"\n\\\t" : i % 11 == 0 ? "\uD83D\uDE00" : " ");
    }
    AtomicInteger shown = new AtomicInteger();
    out.slowly(
        deltas,
        () -> {
          int due = ((first ? 0 : 100) + shown.incrementAndGet()) / 20;
          AgentFixture.await("reconnection " + due, () -> connections.get() >= due);
        });
    if (first) {
      out.call("append", Json.STRICT.createObjectNode().put("text", "a"));
      out.call("append", Json.STRICT.createObjectNode().put("text", "b"));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void aReaderThatReconnectsTwentyTimesSeesEveryMessageByteForByte(long seed)
      throws InterruptedException {
    Random random = new Random(seed);
    agent.provider = this::longAnswer;
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "go");
    FollowedChat followed = new FollowedChat();
    while (!followed.status().equals("waiting")) {
      boolean patient = connections.incrementAndGet() > 20;
      int patience = !patient ? 1 + random.nextInt(12) : Integer.MAX_VALUE;
      try (ChatSubscription reader = node.events.subscribe(chat, followed.lastId())) {
        read(reader, followed, patience, random);
      }
    }
    assertThat(connections.get()).isGreaterThanOrEqualTo(20);
    assertThat(followed.snapshots()).isEqualTo(1);
    assertThat(followed.messages().keySet())
        .containsExactlyElementsOf(
            agent.store.history(chat).stream().map(message -> message.id().toString()).toList());
    AgentFixture.await("no feed is left", () -> node.events.open() == 0);
  }

  /// Reads some frames, and may drop the end of what it has got, as a connection that breaks does.
  private static void read(
      ChatSubscription reader, FollowedChat followed, int patience, Random random)
      throws InterruptedException {
    int left = patience;
    while (left > 0 && !followed.status().equals("waiting")) {
      boolean patient = patience == Integer.MAX_VALUE;
      List<Frame> frames = reader.take(patient ? Duration.ofSeconds(10) : Duration.ofMillis(10));
      if (frames.isEmpty() && !patient) {
        return;
      }
      for (Frame frame : frames) {
        if (left-- <= 0 && random.nextBoolean()) {
          return;
        }
        followed.accept(frame.id(), frame.event(), Json.STRICT.readTree(frame.data()));
      }
    }
  }

  private static void readSome(ChatSubscription reader, FollowedChat followed)
      throws InterruptedException {
    for (Frame frame : reader.take(Duration.ofSeconds(10))) {
      followed.accept(frame.id(), frame.event(), Json.STRICT.readTree(frame.data()));
    }
  }

  @Test
  void aReaderWhoComesBackAfterTheTurnGetsTheRestAsDeltas() throws InterruptedException {
    connections.set(100);
    agent.provider = this::longAnswer;
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "go");
    FollowedChat followed = new FollowedChat();
    try (ChatSubscription reader = node.events.subscribe(chat, Optional.empty())) {
      readSome(reader, followed);
    }
    agent.await(chat, ChatStatus.WAITING);
    try (ChatSubscription reader = node.events.subscribe(chat, followed.lastId())) {
      read(reader, followed, Integer.MAX_VALUE, new Random(1));
    }
    assertThat(followed.snapshots()).isEqualTo(1);
    assertThat(followed.messages()).hasSize(agent.store.history(chat).size());
  }

  @Test
  void aReaderOnAnotherReplicaSeesTheSameMessages() throws InterruptedException {
    connections.set(100);
    agent.provider = this::longAnswer;
    AgentFixture.Node owner = agent.node();
    AgentFixture.Node other = new AgentFixture(postgres.database(), List.of()).reader();
    ChatId chat = agent.chat(owner, "go");
    FollowedChat followed = new FollowedChat();
    try (ChatSubscription reader = other.events.subscribe(chat, Optional.empty())) {
      while (!followed.status().equals("waiting")) {
        for (Frame frame : reader.take(Duration.ofMillis(20))) {
          followed.accept(frame.id(), frame.event(), Json.STRICT.readTree(frame.data()));
        }
        for (ChatStore.ChangedChat changed : agent.store.changedWithin(10)) {
          other.hear(changed);
        }
      }
    }
    assertThat(followed.messages()).hasSize(agent.store.history(chat).size());
  }

  @Test
  void aReaderThatDoesNotReadIsLeftBehindAndCatchesUp() throws InterruptedException {
    agent.provider =
        (request, out) -> {
          String[] deltas = new String[6_000];
          java.util.Arrays.fill(deltas, "word ");
          out.text(deltas);
        };
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "go");
    FollowedChat slow = new FollowedChat();
    try (ChatSubscription reader = node.events.subscribe(chat, Optional.empty())) {
      for (Frame frame : reader.take(Duration.ofSeconds(10))) {
        slow.accept(frame.id(), frame.event(), Json.STRICT.readTree(frame.data()));
      }
      agent.await(chat, ChatStatus.WAITING);
      read(reader, slow, Integer.MAX_VALUE, new Random(1));
    }
    assertThat(slow.messages()).hasSize(2);
  }

  @Test
  void anAttemptThatBreaksIsResetForItsReaders() throws InterruptedException {
    AtomicInteger attempts = new AtomicInteger();
    CountDownLatch reading = new CountDownLatch(1);
    agent.provider =
        (request, out) -> {
          if (attempts.incrementAndGet() == 1) {
            reading.await();
            out.begin("lost");
            throw new ProviderException(
                ProviderException.Kind.TRUNCATED, 200, Optional.of(Duration.ofMillis(300)), "cut");
          }
          out.text("kept");
        };
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "go");
    FollowedChat followed = new FollowedChat();
    List<String> events = new ArrayList<>();
    try (ChatSubscription reader = node.events.subscribe(chat, Optional.empty())) {
      while (!followed.status().equals("waiting")) {
        for (Frame frame : reader.take(Duration.ofSeconds(10))) {
          events.add(frame.event());
          followed.accept(frame.id(), frame.event(), Json.STRICT.readTree(frame.data()));
          if (followed.status().equals("running")) {
            reading.countDown();
          }
        }
      }
    }
    assertThat(events).contains("retry", "reset");
    assertThat(followed.resets()).isEqualTo(1);
    assertThat(followed.messages()).hasSize(2);
  }

  @Test
  void anEditTellsReadersWhatIsGone() throws InterruptedException {
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "go");
    agent.await(chat, ChatStatus.WAITING);
    FollowedChat followed = new FollowedChat();
    String before;
    try (ChatSubscription reader = node.events.subscribe(chat, Optional.empty())) {
      readSome(reader, followed);
      before = followed.lastId().orElseThrow();
      assertThat(followed.messages()).hasSize(2);
    }
    ChatMessage first = agent.store.history(chat).getFirst();
    node.transitions.user().edit(chat, first.id(), AgentFixture.user("else").parts());
    agent.await(chat, ChatStatus.WAITING);
    try (ChatSubscription reader = node.events.subscribe(chat, Optional.of(before))) {
      for (Frame frame : reader.take(Duration.ofSeconds(10))) {
        followed.accept(frame.id(), frame.event(), Json.STRICT.readTree(frame.data()));
      }
    }
    assertThat(followed.snapshots()).isEqualTo(1);
    assertThat(List.copyOf(followed.messages().keySet()))
        .isEqualTo(
            agent.store.history(chat).stream().map(message -> message.id().toString()).toList());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aChangeInMidAnswerDoesNotMakeAReaderForgetWhereItIs(boolean away) throws Exception {
    CountDownLatch shown = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    agent.provider = pausing(shown, go);
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "go");
    assertThat(shown.await(20, TimeUnit.SECONDS)).isTrue();
    FollowedChat followed = new FollowedChat();
    try (ChatSubscription reader = node.events.subscribe(chat, Optional.empty())) {
      readUntil(reader, followed, "snapshot");
      if (!away) {
        node.transitions.user().send(chat, AgentFixture.user("next"), false);
        readUntil(reader, followed, "queue");
      }
    }
    if (away) {
      node.transitions.user().send(chat, AgentFixture.user("next"), false);
      try (ChatSubscription reader = node.events.subscribe(chat, followed.lastId())) {
        readUntil(reader, followed, "queue");
      }
    }
    assertThat(followed.inFlight()).isEqualTo("early ");
    try (ChatSubscription reader = node.events.subscribe(chat, followed.lastId())) {
      go.countDown();
      read(reader, followed, Integer.MAX_VALUE, new Random(1));
    }
    assertThat(followed.snapshots()).isEqualTo(1);
    assertThat(followed.resets()).isZero();
    assertThat(followed.messages()).hasSize(4);
  }

  /// An answer in two pieces, the second when it may go on.
  private static AgentFixture.ScriptedProvider pausing(CountDownLatch shown, CountDownLatch go) {
    return (request, out) ->
        out.slowly(
            new String[] {"early ", "late"},
            () -> {
              shown.countDown();
              try {
                go.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private static void readUntil(ChatSubscription reader, FollowedChat followed, String event)
      throws InterruptedException {
    for (boolean seen = false; !seen; ) {
      for (Frame frame : reader.take(Duration.ofSeconds(10))) {
        followed.accept(frame.id(), frame.event(), Json.STRICT.readTree(frame.data()));
        seen |= frame.event().equals(event);
      }
    }
  }

  @Test
  void whatRunsIsInTheSnapshotOfALateReader() throws InterruptedException {
    CountDownLatch shown = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    agent.provider = pausing(shown, go);
    AgentFixture.Node node = agent.node();
    ChatId chat = agent.chat(node, "go");
    assertThat(shown.await(20, TimeUnit.SECONDS)).isTrue();
    FollowedChat followed = new FollowedChat();
    try (ChatSubscription reader = node.events.subscribe(chat, Optional.empty())) {
      List<Frame> first = reader.take(Duration.ofSeconds(10));
      assertThat(new String(first.getFirst().data(), java.nio.charset.StandardCharsets.UTF_8))
          .contains("\"in_flight\":{")
          .contains("early ");
      first.forEach(f -> followed.accept(f.id(), f.event(), Json.STRICT.readTree(f.data())));
      go.countDown();
      read(reader, followed, Integer.MAX_VALUE, new Random(1));
    }
    assertThat(followed.messages()).hasSize(2);
  }
}
