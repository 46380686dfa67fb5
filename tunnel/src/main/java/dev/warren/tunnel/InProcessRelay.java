package dev.warren.tunnel;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.Coordination;
import dev.warren.tunnel.relay.Relay;
import dev.warren.tunnel.relay.RelayLink;
import dev.warren.tunnel.relay.RelaySession;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The attachment of a node to the relay in its own process: no socket and no copy. The relay's
/// bound on outstanding bytes bounds the queue here.
final class InProcessRelay implements RelayLink {
  private record Inbound(ByteBuffer message, Runnable released) {}

  private final EventLoop loop;
  private final AttachListener listener;
  private final RelayAttachment attachment;
  private final Queue<Inbound> inbound = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final RelayPath path = new Out();
  private volatile boolean closed;
  private volatile @Nullable RelaySession session;

  InProcessRelay(EventLoop loop, AttachListener listener, RelayAttachment attachment) {
    this.loop = loop;
    this.listener = listener;
    this.attachment = attachment;
  }

  void attach(Relay relay, NodeId self, UUID instance, long sequence) {
    session = relay.openOwn(self, instance, sequence, this);
  }

  @Override
  public boolean send(ByteBuffer message, Runnable released) {
    if (closed) {
      return false;
    }
    inbound.add(new Inbound(message, released));
    return true;
  }

  @Override
  public void flush() {
    if (!inbound.isEmpty() && scheduled.compareAndSet(false, true)) {
      execute(this::drain);
    }
  }

  @Override
  public void sendText(String text) {
    execute(() -> coordination(Coordination.parse(text)));
  }

  @Override
  public void ping() {
    RelaySession current = session;
    if (current != null) {
      current.alive();
    }
  }

  @Override
  public void close(int code, String reason) {
    closed = true;
    execute(() -> {
      listener.detached(path);
      attachment.finish(null);
      drain();
    });
  }

  void detach() {
    RelaySession current = session;
    closed = true;
    if (current != null) {
      current.closed();
    }
    execute(() -> listener.detached(path));
  }

  private void coordination(Coordination frame) {
    if (closed) {
      // The node may be attached elsewhere by now, and this is not of there.
      return;
    }
    if (frame instanceof Coordination.Attached attached) {
      listener.attached(path, attached.direct());
      attachment.attached(path, attached.owner());
      return;
    }
    listener.coordination(frame);
  }

  private void drain() {
    scheduled.set(false);
    for (Inbound next = inbound.poll(); next != null; next = inbound.poll()) {
      if (!closed) {
        listener.message(Unpooled.wrappedBuffer(next.message()));
      }
      next.released().run();
    }
    listener.messagesEnd();
  }

  private void execute(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      closed = true;
    }
  }

  /// The node's way to the relay. On the event loop.
  private final class Out implements RelayPath {
    @Override
    public boolean isWritable() {
      return !closed;
    }

    @Override
    public void send(ByteBuf message) {
      RelaySession current = session;
      if (current == null) {
        message.release();
        return;
      }
      current.binary(message.nioBuffer(), message::release);
    }

    @Override
    public void flush() {
      RelaySession current = session;
      if (current != null) {
        current.burstEnd();
      }
    }

    @Override
    public void sendText(String text) {
      RelaySession current = session;
      if (current != null) {
        current.text(text);
      }
    }

    @Override
    public Optional<InetAddress> host() {
      return Optional.empty();
    }
  }
}
