package dev.warren.server.http.relay;

import dev.warren.tunnel.relay.Relay;
import dev.warren.tunnel.relay.RelaySession;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

/// Hands the frames of one connection to its relay session. The callback of a binary frame gives
/// the read buffer back; it completes when the relay needs the message no longer.
final class RelayFrames implements FrameHandler {
  private final Relay relay;
  private final Scheduler scheduler;
  private final String remoteAddress;
  private volatile @Nullable CoreSession core;
  private volatile @Nullable RelaySession session;

  RelayFrames(Relay relay, Scheduler scheduler, String remoteAddress) {
    this.scheduler = scheduler;
    this.relay = relay;
    this.remoteAddress = remoteAddress;
  }

  void burstEnd() {
    RelaySession open = session;
    if (open != null) {
      open.burstEnd();
    }
  }

  @Override
  public void onOpen(CoreSession coreSession, Callback callback) {
    core = coreSession;
    callback.succeeded();
    session = relay.open(new JettyLink(coreSession, scheduler), remoteAddress);
    coreSession.demand();
  }

  @Override
  public void onFrame(Frame frame, Callback callback) {
    RelaySession open = session;
    CoreSession from = core;
    if (open == null || from == null) {
      callback.succeeded();
      return;
    }
    switch (frame.getOpCode()) {
      case OpCode.BINARY -> {
        if (!frame.isFin()) {
          refuseFragments(from, callback);
          return;
        }
        open.binary(frame.getPayload(), callback::succeeded);
      }
      case OpCode.TEXT -> {
        if (!frame.isFin()) {
          refuseFragments(from, callback);
          return;
        }
        open.text(frame.getPayloadAsUTF8());
        callback.succeeded();
      }
      case OpCode.PING -> {
        Frame pong = new Frame(OpCode.PONG).setPayload(BufferUtil.copy(frame.getPayload()));
        from.sendFrame(pong, Callback.NOOP, false);
        open.alive();
        callback.succeeded();
      }
      case OpCode.PONG -> {
        open.alive();
        callback.succeeded();
      }
      case OpCode.CLOSE -> {
        // Jetty answers it when the callback completes, and reads no more.
        callback.succeeded();
        return;
      }
      default -> {
        refuseFragments(from, callback);
        return;
      }
    }
    Duration debt = open.debt();
    if (debt.isZero()) {
      from.demand();
      return;
    }
    open.burstEnd();
    var _ = scheduler.schedule(from::demand, debt.toMillis() + 1, TimeUnit.MILLISECONDS);
  }

  @Override
  public void onError(Throwable cause, Callback callback) {
    callback.succeeded();
  }

  @Override
  public void onClosed(CloseStatus closeStatus, Callback callback) {
    RelaySession open = session;
    if (open != null) {
      open.closed();
    }
    callback.succeeded();
  }

  private static void refuseFragments(CoreSession from, Callback callback) {
    callback.succeeded();
    from.close(CloseStatus.BAD_DATA, "a message is one frame", Callback.NOOP);
  }
}
