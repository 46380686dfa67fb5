package dev.warren.bench;

import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.Predicate;

/// The terminals of one workspace, through its control plane.
final class WarrenTerminals implements TerminalHost {
  private static final int OPENED = 0;
  private static final int ASKED = 1;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Warren warren;
  private final String workspace;
  private final long daemon;

  /// @param daemon the workspace's daemon's process
  WarrenTerminals(Warren warren, String workspace, long daemon) {
    this.warren = warren;
    this.workspace = workspace;
    this.daemon = daemon;
  }

  @Override
  public void open(int number) {
    ask(number, OPENED);
  }

  /// Attaches anew.
  @Override
  public void ask(int number) {
    ask(number, ASKED);
  }

  private void ask(int number, int round) {
    String[] question = TerminalHost.question(round);
    try (TerminalViewer viewer = view(number, contains(question[1]))) {
      viewer.type(question[0]);
      viewer.await(ANSWER_DEADLINE);
    }
  }

  TerminalViewer view(int number, Predicate<ByteBuffer> seen) {
    return new TerminalViewer(http, warren, workspace, new UUID(1, number), seen);
  }

  private static Predicate<ByteBuffer> contains(String wanted) {
    StringBuilder text = new StringBuilder();
    return bytes -> {
      text.append(StandardCharsets.ISO_8859_1.decode(bytes));
      return text.indexOf(wanted) >= 0;
    };
  }

  @Override
  public long pid() {
    return daemon;
  }

  @Override
  public String heapMib() {
    return Table.number(JavaHeap.liveMib(daemon));
  }

  @Override
  public void close() {
    http.close();
  }
}
