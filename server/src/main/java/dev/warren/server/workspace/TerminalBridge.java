package dev.warren.server.workspace;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.protocol.Json;
import dev.warren.protocol.daemon.TerminalFrame;
import dev.warren.protocol.daemon.TerminalTarget;
import dev.warren.server.http.Socket;
import dev.warren.tunnel.TunnelStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/// One viewer at one terminal: what the viewer types goes one way, what the terminal prints the
/// other, each on a thread of its own.
final class TerminalBridge {
  /// The close code when the shell has ended; a viewer need not come back.
  static final int CLOSE_ENDED = 4410;

  /// The close code when the workspace was lost; a viewer may try again.
  static final int CLOSE_LOST = 4502;

  private static final int CLOSE_MALFORMED = 1007;

  /// A close frame holds 123 bytes of reason.
  private static final int REASON_CHARS_MAX = 120;

  private static final Duration LISTEN = Duration.ofMinutes(1);

  private final TunnelStream stream;
  private final Socket socket;
  private final Optional<Integer> windowBytes;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private long sentBytes;

  @GuardedBy("lock")
  private long ackedBytes;

  /// Whether the viewer's side is over, so that it is no news when the terminal's side breaks.
  private volatile boolean ending;

  /// @param windowBytes how much may be sent that the viewer has not said it has shown; a browser
  ///   takes in without end what a page cannot show as fast
  TerminalBridge(TunnelStream stream, Socket socket, Optional<Integer> windowBytes) {
    this.stream = stream;
    this.socket = socket;
    this.windowBytes = windowBytes;
  }

  /// A text message of the viewer's.
  ///
  /// @param resize the room that it has
  /// @param close ends the shell
  /// @param ack how many bytes it has shown, in all
  record Asked(Optional<Size> resize, Optional<Boolean> close, Optional<Long> ack) {}

  /// A terminal's size in characters.
  record Size(int cols, int rows) {
    boolean fits() {
      return cols >= 1
          && cols <= TerminalTarget.SIZE_MAX
          && rows >= 1
          && rows <= TerminalTarget.SIZE_MAX;
    }
  }

  /// A text message to the viewer: the terminal's size, which another viewer may have changed, or
  /// the shell's exit code.
  record Told(Optional<Size> size, Optional<Integer> exit) {}

  /// Talks until the viewer goes, the shell ends, or one of the two is lost.
  void run() throws IOException, InterruptedException {
    Thread printing = Thread.ofVirtual().name("terminal-print").start(this::print);
    try {
      type();
    } finally {
      ending = true;
      stream.reset();
      printing.interrupt();
      printing.join();
    }
  }

  static void lost(Socket socket, IOException why) {
    String reason = String.valueOf(why.getMessage()).replaceAll("[^\\x20-\\x7e]", "?");
    socket.close(
        CLOSE_LOST,
        reason.length() <= REASON_CHARS_MAX ? reason : reason.substring(0, REASON_CHARS_MAX));
  }

  private void type() throws IOException, InterruptedException {
    while (socket.isOpen()) {
      Optional<Socket.Message> message = socket.receive(LISTEN);
      if (message.isEmpty()) {
        continue;
      }
      switch (message.get()) {
        case Socket.Message.Binary(byte[] typed) -> write(typed);
        case Socket.Message.Text(String text) -> {
          if (!heard(text)) {
            socket.close(
                CLOSE_MALFORMED, "a text message is {\"resize\":{\"cols\":1-500,\"rows\":1-500}}");
            return;
          }
        }
        case Socket.Message.Closed _ -> {
          return;
        }
      }
    }
  }

  private void write(byte[] typed) throws IOException {
    for (int from = 0; from < typed.length; from += TerminalFrame.BYTES_MAX) {
      int to = Math.min(typed.length, from + TerminalFrame.BYTES_MAX);
      new TerminalFrame.Data(Arrays.copyOfRange(typed, from, to)).writeTo(stream.output());
    }
  }

  /// Does what a text message asks; false when it is none.
  private boolean heard(String text) throws IOException {
    Asked asked;
    try {
      asked = Json.STRICT.readValue(text, Asked.class);
    } catch (JacksonException malformed) {
      return false;
    }
    if (asked == null || asked.resize().filter(size -> !size.fits()).isPresent()) {
      return false;
    }
    if (asked.resize().isPresent()) {
      Size size = asked.resize().get();
      new TerminalFrame.Resize(size.cols(), size.rows()).writeTo(stream.output());
    }
    if (asked.close().orElse(false)) {
      new TerminalFrame.Exit(0).writeTo(stream.output());
    }
    if (asked.ack().isPresent()) {
      synchronized (lock) {
        ackedBytes = Math.clamp(asked.ack().get(), ackedBytes, sentBytes);
        lock.notifyAll();
      }
    }
    return true;
  }

  private void print() {
    try {
      Optional<TerminalFrame> frame = TerminalFrame.read(stream.input());
      while (frame.isPresent()) {
        switch (frame.get()) {
          case TerminalFrame.Data(byte[] printed) -> {
            awaitWindow(printed.length);
            socket.sendBinary(printed);
          }
          case TerminalFrame.Resize(int columns, int rows) ->
              tell(new Told(Optional.of(new Size(columns, rows)), Optional.empty()));
          case TerminalFrame.Exit(int code) -> {
            tell(new Told(Optional.empty(), Optional.of(code)));
            socket.close(CLOSE_ENDED, "the shell ended with " + code);
            return;
          }
        }
        frame = TerminalFrame.read(stream.input());
      }
      socket.close(CLOSE_LOST, "the workspace ended the terminal");
    } catch (IOException why) {
      if (!ending) {
        lost(socket, why);
      }
    }
  }

  private void awaitWindow(int bytes) throws IOException {
    if (windowBytes.isEmpty()) {
      return;
    }
    synchronized (lock) {
      try {
        while (sentBytes - ackedBytes > windowBytes.get()) {
          lock.wait();
        }
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
        throw (IOException) new InterruptedIOException("the viewer is gone").initCause(ended);
      }
      sentBytes += bytes;
    }
  }

  private void tell(Told told) throws IOException {
    socket.sendText(Json.STRICT.writeValueAsString(told));
  }
}
