package dev.warren.tunnel.relay;

import java.nio.ByteBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// The links between two relays of one process, both ways, each with a thread as a socket has.
public final class MeshPair implements AutoCloseable {
  private final OneWay there;
  private final OneWay back;

  public MeshPair(Relay one, Relay other) {
    this.there = new OneWay(one, other);
    this.back = new OneWay(other, one);
    there.open();
    back.open();
  }

  /// Breaks both links.
  @Override
  public void close() {
    there.close();
    back.close();
  }

  private static final class OneWay implements RelayLink {
    private final Relay from;
    private final Relay to;
    private final MeshInbound inbound;
    private final ExecutorService wire =
        Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());

    private OneWay(Relay from, Relay to) {
      this.from = from;
      this.to = to;
      this.inbound = to.mesh().accept(from.id());
    }

    private void open() {
      from.mesh().connected(to.id(), this);
    }

    @Override
    public boolean send(ByteBuffer message, Runnable released) {
      wire.execute(() -> inbound.binary(message, released));
      return true;
    }

    @Override
    public void flush() {}

    @Override
    public void sendText(String text) {
      try {
        wire.execute(() -> inbound.text(text));
      } catch (RejectedExecutionException broken) {
        // Said too late: a link neither blocks nor throws.
      }
    }

    @Override
    public void ping() {}

    @Override
    public void close(int code, String reason) {}

    private void close() {
      from.mesh().disconnected(to.id(), this);
      wire.execute(inbound::closed);
      wire.shutdown();
      try {
        if (!wire.awaitTermination(10, TimeUnit.SECONDS)) {
          throw new AssertionError("the link does not end");
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
