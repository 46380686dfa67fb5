package dev.warren.bench;

import java.time.Duration;

/// Something that keeps terminals, each a login shell, whether somebody looks at them or not. Used
/// by several threads at once.
interface TerminalHost extends AutoCloseable {
  /// How long a shell has to answer.
  Duration ANSWER_DEADLINE = Duration.ofMinutes(1);

  /// Starts the terminal of this number, and returns when its shell has answered a line.
  void open(int number);

  /// Types a line into a terminal that is there, and returns when its shell has answered.
  void ask(int number);

  /// The one process that keeps them all.
  long pid();

  /// What is alive on its heap in MiB, or `–` for one that has none of its own.
  String heapMib();

  @Override
  void close();

  /// A line whose answer does not occur in itself.
  ///
  /// @return the line and its answer
  static String[] question(int round) {
    return new String[] {
      "echo r$((%d*7))q".formatted(round + 100), "r%dq".formatted((round + 100) * 7)
    };
  }
}
