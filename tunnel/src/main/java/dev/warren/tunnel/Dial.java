package dev.warren.tunnel;

import dev.warren.protocol.NodeId;
import dev.warren.tunnel.TunnelException.Stage;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One dial that any number of callers wait for, each as long as it likes.
final class Dial {
  /// The work of a dial.
  @FunctionalInterface
  interface Attempt {
    TunnelConnection connect() throws IOException, InterruptedException;
  }

  private final NodeId peer;
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile @Nullable TunnelConnection connection;
  private volatile @Nullable TunnelException failure;

  Dial(NodeId peer) {
    this.peer = peer;
  }

  /// @param ended called before anybody hears of the end, so that who then finds the connection
  ///   closed dials anew
  void run(Attempt attempt, Runnable ended) {
    try {
      connection = attempt.connect();
    } catch (TunnelException e) {
      failure = e;
    } catch (IOException | RuntimeException e) {
      failure = new TunnelException(Stage.HANDSHAKE, "cannot dial " + peer.brief(), e);
    } catch (InterruptedException e) {
      failure = new TunnelException(Stage.NODE, "the node was closed");
    } finally {
      ended.run();
      done.countDown();
    }
  }

  TunnelConnection await(long nanos) throws TunnelException, InterruptedException {
    if (!done.await(nanos, TimeUnit.NANOSECONDS)) {
      throw new TunnelException(
          Stage.HANDSHAKE,
          "%s did not answer within %d ms".formatted(peer.brief(), nanos / 1_000_000));
    }
    TunnelConnection up = connection;
    if (up != null) {
      return up;
    }
    TunnelException first = failure;
    if (first == null) {
      throw new IllegalStateException("a dial ends with a connection or a failure");
    }
    throw new TunnelException(first);
  }
}
