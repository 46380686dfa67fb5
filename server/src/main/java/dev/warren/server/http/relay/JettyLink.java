package dev.warren.server.http.relay;

import dev.warren.tunnel.relay.RelayLink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;

/// The relay's way out by one WebSocket. Binary messages are batched into Jetty's write buffer,
/// which leaves when it is full or flushed.
final class JettyLink implements RelayLink {
  /// A close frame carries no more than this after its code (RFC 6455, section 5.5).
  private static final int REASON_BYTES_MAX = 123;

  /// How long a node may take to answer a close before it is cut off.
  private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

  private final CoreSession session;
  private final Scheduler scheduler;

  JettyLink(CoreSession session, Scheduler scheduler) {
    this.session = session;
    this.scheduler = scheduler;
  }

  @Override
  public boolean send(ByteBuffer message, Runnable released) {
    if (!session.isOutputOpen()) {
      return false;
    }
    session.sendFrame(new Frame(OpCode.BINARY).setPayload(message), new Released(released), true);
    return true;
  }

  @Override
  public void flush() {
    session.flush(Callback.NOOP);
  }

  @Override
  public void sendText(String text) {
    session.sendFrame(new Frame(OpCode.TEXT).setPayload(text), Callback.NOOP, false);
  }

  @Override
  public void ping() {
    Frame ping = new Frame(OpCode.PING).setPayload(BufferUtil.EMPTY_BUFFER);
    session.sendFrame(ping, Callback.NOOP, false);
  }

  @Override
  public void close(int code, String reason) {
    session.close(code, cut(reason), Callback.NOOP);
    var _ =
        scheduler.schedule(
            () -> {
              if (!isOver()) {
                session.abort();
              }
            },
            CLOSE_MAX.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private boolean isOver() {
    return session instanceof WebSocketCoreSession core && core.isClosed();
  }

  private static String cut(String reason) {
    String ascii = reason.replaceAll("[^\\x20-\\x7e]", "?");
    byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
    return bytes.length <= REASON_BYTES_MAX ? ascii : ascii.substring(0, REASON_BYTES_MAX);
  }

  /// Runs once, whether the message left or the connection broke.
  private record Released(Runnable released) implements Callback {
    @Override
    public void succeeded() {
      released.run();
    }

    @Override
    public void failed(Throwable cause) {
      released.run();
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }
  }
}
