package dev.warren.server.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

/// A [Socket] on Jetty's core WebSocket. Frames are demanded one message at a time: the next one is
/// read when the last was received. Control frames are answered here.
final class JettySocket implements Socket, FrameHandler {
  /// The longest a write may take before the peer counts as gone.
  static final Duration WRITE_MAX = Duration.ofSeconds(30);

  /// A peer that says nothing for so long, not even to a ping, is gone.
  static final Duration IDLE_MAX = Duration.ofSeconds(60);

  /// Largest message that is received.
  static final int MESSAGE_BYTES_MAX = 256 * 1024;

  private final CountDownLatch opened = new CountDownLatch(1);
  private final LinkedBlockingQueue<Message> inbox = new LinkedBlockingQueue<>();
  private final Object sending = new Object();
  private final boolean discards;
  private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
  private byte partialOpCode;
  private volatile @Nullable CoreSession session;
  private volatile Runnable whenEnded = () -> {};

  @GuardedBy("sending")
  private boolean closed;

  /// @param discards whether incoming messages are dropped unread, as those of event readers are
  JettySocket(boolean discards) {
    this.discards = discards;
  }

  /// Waits until the handshake is done.
  ///
  /// @return whether it is open
  boolean awaitOpen(Duration wait) throws InterruptedException {
    return opened.await(wait.toNanos(), TimeUnit.NANOSECONDS) && session != null;
  }

  @Override
  public void onOpen(CoreSession core, Callback callback) {
    session = core;
    callback.succeeded();
    opened.countDown();
    core.demand();
  }

  @Override
  public void onFrame(Frame frame, Callback callback) {
    CoreSession core = open();
    switch (frame.getOpCode()) {
      case OpCode.PING -> {
        ByteBuffer pong = ByteBuffer.wrap(bytes(frame));
        core.sendFrame(new Frame(OpCode.PONG).setPayload(pong), Callback.NOOP, false);
        callback.succeeded();
        core.demand();
      }
      case OpCode.CLOSE -> {
        CloseStatus status = CloseStatus.getCloseStatus(frame);
        String reason = status.getReason();
        inbox.add(new Message.Closed(status.getCode(), reason == null ? "" : reason));
        // Jetty answers the close once this is done.
        callback.succeeded();
      }
      case OpCode.TEXT, OpCode.BINARY, OpCode.CONTINUATION -> data(core, frame, callback);
      default -> {
        callback.succeeded();
        core.demand();
      }
    }
  }

  private void data(CoreSession core, Frame frame, Callback callback) {
    if (partial.size() + frame.getPayloadLength() > MESSAGE_BYTES_MAX) {
      callback.succeeded();
      close(CloseStatus.MESSAGE_TOO_LARGE, "messages hold at most " + MESSAGE_BYTES_MAX + " bytes");
      return;
    }
    if (frame.getOpCode() != OpCode.CONTINUATION) {
      partialOpCode = frame.getOpCode();
    }
    partial.writeBytes(bytes(frame));
    callback.succeeded();
    if (!frame.isFin()) {
      core.demand();
      return;
    }
    byte[] whole = partial.toByteArray();
    partial.reset();
    if (discards) {
      core.demand();
      return;
    }
    inbox.add(
        partialOpCode == OpCode.TEXT
            ? new Message.Text(Texts.clean(new String(whole, StandardCharsets.UTF_8)))
            : new Message.Binary(whole));
  }

  private static byte[] bytes(Frame frame) {
    ByteBuffer payload = frame.getPayload();
    if (payload == null) {
      return new byte[0];
    }
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    return bytes;
  }

  @Override
  public void onError(Throwable cause, Callback callback) {
    ended(CloseStatus.NO_CLOSE, cause.toString());
    callback.succeeded();
  }

  @Override
  public void onClosed(CloseStatus status, Callback callback) {
    ended(status.getCode(), status.getReason() == null ? "" : status.getReason());
    callback.succeeded();
  }

  /// Runs `action`, which must not block, when the socket has ended.
  void whenEnded(Runnable action) {
    whenEnded = action;
  }

  private void ended(int code, String reason) {
    inbox.add(new Message.Closed(code, reason));
    opened.countDown();
    whenEnded.run();
  }

  @Override
  public Optional<Message> receive(Duration wait) throws InterruptedException {
    Message message = inbox.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
    if (message == null) {
      return Optional.empty();
    }
    if (message instanceof Message.Closed) {
      // Whoever asks again gets the same.
      inbox.add(message);
    } else {
      open().demand();
    }
    return Optional.of(message);
  }

  @Override
  public void sendText(String text) throws IOException {
    send(OpCode.TEXT, List.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void sendBinary(byte[] bytes) throws IOException {
    send(OpCode.BINARY, List.of(bytes));
  }

  /// Sends text messages in one go.
  void sendTexts(List<byte[]> messages) throws IOException {
    send(OpCode.TEXT, messages);
  }

  /// Begins to send text messages in one go, without waiting.
  ///
  /// @param done runs once, when they are sent or never will be
  void send(List<byte[]> messages, Runnable done) {
    CoreSession core = open();
    Callback last = Callback.from(done, _ -> done.run());
    synchronized (sending) {
      if (!closed) {
        for (int i = 0; i < messages.size() - 1; i++) {
          core.sendFrame(frame(OpCode.TEXT, messages.get(i)), Callback.NOOP, true);
        }
        core.sendFrame(frame(OpCode.TEXT, messages.getLast()), last, false);
        return;
      }
    }
    done.run();
  }

  private void send(byte opCode, List<byte[]> messages) throws IOException {
    CoreSession core = open();
    synchronized (sending) {
      if (closed) {
        throw new IOException("the socket is closed");
      }
      for (int i = 0; i < messages.size() - 1; i++) {
        core.sendFrame(frame(opCode, messages.get(i)), Callback.NOOP, true);
      }
      Written written = new Written();
      core.sendFrame(frame(opCode, messages.getLast()), written, false);
      if (!written.await(WRITE_MAX)) {
        core.abort();
        throw new IOException("the peer did not read for " + WRITE_MAX);
      }
    }
  }

  /// Waits for a write.
  private static final class Written implements Callback {
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile @Nullable Throwable failure;

    @Override
    public void succeeded() {
      done.countDown();
    }

    @Override
    public void failed(Throwable cause) {
      failure = cause;
      done.countDown();
    }

    boolean await(Duration wait) throws IOException {
      try {
        if (!done.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
          return false;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (IOException) new InterruptedIOException("interrupted while writing").initCause(e);
      }
      Throwable cause = failure;
      if (cause != null) {
        throw new IOException("the socket broke", cause);
      }
      return true;
    }
  }

  private static Frame frame(byte opCode, byte[] payload) {
    return new Frame(opCode, true, ByteBuffer.wrap(payload));
  }

  /// Keeps the connection open; the peer's pong counts as life.
  void ping() {
    CoreSession core = session;
    if (core != null) {
      core.sendFrame(new Frame(OpCode.PING), Callback.NOOP, false);
    }
  }

  @Override
  public void close(int code, String reason) {
    CoreSession core = session;
    synchronized (sending) {
      if (closed || core == null) {
        return;
      }
      closed = true;
    }
    core.close(code, reason, Callback.NOOP);
  }

  /// Ends it without a word.
  void abort() {
    CoreSession core = session;
    if (core != null) {
      core.abort();
    }
  }

  @Override
  public boolean isOpen() {
    CoreSession core = session;
    return core != null && core.isOutputOpen() && core.isInputOpen();
  }

  private CoreSession open() {
    CoreSession core = session;
    if (core == null) {
      throw new IllegalStateException("the socket is not open yet");
    }
    return core;
  }
}
