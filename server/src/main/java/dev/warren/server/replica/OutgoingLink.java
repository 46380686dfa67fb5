package dev.warren.server.replica;

import dev.warren.tunnel.relay.RelayLink;
import dev.warren.tunnel.relay.RelayMesh;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The link of this replica's relay to another one's, opened again and again while that one lives.
/// What waits is bounded by each sender's own bounds at the relay.
final class OutgoingLink implements AutoCloseable {
  private static final Duration RETRY_FIRST = Duration.ofMillis(100);
  private static final Duration RETRY_MAX = Duration.ofSeconds(2);
  private static final Logger log = LoggerFactory.getLogger(OutgoingLink.class);

  private final Peer peer;
  private final PeerClient client;
  private final RelayMesh mesh;
  private final Thread thread;
  private volatile boolean closed;

  OutgoingLink(Peer peer, PeerClient client, RelayMesh mesh) {
    this.peer = peer;
    this.client = client;
    this.mesh = mesh;
    this.thread = Thread.ofVirtual().name("relay-link-" + peer.id()).unstarted(this::run);
  }

  boolean isTo(Peer other) {
    return peer.equals(other);
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void run() {
    Duration pause = RETRY_FIRST;
    try {
      while (!closed) {
        Wire wire = new Wire();
        try {
          WebSocket socket = client.webSocket(peer, RelayLinks.PATH, wire);
          mesh.connected(peer.node(), wire);
          pause = RETRY_FIRST;
          wire.write(socket);
        } catch (IOException | CompletionException e) {
          log.debug("the relay of replica {} is not reached: {}", peer.id(), e.toString());
        } finally {
          mesh.disconnected(peer.node(), wire);
          wire.end();
        }
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        pause = pause.multipliedBy(2).compareTo(RETRY_MAX) < 0 ? pause.multipliedBy(2) : RETRY_MAX;
      }
    } catch (InterruptedException e) {
      log.debug("the link to replica {} ends", peer.id());
    }
  }

  /// One WebSocket: a queue, and the thread that writes.
  private static final class Wire implements RelayLink, WebSocket.Listener {
    private sealed interface Item {
      record Text(String text) implements Item {}

      record Binary(ByteBuffer message, Runnable released) implements Item {}

      record End() implements Item {}
    }

    private final LinkedBlockingQueue<Item> queue = new LinkedBlockingQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public boolean send(ByteBuffer message, Runnable released) {
      if (ended.getCount() == 0) {
        return false;
      }
      queue.add(new Item.Binary(message, released));
      return true;
    }

    @Override
    public void sendText(String text) {
      queue.add(new Item.Text(text));
    }

    @Override
    public void flush() {}

    @Override
    public void ping() {}

    @Override
    public void close(int code, String reason) {
      stop();
    }

    private void stop() {
      ended.countDown();
      queue.add(new Item.End());
    }

    /// Writes until the socket or the link ends.
    void write(WebSocket socket) throws InterruptedException {
      try {
        while (ended.getCount() > 0) {
          switch (queue.take()) {
            case Item.Text(String text) -> {
              var _ = socket.sendText(text, true).join();
            }
            case Item.Binary(ByteBuffer message, Runnable released) -> {
              try {
                var _ = socket.sendBinary(message, true).join();
              } finally {
                released.run();
              }
            }
            case Item.End() -> {
              return;
            }
          }
        }
      } finally {
        socket.abort();
      }
    }

    /// What was not sent is released.
    void end() {
      ended.countDown();
      for (Item item = queue.poll(); item != null; item = queue.poll()) {
        if (item instanceof Item.Binary binary) {
          binary.released().run();
        }
      }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      stop();
      return WebSocket.Listener.super.onClose(socket, code, reason);
    }

    @Override
    public void onError(WebSocket socket, Throwable cause) {
      stop();
    }
  }
}
