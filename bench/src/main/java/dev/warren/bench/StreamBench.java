package dev.warren.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// From the provider's socket to a subscriber: latency and CPU of an event through the control
/// plane, beside nginx, which proxies the same stream. Paced: many streams as fast as models speak.
/// Blast: few streams as fast as they go.
final class StreamBench implements Benchmark {
  private static final int EVENTS_PER_SECOND = 20;
  private static final Duration WINDOW = Duration.ofSeconds(10);

  /// Subscribers connect while the model waits.
  private static final int WAIT_MS = 3_000;

  private static final Duration BEGIN_DEADLINE = Duration.ofMinutes(2);

  /// Rounds of the fast streams before anything is measured: the JVM compiles meanwhile.
  private static final int WARM_UPS = 4;

  private static final int BLAST_STREAMS = 16;
  private static final int BLAST_EVENTS = 20_000;

  @Override
  public String name() {
    return "stream";
  }

  private static String script() {
    int paced = EVENTS_PER_SECOND * 90;
    return """
    {"rules": [
      {"when": {"last_user": "blast"}, "turns": [[{"wait_ms": %1$d},
        {"repeat": {"count": %2$d, "stamp": true, "batch": 8}}]]},
      {"when": {"last_user": "warm"}, "turns": [[{"wait_ms": %1$d},
        {"repeat": {"count": 2000, "stamp": true, "per_second": 400}}]]},
      {"turns": [[{"wait_ms": %1$d},
        {"repeat": {"count": %3$d, "stamp": true, "per_second": %4$d}}]]}]}
    """
        .formatted(WAIT_MS, BLAST_EVENTS, paced, EVENTS_PER_SECOND);
  }

  /// A way from the model to its subscribers.
  ///
  /// @param pids whose CPU counts
  /// @param subscribe opens one stream
  /// @param stop ends what streams on without subscribers
  private record Way(
      String name, Supplier<List<Long>> pids, Subscription subscribe, Runnable stop) {}

  private interface Subscription {
    void open(Subscribers subscribers, String prompt);
  }

  @Override
  public void run(Path folder) {
    try (ScriptedProcess model = new ScriptedProcess(folder, script());
        Nginx nginx = new Nginx(folder, model.port());
        Warren warren = new Warren(folder)) {
      warren.useModel(model.url());
      List<Way> ways =
          List.of(
              new Way("no proxy", List::of, direct(model.port()), () -> {}),
              new Way("nginx", nginx::pids, direct(nginx.port()), () -> {}),
              new Way("warren", warren::pids, throughWarren(warren), warren::interruptAll));
      warmUp(ways);
      for (int streams : List.of(100, 500)) {
        paced(ways, warren, streams);
      }
      blast(ways, warren);
    }
  }

  private static Subscription direct(int port) {
    return (subscribers, prompt) -> {
      String body =
          "{\"model\":\"scripted\",\"max_tokens\":1000,\"stream\":true,\"messages\":"
              + "[{\"role\":\"user\",\"content\":\""
              + prompt
              + "\"}]}";
      String request =
          "POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nanthropic-version: 2023-06-01\r\n"
              + "Content-Type: application/json\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body;
      subscribers.add(port, request, "text_delta", "\"message_stop\"");
    };
  }

  private static Subscription throughWarren(Warren warren) {
    return (subscribers, prompt) -> {
      String chat = warren.chat(prompt);
      String request =
          "GET /api/v1/chats/"
              + chat
              + "/events HTTP/1.1\r\nHost: 127.0.0.1:"
              + warren.port()
              + "\r\nAuthorization: Bearer "
              + warren.token()
              + "\r\nAccept: text/event-stream\r\n\r\n";
      subscribers.add(warren.port(), request, "\"text\"", "\"status\":\"waiting\"");
    };
  }

  /// Both sides' code is compiled before it is measured: by fast streams, and by the pace of
  /// models, which takes other ways through the code.
  private static void warmUp(List<Way> ways) {
    for (Way way : ways) {
      for (int round = 0; round < WARM_UPS; round++) {
        warmUp(way, round % 2 == 0 ? "blast" : "warm");
      }
    }
  }

  private static void warmUp(Way way, String prompt) {
    try (Subscribers subscribers = new Subscribers()) {
      for (int i = 0; i < BLAST_STREAMS; i++) {
        way.subscribe.open(subscribers, prompt);
      }
      await("the warm-up of " + way.name, () -> subscribers.ended() == BLAST_STREAMS);
    }
  }

  private static void paced(List<Way> ways, Warren warren, int streams) {
    Table table =
        new Table(
            streams
                + " streams of "
                + EVENTS_PER_SECOND
                + " events/s each, one subscriber a stream",
            "path",
            "events/s",
            "p50 ms",
            "p99 ms",
            "added p50 ms",
            "CPU µs/event",
            "PostgreSQL µs/event");
    double base = 0;
    for (Way way : ways) {
      try (Subscribers subscribers = new Subscribers()) {
        for (int i = 0; i < streams; i++) {
          way.subscribe.open(subscribers, "paced " + i);
        }
        await("streams through " + way.name, () -> subscribers.begun() == streams);
        List<Long> pids = way.pids.get();
        boolean ours = way.name.equals("warren");
        List<Long> database = ours ? warren.databasePids() : List.of();
        long cpu = ProcStat.cpuMicros(pids);
        long databaseCpu = ProcStat.cpuMicros(database);
        long events = subscribers.events();
        subscribers.sampling(true);
        Program.pause(WINDOW);
        subscribers.sampling(false);
        double count = Math.max(1, subscribers.events() - events);
        double p50 = subscribers.latencyMs(0.5);
        base = pids.isEmpty() ? p50 : base;
        table.row(
            way.name,
            Table.number(count / WINDOW.toSeconds()),
            Table.number(p50),
            Table.number(subscribers.latencyMs(0.99)),
            pids.isEmpty() ? "" : Table.number(p50 - base),
            pids.isEmpty() ? "" : Table.number((ProcStat.cpuMicros(pids) - cpu) / count),
            ours ? Table.number((ProcStat.cpuMicros(database) - databaseCpu) / count) : "");
      }
      way.stop.run();
    }
    table.print(System.out);
  }

  private static void blast(List<Way> ways, Warren warren) {
    Table table =
        new Table(
            BLAST_STREAMS + " streams of " + BLAST_EVENTS + " events as fast as they go",
            "path",
            "events/s",
            "CPU µs/event",
            "PostgreSQL µs/event");
    for (Way way : ways) {
      try (Subscribers subscribers = new Subscribers()) {
        List<Long> pids = way.pids.get();
        boolean ours = way.name.equals("warren");
        List<Long> database = ours ? warren.databasePids() : List.of();
        long cpu = ProcStat.cpuMicros(pids);
        long databaseCpu = ProcStat.cpuMicros(database);
        for (int i = 0; i < BLAST_STREAMS; i++) {
          way.subscribe.open(subscribers, "blast");
        }
        await("the end of " + way.name, () -> subscribers.ended() == BLAST_STREAMS);
        double count = (double) BLAST_STREAMS * BLAST_EVENTS;
        table.row(
            way.name,
            Table.number(count / subscribers.seconds()),
            pids.isEmpty() ? "" : Table.number((ProcStat.cpuMicros(pids) - cpu) / count),
            ours ? Table.number((ProcStat.cpuMicros(database) - databaseCpu) / count) : "");
      }
    }
    table.print(System.out);
  }

  private static void await(String what, java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + BEGIN_DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(what + " did not come about in " + BEGIN_DEADLINE);
      }
      Program.pause(Duration.ofMillis(5));
    }
  }
}
