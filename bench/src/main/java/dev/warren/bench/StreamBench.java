package dev.warren.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// From the provider's socket to a subscriber: latency and CPU of an event through the control
/// plane, beside nginx, which proxies the same stream. Paced: many streams as fast as models speak.
/// Blast: few streams as fast as they go.
final class StreamBench implements Benchmark {
  static final int EVENTS_PER_SECOND = 20;
  private static final Duration WINDOW = Duration.ofSeconds(10);

  /// Subscribers connect while the model waits.
  private static final int WAIT_MS = 3_000;

  /// Rounds of the fast streams before anything is measured: the JVM compiles meanwhile.
  private static final int WARM_UPS = 4;

  private static final int BLAST_STREAMS = 16;
  private static final int BLAST_EVENTS = 20_000;

  @Override
  public String name() {
    return "stream";
  }

  /// Answers `blast` and `warm` fast, `idle` shortly, and all else at the pace of models.
  static String script() {
    int paced = EVENTS_PER_SECOND * 90;
    return """
    {"rules": [
      {"when": {"last_user": "blast"}, "turns": [[{"wait_ms": %1$d},
        {"repeat": {"count": %2$d, "stamp": true, "batch": 8}}]]},
      {"when": {"last_user": "warm"}, "turns": [[{"wait_ms": %1$d},
        {"repeat": {"count": 2000, "stamp": true, "per_second": 400}}]]},
      {"when": {"last_user": "idle"}, "turns": [[{"text": "Hello."}]]},
      {"turns": [[{"wait_ms": %1$d},
        {"repeat": {"count": %3$d, "stamp": true, "per_second": %4$d}}]]}]}
    """
        .formatted(WAIT_MS, BLAST_EVENTS, paced, EVENTS_PER_SECOND);
  }

  @Override
  public void run(Path folder) {
    try (ScriptedProcess model = new ScriptedProcess(folder, script());
        Nginx nginx = new Nginx(folder, model.port());
        Warren warren = new Warren(folder)) {
      warren.useModel(model.url());
      List<StreamWay> ways = StreamWay.all(model, nginx, warren);
      warmUp(ways);
      for (int streams : List.of(100, 500)) {
        new PacedStreams(streams, EVENTS_PER_SECOND, WINDOW).measure(ways, warren, () -> {});
      }
      blast(ways, warren);
    }
  }

  /// Both sides' code is compiled before it is measured: by fast streams, and by the pace of
  /// models, which takes other ways through the code.
  static void warmUp(List<StreamWay> ways) {
    for (StreamWay way : ways) {
      for (int round = 0; round < WARM_UPS; round++) {
        warmUp(way, round % 2 == 0 ? "blast" : "warm");
      }
    }
  }

  private static void warmUp(StreamWay way, String prompt) {
    try (Subscribers subscribers = new Subscribers()) {
      for (int i = 0; i < BLAST_STREAMS; i++) {
        way.open(subscribers, prompt);
      }
      subscribers.await("the warm-up of " + way.name(), () -> subscribers.ended() == BLAST_STREAMS);
    }
  }

  private static void blast(List<StreamWay> ways, Warren warren) {
    Table table =
        new Table(
            BLAST_STREAMS + " streams of " + BLAST_EVENTS + " events as fast as they go",
            "path",
            "events/s",
            "CPU µs/event",
            "PostgreSQL µs/event");
    for (StreamWay way : ways) {
      try (Subscribers subscribers = new Subscribers()) {
        List<Long> pids = way.pids().get();
        boolean ours = way.name().equals("warren");
        List<Long> database = ours ? warren.databasePids() : List.of();
        long cpu = ProcStat.cpuMicros(pids);
        long databaseCpu = ProcStat.cpuMicros(database);
        for (int i = 0; i < BLAST_STREAMS; i++) {
          way.open(subscribers, "blast");
        }
        subscribers.await("the end of " + way.name(), () -> subscribers.ended() == BLAST_STREAMS);
        double count = (double) BLAST_STREAMS * BLAST_EVENTS;
        table.row(
            way.name(),
            Table.number(count / subscribers.seconds()),
            pids.isEmpty() ? "" : Table.number((ProcStat.cpuMicros(pids) - cpu) / count),
            ours ? Table.number((ProcStat.cpuMicros(database) - databaseCpu) / count) : "");
      }
    }
    table.print(System.out);
  }
}
