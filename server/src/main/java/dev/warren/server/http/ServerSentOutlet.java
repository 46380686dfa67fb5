package dev.warren.server.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Writes events into one answer from whichever thread has them.
final class ServerSentOutlet implements EventOutlet {
  /// How long the end of an answer waits for a write that is under way.
  private static final Duration END_MAX = Duration.ofSeconds(1);

  private final Answers answers;
  private final Runnable whenBroken;

  @GuardedBy("this")
  private boolean writing;

  @GuardedBy("this")
  private @Nullable Throwable failure;

  /// @param whenBroken tells the reader's thread that nobody reads any more
  ServerSentOutlet(Answers answers, Runnable whenBroken) {
    this.answers = answers;
    this.whenBroken = whenBroken;
  }

  @Override
  public void write(List<Frame> frames, Runnable done) {
    int bytes = 0;
    for (Frame frame : frames) {
      bytes += frame.lines().length;
    }
    ByteBuffer gathered = ByteBuffer.allocate(bytes);
    for (Frame frame : frames) {
      gathered.put(frame.lines());
    }
    synchronized (this) {
      writing = true;
    }
    answers
        .response()
        .write(
            false,
            gathered.flip(),
            Callback.from(
                () -> {
                  written(null);
                  done.run();
                },
                cause -> {
                  written(cause);
                  done.run();
                  whenBroken.run();
                }));
  }

  private synchronized void written(@Nullable Throwable cause) {
    writing = false;
    failure = cause;
    notifyAll();
  }

  /// Ends the answer, as a failure when a write failed or does not come to its end. Called by the
  /// reader's thread, which may be interrupted.
  void end() {
    Throwable cause = awaitWritten();
    if (cause == null) {
      answers.end();
    } else {
      answers.fail(cause);
    }
  }

  private synchronized @Nullable Throwable awaitWritten() {
    long deadline = System.nanoTime() + END_MAX.toNanos();
    boolean interrupted = Thread.interrupted();
    while (writing && System.nanoTime() < deadline) {
      try {
        wait(END_MAX.toMillis());
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return writing ? new IllegalStateException("the reader does not read") : failure;
  }
}
