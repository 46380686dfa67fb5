package dev.warren.server.http.app;

import dev.warren.tunnel.TunnelStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A browser's connection after it switched protocols: bytes to and from the app, as they come.
final class AppSwitched extends AbstractConnection implements Connection.UpgradeTo {
  /// Sockets of pages are often silent; a browser that is gone without a word is noticed here.
  private static final Duration IDLE_MAX = Duration.ofHours(1);

  private static final int COPY_BYTES = 16 * 1024;
  private static final Logger log = LoggerFactory.getLogger(AppSwitched.class);

  private final TunnelStream stream;
  private final InputStream fromApp;
  private final AppStreams.Open entry;
  private volatile ByteBuffer before = BufferUtil.EMPTY_BUFFER;
  private volatile Optional<CompletableFuture<Void>> readable = Optional.empty();

  AppSwitched(
      EndPoint endPoint,
      Executor executor,
      TunnelStream stream,
      InputStream fromApp,
      AppStreams.Open entry) {
    super(endPoint, executor);
    this.stream = stream;
    this.fromApp = fromApp;
    this.entry = entry;
  }

  @Override
  public void onUpgradeTo(ByteBuffer read) {
    if (read != null) {
      before = BufferUtil.copy(read);
    }
  }

  @Override
  public void onOpen() {
    super.onOpen();
    getEndPoint().setIdleTimeout(IDLE_MAX.toMillis());
    Thread.ofVirtual().name("app-socket-in").start(this::toApp);
    Thread.ofVirtual().name("app-socket-out").start(this::toBrowser);
  }

  private void toApp() {
    try {
      ByteBuffer early = before;
      if (early != null && early.hasRemaining()) {
        stream.output().write(BufferUtil.toArray(early));
      }
      ByteBuffer buffer = BufferUtil.allocate(COPY_BYTES);
      int n = fill(buffer);
      while (n >= 0) {
        stream.output().write(BufferUtil.toArray(buffer));
        BufferUtil.clear(buffer);
        n = fill(buffer);
      }
      stream.shutdownOutput();
    } catch (IOException | InterruptedException gone) {
      log.debug("a browser's socket ends: {}", gone.getMessage());
      end();
    }
  }

  /// Bytes read, waiting for the first; negative at the end.
  private int fill(ByteBuffer buffer) throws IOException, InterruptedException {
    int n = getEndPoint().fill(buffer);
    while (n == 0) {
      CompletableFuture<Void> next = new CompletableFuture<>();
      readable = Optional.of(next);
      fillInterested();
      try {
        next.get();
      } catch (ExecutionException failed) {
        throw new IOException(failed.getCause());
      }
      n = getEndPoint().fill(buffer);
    }
    return n;
  }

  @Override
  public void onFillable() {
    readable.ifPresent(waiting -> waiting.complete(null));
  }

  @Override
  public void onFillInterestedFailed(Throwable cause) {
    readable.ifPresent(waiting -> waiting.completeExceptionally(cause));
  }

  private void toBrowser() {
    byte[] bytes = new byte[COPY_BYTES];
    try {
      int n = fromApp.read(bytes);
      while (n >= 0) {
        Callback.Completable written = new Callback.Completable();
        getEndPoint().write(written, ByteBuffer.wrap(bytes, 0, n));
        written.get();
        n = fromApp.read(bytes);
      }
    } catch (IOException | InterruptedException | ExecutionException gone) {
      log.debug("an app's socket ends: {}", gone.getMessage());
    }
    end();
  }

  private void end() {
    entry.close();
    stream.reset();
    close();
  }
}
