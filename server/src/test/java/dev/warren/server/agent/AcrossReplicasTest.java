package dev.warren.server.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.Json;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatStatus;
import dev.warren.server.chat.events.ChatSubscription;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.http.Frame;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Readers on one replica of chats that another one owns: they see the text while it is written.
@Timeout(60)
final class AcrossReplicasTest {
  @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();

  private AgentFixture agent;

  /// A model's delta waits for one of these.
  private final Semaphore deltas = new Semaphore(0);

  @BeforeEach
  void start() {
    agent = new AgentFixture(postgres.database(), List.of());
    agent.link();
    agent.provider = (request, out) -> out.slowly(words(40), deltas::acquireUninterruptibly);
  }

  @AfterEach
  void stop() {
    deltas.release(100_000);
    agent.close();
  }

  private static String[] words(int count) {
    String[] words = new String[count];
    for (int i = 0; i < count; i++) {
      words[i] = "w" + i + (i % 7 == 0 ? "\"\n\\\t" : i % 11 == 0 ? "\uD83D\uDE00" : " ");
    }
    return words;
  }

  /// A reader of a chat at one replica after another, which checks all that it gets.
  private static final class Reader {
    final FollowedChat followed = new FollowedChat();

    void takeInto(ChatSubscription reader, Duration wait) throws InterruptedException {
      for (Frame frame : reader.take(wait)) {
        followed.accept(frame.id(), frame.event(), Json.STRICT.readTree(frame.data()));
      }
    }

    /// Reads until so many words were seen.
    void read(AgentFixture.Node node, ChatId chat, int words) throws InterruptedException {
      try (ChatSubscription reader = node.events.subscribe(chat, followed.lastId())) {
        readOn(reader, words);
      }
    }

    void readOn(ChatSubscription reader, int words) {
      AgentFixture.await(
          words + " words, not " + followed.inFlight(),
          () -> {
            try {
              takeInto(reader, Duration.ofMillis(20));
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return followed.inFlight().contains("w" + (words - 1));
          });
    }

    void readToTheEnd(AgentFixture.Node node, ChatId chat) throws InterruptedException {
      try (ChatSubscription reader = node.events.subscribe(chat, followed.lastId())) {
        while (!followed.status().equals("waiting")) {
          takeInto(reader, Duration.ofSeconds(10));
        }
      }
    }
  }

  @Test
  void aReaderElsewhereSeesTheTextWhileItIsWritten() throws InterruptedException {
    AgentFixture.Node owner = agent.node();
    AgentFixture.Node other = agent.reader();
    ChatId chat = agent.chat(owner, "go");
    Reader reader = new Reader();
    try (ChatSubscription stream = other.events.subscribe(chat, Optional.empty())) {
      for (int i = 1; i <= 40; i++) {
        reader.readOn(stream, i);
        deltas.release(i < 40 ? 1 : 0);
      }
      assertThat(agent.store.find(chat).orElseThrow().status()).isEqualTo(ChatStatus.RUNNING);
      deltas.release(10);
      while (!reader.followed.status().equals("waiting")) {
        reader.takeInto(stream, Duration.ofSeconds(10));
      }
    }
    assertThat(reader.followed.resets()).isZero();
    assertThat(reader.followed.messages()).hasSize(2);
    AgentFixture.await("no feed is left", () -> owner.events.open() + other.events.open() == 0);
  }

  @Test
  void aReaderGoesOnInMidSentenceOnAnyReplica() throws InterruptedException {
    AgentFixture.Node owner = agent.node();
    AgentFixture.Node second = agent.reader();
    AgentFixture.Node third = agent.reader();
    ChatId chat = agent.chat(owner, "go");
    Reader reader = new Reader();
    deltas.release(5);
    reader.read(second, chat, 6);
    deltas.release(5);
    reader.read(owner, chat, 11);
    deltas.release(5);
    reader.read(third, chat, 16);
    deltas.release(5);
    reader.read(second, chat, 21);
    deltas.release(100);
    reader.readToTheEnd(third, chat);
    assertThat(reader.followed.resets()).isZero();
    assertThat(reader.followed.snapshots()).isEqualTo(1);
    assertThat(reader.followed.messages()).hasSize(2);
  }

  @Test
  void whenTheOwnerDiesItsReadersDropWhatWasLostAndGetTheAnswer() throws InterruptedException {
    AtomicInteger attempts = new AtomicInteger();
    agent.provider =
        (request, out) -> {
          boolean isFirst = attempts.incrementAndGet() == 1;
          out.slowly(
              words(20),
              () -> {
                if (isFirst) {
                  deltas.acquireUninterruptibly();
                }
              });
        };
    AgentFixture.Node owner = agent.node();
    AgentFixture.Node reading = agent.reader();
    ChatId chat = agent.chat(owner, "go");
    Reader reader = new Reader();
    deltas.release(5);
    reader.read(reading, chat, 6);
    try (ChatSubscription stream = reading.events.subscribe(chat, reader.followed.lastId())) {
      reader.takeInto(stream, Duration.ofMillis(100));
      agent.node();
      owner.worker.vanish();
      while (!reader.followed.status().equals("waiting")) {
        reader.takeInto(stream, Duration.ofSeconds(20));
      }
    }
    assertThat(reader.followed.resets()).isEqualTo(1);
    assertThat(reader.followed.messages()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aReaderThatWandersBetweenReplicasSeesEveryMessageByteForByte(long seed)
      throws InterruptedException {
    Random random = new Random(seed);
    deltas.release(100_000);
    AtomicInteger steps = new AtomicInteger();
    agent.provider =
        (request, out) ->
            out.slowly(
                words(200),
                () -> {
                  if (steps.incrementAndGet() % 10 == 0) {
                    AgentFixture.await("the reader moves", () -> steps.get() < moves.get() * 25);
                  }
                });
    AgentFixture.Node owner = agent.node();
    List<AgentFixture.Node> all = List.of(owner, agent.reader(), agent.reader());
    ChatId chat = agent.chat(owner, "go");
    Reader reader = new Reader();
    while (!reader.followed.status().equals("waiting")) {
      moves.incrementAndGet();
      AgentFixture.Node node = all.get(random.nextInt(all.size()));
      try (ChatSubscription stream = node.events.subscribe(chat, reader.followed.lastId())) {
        int takes = 1 + random.nextInt(4);
        for (int i = 0; i < takes; i++) {
          reader.takeInto(stream, Duration.ofMillis(30));
        }
      }
    }
    assertThat(reader.followed.resets()).isZero();
    assertThat(reader.followed.messages()).hasSize(2);
  }

  private final AtomicInteger moves = new AtomicInteger();
}
