package dev.warren.tunnel.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.tunnel.path.Probe.Ping;
import dev.warren.tunnel.path.Probe.Pong;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProbeKeysTest {
  private static final InetSocketAddress SEEN = new InetSocketAddress("192.0.2.9", 51_820);

  private final KeyPair ada = ProbeKeys.generate();
  private final KeyPair bob = ProbeKeys.generate();
  private final ProbeKeys adasForBob = keys(ada, bob);
  private final ProbeKeys bobsForAda = keys(bob, ada);

  @ParameterizedTest
  @ValueSource(ints = {0, 1_200, 1_452, 16_000})
  void aProbeIsOpenedByTheOtherNodeAlone(int bytes) {
    byte[] ping = adasForBob.seal(new Ping(42), bytes);
    assertThat(bobsForAda.open(ping)).contains(new Ping(42));
    assertThat(adasForBob.open(ping)).as("by the node that sealed it").isEmpty();
    assertThat(keys(bob, ProbeKeys.generate()).open(ping)).as("as a third node's").isEmpty();
    assertThat(ping.length).isEqualTo(Math.max(bytes, ping.length));
  }

  @Test
  void aPongSaysWhereThePingCameFrom() {
    assertThat(bobsForAda.open(adasForBob.seal(new Pong(7, SEEN), 0))).contains(new Pong(7, SEEN));
    InetSocketAddress six = new InetSocketAddress("2001:db8::7", 9);
    assertThat(bobsForAda.open(adasForBob.seal(new Pong(-1, six), 0))).contains(new Pong(-1, six));
  }

  @Test
  void aDatagramThatIsAskedForIsExactlySoLong() {
    assertThat(adasForBob.seal(new Ping(1), 1_452)).hasSize(1_452);
  }

  @Test
  void theFirstByteIsNeitherQuicNorStun() {
    assertThat(adasForBob.seal(new Ping(1), 0)[0]).isBetween((byte) 4, (byte) 15);
    assertThat(AddressQuestion.question(1)[0]).isBetween((byte) 4, (byte) 15);
  }

  @Test
  void noBitOfAProbeMayChange() {
    byte[] ping = adasForBob.seal(new Ping(42), 100);
    for (int bit = 0; bit < ping.length * 8; bit++) {
      byte[] bad = ping.clone();
      bad[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(bobsForAda.open(bad)).as("bit %d", bit).isEmpty();
    }
  }

  @Test
  void whatIsNoProbeIsNotOpened() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(80)];
      random.nextBytes(noise);
      if (noise.length > 0 && random.nextBoolean()) {
        noise[0] = ProbeKeys.FIRST_BYTE;
      }
      assertThat(bobsForAda.open(noise)).isEmpty();
      assertThat(AddressQuestion.read(noise).isPresent() && noise[0] != AddressQuestion.ANSWER)
          .isFalse();
    }
  }

  @Test
  void aKeyOfTheWrongLengthOrOrderIsNone() {
    assertThat(ProbeKeys.of(ada, new byte[31])).isEmpty();
    assertThat(ProbeKeys.of(ada, new byte[32])).as("a point of small order").isEmpty();
  }

  @Test
  void aQuestionIsAnsweredWithTheAddressItCameFrom() {
    byte[] answer = AddressQuestion.answer(AddressQuestion.question(5), SEEN).orElseThrow();
    assertThat(AddressQuestion.read(answer)).contains(new AddressQuestion.Answer(5, SEEN));
    assertThat(answer).as("no longer than the question").hasSize(AddressQuestion.BYTES);
    assertThat(AddressQuestion.answer(answer, SEEN)).as("an answer is no question").isEmpty();
  }

  @Test
  void aSequenceCountsOnce() {
    Freshness freshness = new Freshness();
    assertThat(freshness.isFresh(10)).isTrue();
    assertThat(freshness.isFresh(10)).isFalse();
    assertThat(freshness.isFresh(9)).as("late, but new").isTrue();
    for (int i = 11; i < 200; i++) {
      assertThat(freshness.isFresh(i)).isTrue();
    }
    assertThat(freshness.isFresh(9)).as("forgotten, and old").isFalse();
    assertThat(freshness.isFresh(12)).as("forgotten, and old").isFalse();
  }

  private static ProbeKeys keys(KeyPair own, KeyPair peer) {
    return ProbeKeys.of(own, ProbeKeys.publicKey(peer)).orElseThrow();
  }
}
