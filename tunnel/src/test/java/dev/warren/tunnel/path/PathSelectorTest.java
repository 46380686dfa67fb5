package dev.warren.tunnel.path;

import static dev.warren.tunnel.path.PathSimulation.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.tunnel.path.SimulatedNetwork.Nat;
import dev.warren.tunnel.path.SimulatedNetwork.Weather;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Two path selectors over a network in virtual time. `-Dwarren.seeds=1000` runs more of them; one
/// that fails is named.
final class PathSelectorTest {
  private static final int SEEDS = Integer.getInteger("warren.seeds", 100);
  private static final long MS = PathSimulation.MS;
  private static final Weather FINE = new Weather(0, 0, 10 * MS, MS, 1_500);

  /// Longest time in which datagrams may be lost though the relay is there: a ping has to leave,
  /// and its answer has to be missed.
  private static final long NOTICED = 5 * SECOND;

  @ParameterizedTest
  @CsvSource({
    "NONE, NONE", "NONE, EASY", "NONE, HARD", "EASY, NONE", "EASY, EASY", "EASY, HARD",
    "HARD, NONE", "HARD, EASY", "HARD, HARD", "BLOCKED, NONE", "NONE, BLOCKED", "EASY, BLOCKED"
  })
  void eachPairOfNatsEndsWhereItCan(Nat one, Nat other) {
    PathSimulation simulation = simulation(1, one, other, FINE);
    simulation.run(PathTimes.SETTLED.toNanos());
    assertThat(simulation.bothDirect()).isEqualTo(SimulatedNetwork.canMeet(one, other));
    assertThat(simulation.dialer.lostPercent(0, simulation.now - SECOND)).isZero();
    assertThat(simulation.target.lostPercent(0, simulation.now - SECOND)).isZero();
  }

  @Test
  void aSilentPathIsDoubledThenLeftAndFoundAgain() {
    PathSimulation simulation = simulation(1, Nat.EASY, Nat.EASY, FINE);
    simulation.run(10 * SECOND);
    assertThat(simulation.bothDirect()).isTrue();
    simulation.network.cut(true);
    simulation.run(NOTICED);
    assertThat(simulation.dialer.selector.route(simulation.now)).isInstanceOf(Route.Both.class);
    simulation.run(3 * SECOND);
    assertThat(simulation.dialer.selector.route(simulation.now)).isEqualTo(Route.RELAYED);
    simulation.network.cut(false);
    simulation.run(PathTimes.RETRY.toNanos() + PathTimes.SETTLED.toNanos());
    assertThat(simulation.bothDirect()).isTrue();
  }

  @Test
  void aBlinkOfHalfASecondChangesNothing() {
    PathSimulation simulation = simulation(1, Nat.NONE, Nat.NONE, FINE);
    simulation.run(10 * SECOND);
    long switches = simulation.dialer.selector.switches();
    simulation.network.cut(true);
    simulation.run(SECOND / 2);
    simulation.network.cut(false);
    simulation.run(5 * SECOND);
    assertThat(simulation.bothDirect()).isTrue();
    assertThat(simulation.dialer.selector.switches()).isEqualTo(switches);
  }

  @Test
  void theAddressThatTheNatGivesAnewIsFound() {
    PathSimulation simulation = simulation(1, Nat.EASY, Nat.NONE, FINE);
    simulation.run(10 * SECOND);
    simulation.network.one.rebind();
    long rebound = simulation.now;
    simulation.run(NOTICED + PathTimes.SETTLED.toNanos());
    assertThat(simulation.bothDirect()).isTrue();
    assertThat(simulation.dialer.lostPercent(rebound + NOTICED, simulation.now - SECOND)).isZero();
    assertThat(simulation.target.lostPercent(rebound + NOTICED, simulation.now - SECOND)).isZero();
  }

  @Test
  void aNodeThatMovesIsFoundAtItsNewPlace() {
    PathSimulation simulation = simulation(1, Nat.NONE, Nat.EASY, FINE);
    simulation.run(10 * SECOND);
    simulation.network.other.move(Nat.EASY);
    simulation.target.selector.networkChanged(simulation.now);
    simulation.run(PathTimes.SETTLED.toNanos());
    assertThat(simulation.bothDirect()).isTrue();
  }

  @Test
  void aNodeThatMovesAndLosesItsRelayIsFoundOnceThatIsBack() {
    PathSimulation simulation = simulation(1, Nat.EASY, Nat.EASY, FINE);
    simulation.run(10 * SECOND);
    simulation.network.other.move(Nat.EASY);
    simulation.target.selector.networkChanged(simulation.now);
    simulation.target.relayUp = false;
    simulation.run(PathTimes.SETTLED.toNanos());
    assertThat(simulation.bothDirect()).isFalse();
    simulation.target.relayUp = true;
    simulation.target.selector.relayBack(simulation.now);
    simulation.run(PathTimes.SETTLED.toNanos());
    assertThat(simulation.bothDirect()).isTrue();
  }

  @Test
  void nothingIsPingedWhileNothingIsSent() {
    PathSimulation simulation = simulation(1, Nat.NONE, Nat.NONE, FINE);
    simulation.run(10 * SECOND);
    simulation.busy(false);
    simulation.run(40 * SECOND);
    assertThat(simulation.dialer.selector.isActive(simulation.now)).isFalse();
    assertThat(simulation.target.selector.isActive(simulation.now)).isFalse();
    assertThat(simulation.dialer.selector.tick(simulation.now)).isEmpty();
  }

  @Test
  void theFirstDatagramAfterALongPauseGoesBothWays() {
    PathSimulation simulation = simulation(1, Nat.EASY, Nat.EASY, FINE);
    simulation.run(10 * SECOND);
    simulation.busy(false);
    simulation.run(300 * SECOND);
    simulation.network.one.rebind();
    simulation.busy(true);
    long woke = simulation.now;
    simulation.run(PathTimes.SETTLED.toNanos());
    assertThat(simulation.dialer.lostPercent(woke, simulation.now - SECOND)).isZero();
    assertThat(simulation.bothDirect()).isTrue();
  }

  @Test
  void datagramsGrowToWhatThePathCarriesAndShrinkWithIt() {
    Weather jumbo = new Weather(0, 0, MS, 0, 9_000);
    PathSimulation simulation =
        new PathSimulation(
            new SimulatedNetwork(new Random(1), Nat.NONE, Nat.NONE, jumbo), new Random(1), 16_000);
    simulation.run(20 * SECOND);
    assertThat(simulation.dialer.selector.payloadBytes()).isEqualTo(8_900);
    simulation.network.weather(FINE);
    simulation.run(20 * SECOND);
    assertThat(simulation.dialer.selector.payloadBytes()).isEqualTo(1_200);
    assertThat(simulation.dialer.lostPercent(simulation.now - 3 * SECOND, simulation.now - SECOND))
        .isZero();
  }

  @Test
  void aPathIsNotLeftForOneThatIsHardlyBetter() {
    PathSimulation simulation =
        simulation(1, Nat.NONE, Nat.NONE, new Weather(0, 0, 10 * MS, 5 * MS, 1_500));
    simulation.run(120 * SECOND);
    assertThat(simulation.dialer.selector.switches()).isEqualTo(1);
  }

  /// Whatever happens: while the relay is there, nothing stays lost for longer than it takes to
  /// notice; in the end, a path that can be is found.
  @Test
  void inAnyWeatherDatagramsGetThrough() {
    for (int seed = 0; seed < SEEDS; seed++) {
      try {
        story(seed);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private static void story(int seed) {
    Random random = new Random(seed);
    Nat one = Nat.values()[random.nextInt(4)];
    Nat other = Nat.values()[random.nextInt(4)];
    Weather weather =
        new Weather(
            random.nextInt(8),
            random.nextInt(5),
            (1 + random.nextInt(80)) * MS,
            random.nextInt(60) * MS,
            1_200 + random.nextInt(2_000));
    PathSimulation simulation =
        new PathSimulation(new SimulatedNetwork(random, one, other, weather), random, 16_000);
    for (int chapter = 0; chapter < 8; chapter++) {
      simulation.run(random.nextLong(20 * SECOND));
      switch (random.nextInt(7)) {
        case 0 -> simulation.network.cut(!simulation.network.isCut());
        case 1 -> simulation.network.one.rebind();
        case 2 -> {
          simulation.network.other.move(other);
          simulation.target.selector.networkChanged(simulation.now);
        }
        case 3 -> {
          simulation.busy(false);
          simulation.run(random.nextLong(60 * SECOND));
          simulation.busy(true);
        }
        case 4 -> {
          simulation.dialer.relayUp = false;
          simulation.run(random.nextLong(5 * SECOND));
          simulation.dialer.relayUp = true;
        }
        case 5 -> simulation.network.weather(weather);
        default -> {
          // A quiet chapter.
        }
      }
      long changed = simulation.now;
      simulation.run(NOTICED + 10 * SECOND);
      double lost =
          Math.max(
              simulation.dialer.lostPercent(changed + NOTICED, simulation.now - SECOND),
              simulation.target.lostPercent(changed + NOTICED, simulation.now - SECOND));
      assertThat(lost)
          .as("lost after chapter %d, %s and %s, %s", chapter, one, other, weather)
          .isLessThan(weather.lost() * 2.5 + 2);
    }
    simulation.network.cut(false);
    simulation.run(PathTimes.RETRY.toNanos() + 3 * PathTimes.SETTLED.toNanos());
    boolean direct =
        !simulation.dialer.selector.isRelayed() && !simulation.target.selector.isRelayed();
    assertThat(direct)
        .as("direct in the end, %s and %s, %s", one, other, weather)
        .isEqualTo(SimulatedNetwork.canMeet(one, other));
  }

  private static PathSimulation simulation(int seed, Nat one, Nat other, Weather weather) {
    return new PathSimulation(
        new SimulatedNetwork(new Random(seed), one, other, weather), new Random(seed), 1_200);
  }
}
