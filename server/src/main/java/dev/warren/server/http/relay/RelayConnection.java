package dev.warren.server.http.relay;

import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;

/// A WebSocket connection that says when a burst of frames has ended: Jetty asks to be told of more
/// bytes exactly when a read has found none. Later would be too late, since by then another thread
/// may be in the next burst.
///
/// It reads into a large buffer only while large frames come: a thousand connections that say
/// something small at once, as they do after a restart, hold a buffer each.
final class RelayConnection extends WebSocketConnection {
  /// Read buffer while small frames come.
  private static final int SMALL_BUFFER_BYTES = 8 * 1024;

  private final RelayFrames frames;

  /// Whether a large frame has come since the socket was last empty.
  private boolean large;

  RelayConnection(
      EndPoint endPoint, Connector connector, WebSocketCoreSession session, RelayFrames frames) {
    super(
        endPoint,
        connector.getExecutor(),
        connector.getScheduler(),
        connector.getByteBufferPool(),
        session);
    this.frames = frames;
    setInputBufferSize(SMALL_BUFFER_BYTES);
  }

  @Override
  protected void onFrame(Frame.Parsed frame) {
    if (!large && frame.getPayloadLength() > SMALL_BUFFER_BYTES / 2) {
      large = true;
      setInputBufferSize(RelayFront.BUFFER_BYTES);
    }
    super.onFrame(frame);
  }

  @Override
  public void fillInterested() {
    frames.burstEnd();
    if (!large) {
      setInputBufferSize(SMALL_BUFFER_BYTES);
    }
    large = false;
    super.fillInterested();
  }
}
