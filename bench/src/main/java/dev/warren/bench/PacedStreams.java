package dev.warren.bench;

import java.time.Duration;
import java.util.List;

/// Many streams as fast as models speak, each with one subscriber, through one way after the other.
///
/// @param streams at once
/// @param eventsPerSecond of each
/// @param window that is measured
record PacedStreams(int streams, int eventsPerSecond, Duration window) {
  /// Prints a row a way.
  ///
  /// @param meanwhile runs while the control plane's streams run, after they were measured
  void measure(List<StreamWay> ways, Warren warren, Runnable meanwhile) {
    Table table =
        new Table(
            "%d streams of %d events/s each, one subscriber a stream"
                .formatted(streams, eventsPerSecond),
            "path",
            "events/s",
            "p50 ms",
            "p99 ms",
            "added p50 ms",
            "CPU µs/event",
            "PostgreSQL µs/event");
    double base = 0;
    for (StreamWay way : ways) {
      boolean ours = way.name().equals("warren");
      try (Subscribers subscribers = new Subscribers()) {
        for (int i = 0; i < streams; i++) {
          way.open(subscribers, "paced " + i);
        }
        subscribers.await("streams through " + way.name(), () -> subscribers.begun() == streams);
        List<Long> pids = way.pids().get();
        List<Long> database = ours ? warren.databasePids() : List.of();
        long cpu = ProcStat.cpuMicros(pids);
        long databaseCpu = ProcStat.cpuMicros(database);
        long events = subscribers.events();
        subscribers.sampling(true);
        Program.pause(window);
        subscribers.sampling(false);
        double count = Math.max(1, subscribers.events() - events);
        double cpuMicros = ProcStat.cpuMicros(pids) - cpu;
        double databaseMicros = ProcStat.cpuMicros(database) - databaseCpu;
        double p50 = subscribers.latencyMs(0.5);
        base = way.isBare() ? p50 : base;
        table.row(
            way.name(),
            Table.number(count / window.toSeconds()),
            Table.number(p50),
            Table.number(subscribers.latencyMs(0.99)),
            way.isBare() ? "" : Table.number(p50 - base),
            way.isBare() ? "" : Table.number(cpuMicros / count),
            ours ? Table.number(databaseMicros / count) : "");
        if (ours) {
          meanwhile.run();
        }
      }
      way.stop().run();
    }
    table.print(System.out);
  }
}
