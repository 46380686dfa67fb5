package dev.warren.tunnel.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FairQueueTest {
  private static final int TURN = 1000;

  private final FairQueue queue = new FairQueue(TURN);
  private final SendBudget much = new SendBudget(1_000_000, 0);
  private final SendBudget little = new SendBudget(1_000_000, 0);

  @Test
  void aSenderOfLittleIsNotHeldUpByOneOfMuch() {
    for (int i = 0; i < 100; i++) {
      queue.add(much, message('m', TURN));
    }
    queue.add(little, message('l', 10));
    assertThat(order(2)).containsExactlyInAnyOrder('m', 'l');
  }

  @Test
  void turnsAreOfEqualBytesAndNotOfEqualMessages() {
    for (int i = 0; i < 40; i++) {
      queue.add(much, message('m', TURN));
      for (int part = 0; part < 10; part++) {
        queue.add(little, message('l', TURN / 10));
      }
    }
    // Eleven messages are a turn of each.
    assertThat(order(110).stream().filter(of -> of == 'm')).hasSizeBetween(9, 11);
  }

  @Test
  void eachSendersMessagesKeepTheirOrder() {
    for (char c = 'a'; c < 'k'; c++) {
      queue.add(c % 2 == 0 ? much : little, message(c, 700));
    }
    List<Character> order = order(10);
    assertThat(order.stream().filter(of -> of % 2 == 0)).isSorted().hasSize(5);
    assertThat(order.stream().filter(of -> of % 2 == 1)).isSorted().hasSize(5);
    assertThat(queue.peek()).isNull();
    assertThatThrownBy(queue::remove).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whoHasMostWaitingLosesItsOldestAndPaysForIt() {
    queue.add(little, message('l', TURN));
    for (char c = 'a'; c < 'f'; c++) {
      queue.add(much, message(c, TURN));
    }
    queue.drop();
    queue.drop();
    assertThat(queue.bytes()).isEqualTo(4L * TURN);
    assertThat(queue.size()).isEqualTo(4);
    assertThat(order(4)).containsExactlyInAnyOrder('l', 'c', 'd', 'e');
    // A quarter of a second's bytes may go at once: these two are forgiven, a hundred are not.
    assertThat(much.debt(0)).isZero();
    much.wasted(100L * TURN);
    assertThat(much.debt(0)).isPositive();
    assertThat(little.debt(0)).isZero();
  }

  private List<Character> order(int count) {
    List<Character> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      assertThat(queue.peek()).isNotNull();
      order.add((char) queue.remove().get(0));
    }
    return order;
  }

  private static ByteBuffer message(char of, int bytes) {
    return ByteBuffer.wrap(new byte[bytes]).put(0, (byte) of);
  }
}
