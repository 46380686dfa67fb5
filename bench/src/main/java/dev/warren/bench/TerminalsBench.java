package dev.warren.bench;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// Many terminals of one workspace, opened, left and asked again, beside as many windows of one
/// tmux; and how fast a long output comes through one terminal to a viewer that takes every byte,
/// beside a bare PTY (`script`) and `ssh -tt`. tmux is no peer of the second: it shows its viewer
/// no more than the screen.
final class TerminalsBench implements Benchmark {
  private static final String DAEMON = "dev.warren.daemon.Main --url";

  /// Terminals that are opened at once.
  private static final int OPENERS = 8;

  private static final int SEQ_LAST = 5_000_000;
  private static final int SEQ_ROUNDS = 3;
  private static final Duration SEQ_DEADLINE = Duration.ofMinutes(3);
  private static final Duration SETTLE = Duration.ofSeconds(5);

  private final int terminals;

  /// @param terminals how many
  TerminalsBench(int terminals) {
    this.terminals = terminals;
  }

  @Override
  public String name() {
    return "terminals";
  }

  @Override
  public void run(Path folder) {
    Table many =
        new Table(
            terminals + " terminals, each a login shell that answers a line",
            "kept by",
            "opened s",
            "p50 ms",
            "p99 ms",
            "all asked again s",
            "threads",
            "resident MiB before",
            "after",
            "heap MiB");
    Table one =
        new Table(
            "seq 1 %d through one terminal, each byte read and checked, best of %d"
                .formatted(SEQ_LAST, SEQ_ROUNDS),
            "through",
            "s",
            "MB/s");
    List<Long> others = ProcStat.named(DAEMON);
    try (Warren warren = new Warren(folder);
        LocalWorkspace workspace = new LocalWorkspace(warren, "bench")) {
      List<Long> daemons = new ArrayList<>(ProcStat.named(DAEMON));
      daemons.removeAll(others);
      try (WarrenTerminals ours = new WarrenTerminals(warren, workspace.id(), daemons.getFirst())) {
        measure(many, "warren's daemon", ours);
        seq(one, "a web terminal beside those", reader -> throughOurs(ours, reader));
      }
    }
    seq(
        one,
        "a bare PTY (script)",
        reader -> through(List.of("script", "-qec", reader.command(), "/dev/null"), reader));
    try (Sshd sshd = new Sshd(folder)) {
      seq(one, "ssh -tt on loopback", reader -> through(sshd.onTerminal(reader.command()), reader));
    }
    try (TmuxTerminals tmux = new TmuxTerminals(folder)) {
      measure(many, "tmux", tmux);
    }
    many.print(System.out);
    one.print(System.out);
  }

  private void measure(Table table, String name, TerminalHost host) {
    Program.pause(SETTLE);
    long before = ProcStat.residentMib(List.of(host.pid()));
    double[] ms = new double[terminals];
    double opened =
        each(number -> {
          long began = System.nanoTime();
          host.open(number);
          ms[number] = (System.nanoTime() - began) / 1e6;
        });
    Arrays.sort(ms);
    Program.pause(SETTLE);
    long after = ProcStat.residentMib(List.of(host.pid()));
    int threads = ProcStat.threads(host.pid());
    String heap = host.heapMib();
    double asked = each(host::ask);
    table.row(
        name,
        Table.number(opened),
        Table.number(ms[terminals / 2]),
        Table.number(ms[Math.min(terminals - 1, terminals * 99 / 100)]),
        Table.number(asked),
        Integer.toString(threads),
        Long.toString(before),
        Long.toString(after),
        heap);
  }

  /// @return seconds for all numbers, some at once
  private double each(IntConsumer work) {
    long began = System.nanoTime();
    try (ExecutorService openers = Executors.newFixedThreadPool(OPENERS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int number = 0; number < terminals; number++) {
        int mine = number;
        all.add(openers.submit(() -> work.accept(mine)));
      }
      for (int number = 0; number < terminals; number++) {
        try {
          all.get(number).get();
        } catch (ExecutionException failed) {
          openers.shutdownNow();
          throw new IllegalStateException("terminal " + number + " failed", failed.getCause());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    return (System.nanoTime() - began) / 1e9;
  }

  private static void seq(Table table, String name, Consumer<SeqReader> way) {
    SeqReader best = new SeqReader(SEQ_LAST);
    way.accept(best);
    for (int round = 1; round < SEQ_ROUNDS; round++) {
      SeqReader next = new SeqReader(SEQ_LAST);
      way.accept(next);
      best = next.seconds() < best.seconds() ? next : best;
    }
    table.row(name, Table.number(best.seconds()), Table.number(best.megabytes() / best.seconds()));
  }

  private void throughOurs(WarrenTerminals ours, SeqReader reader) {
    try (TerminalViewer viewer = ours.view(terminals, reader)) {
      viewer.type(reader.command());
      viewer.await(SEQ_DEADLINE);
    }
  }

  private static void through(List<String> command, SeqReader reader) {
    byte[] buffer = new byte[64 * 1024];
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (InputStream out = process.getInputStream()) {
        boolean over = false;
        for (int n = out.read(buffer); n >= 0; n = out.read(buffer)) {
          over = reader.test(ByteBuffer.wrap(buffer, 0, n));
        }
        if (!over) {
          throw new IllegalStateException(command.getFirst() + " lost output");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
