package dev.warren.bench.chaos;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/// Breaks parts of a cluster at random moments, by its seed, and mends all of them at the end.
final class Storm {
  /// A replica that stands still for so long is taken for dead, and wakes up late.
  private static final Duration STANDSTILL = Duration.ofSeconds(7);

  private final Cluster cluster;
  private final Random random;
  private final Map<String, Integer> blows = new LinkedHashMap<>();

  Storm(Cluster cluster, long seed) {
    this.cluster = cluster;
    this.random = new Random(seed);
  }

  /// What was done how often.
  Map<String, Integer> blows() {
    return blows;
  }

  void rage(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() < end) {
      TcpGate.pause(Duration.ofMillis(200 + random.nextInt(1_500)));
      strike();
    }
    cluster.replicas().forEach(replica -> replica.signal("CONT"));
    cluster.awaitReady();
  }

  private void strike() {
    int dice = random.nextInt(100);
    ReplicaProcess replica = cluster.replicas().get(random.nextInt(cluster.replicas().size()));
    if (dice < 32) {
      note("replica killed");
      replica.kill();
      TcpGate.pause(Duration.ofMillis(random.nextInt(2_000)));
      replica.start();
    } else if (dice < 55) {
      note("daemon killed");
      cluster.killDaemon(random.nextInt(cluster.workspaces().size()));
    } else if (dice < 70) {
      note("links cut");
      cluster.gate().cut(0.5);
    } else if (dice < 75) {
      note("replicas' links cut");
      cluster.peerGates().forEach(gate -> gate.cut(0.7));
    } else if (dice < 83) {
      note("database's links cut");
      cluster.database().gate().cut(0.5);
    } else if (dice < 90) {
      note("database killed");
      cluster.database().crash();
    } else if (dice < 95) {
      note("replica stood still");
      replica.signal("STOP");
      TcpGate.pause(STANDSTILL);
      replica.signal("CONT");
    } else {
      note("replica stopped");
      replica.stop();
      replica.start();
    }
  }

  private void note(String blow) {
    blows.merge(blow, 1, Integer::sum);
  }
}
