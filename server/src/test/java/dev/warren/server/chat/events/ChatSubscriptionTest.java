package dev.warren.server.chat.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.UuidV7;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.http.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The two ways in which frames leave a subscription: taken by the reader's thread, and pushed
/// through its outlet.
class ChatSubscriptionTest {
  private static final int FRAMES = 1_500;

  private final ChatSubscription subscription =
      new ChatSubscription(
          new ChatFeed(
              new ChatId(UuidV7.next()),
              new ChatStore(null),
              new LiveFollowers(new NoOtherReplica()),
              feed -> {}),
          Optional.of("start"));

  /// What the reader got, in order. Two writes at a time would mix their frames.
  private final List<String> wire = Collections.synchronizedList(new ArrayList<>());

  private final AtomicBoolean busy = new AtomicBoolean();
  private final AtomicInteger overlaps = new AtomicInteger();

  private static Frame frame(int number) {
    return new Frame(Integer.toString(number), "delta", new byte[] {'{', '}'});
  }

  private void begin(List<Frame> frames) {
    if (!busy.compareAndSet(false, true)) {
      overlaps.incrementAndGet();
    }
    frames.forEach(frame -> wire.add(frame.id()));
  }

  @Test
  void whatIsPushedWhileTheReaderWaitsGoesThroughTheOutlet() throws Exception {
    AtomicBoolean pushed = new AtomicBoolean();
    subscription.outlet((frames, done) -> {
      begin(frames);
      busy.set(false);
      pushed.set(true);
      done.run();
    });
    List<Frame> taken = new CopyOnWriteArrayList<>();
    Thread reader =
        Thread.ofVirtual()
            .start(() -> {
              try {
                taken.addAll(subscription.take(Duration.ofSeconds(20)));
              } catch (InterruptedException e) {
                // Told that the test is over.
              }
            });
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (reader.getState() != Thread.State.TIMED_WAITING) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.onSpinWait();
    }
    subscription.enqueue(frame(0));
    subscription.push();
    reader.interrupt();
    reader.join();
    assertThat(pushed).isTrue();
    assertThat(taken).isEmpty();
    assertThat(wire).isEqualTo(List.of("0"));
  }

  @Test
  void framesKeepTheirOrderAndWritesNeverOverlap() throws Exception {
    for (int seed = 1; seed <= 20; seed++) {
      run(seed);
      assertThat(overlaps.get()).as("overlaps, seed %d", seed).isZero();
      assertThat(wire)
          .as("seed %d", seed)
          .isEqualTo(IntStream.range(0, FRAMES).mapToObj(Integer::toString).toList());
      wire.clear();
    }
  }

  private void run(int seed) throws InterruptedException {
    Random random = new Random(seed);
    subscription.outlet((frames, done) -> {
      begin(frames);
      boolean later;
      synchronized (random) {
        later = random.nextInt(3) == 0;
      }
      Runnable finish =
          () -> {
            busy.set(false);
            done.run();
          };
      if (later) {
        Thread.ofVirtual().start(finish);
      } else {
        finish.run();
      }
    });
    AtomicBoolean stop = new AtomicBoolean();
    Thread reader =
        Thread.ofVirtual()
            .start(() -> {
              try {
                while (!stop.get()) {
                  List<Frame> frames = subscription.take(Duration.ofMillis(1));
                  if (!frames.isEmpty()) {
                    begin(frames);
                    Thread.yield();
                    busy.set(false);
                  }
                }
              } catch (InterruptedException e) {
                overlaps.incrementAndGet();
              }
            });
    for (int i = 0; i < FRAMES; i++) {
      if (i % 7 == 0) {
        subscription.offer(frame(i));
      } else {
        subscription.enqueue(frame(i));
        subscription.push();
      }
    }
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (wire.size() < FRAMES) {
      assertThat(System.nanoTime()).as("deadline, seed %d", seed).isLessThan(deadline);
      Thread.yield();
    }
    stop.set(true);
    reader.join();
  }
}
