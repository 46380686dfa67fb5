package dev.warren.server.http.relay;

import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;

/// A WebSocket connection that says when a burst of frames has ended: Jetty asks to be told of more
/// bytes exactly when a read has found none. Later would be too late, since by then another thread
/// may be in the next burst.
final class RelayConnection extends WebSocketConnection {
  private final RelayFrames frames;

  RelayConnection(
      EndPoint endPoint, Connector connector, WebSocketCoreSession session, RelayFrames frames) {
    super(
        endPoint,
        connector.getExecutor(),
        connector.getScheduler(),
        connector.getByteBufferPool(),
        session);
    this.frames = frames;
  }

  @Override
  public void fillInterested() {
    frames.burstEnd();
    super.fillInterested();
  }
}
