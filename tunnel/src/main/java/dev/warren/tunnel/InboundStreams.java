package dev.warren.tunnel;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.StreamKind;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves what peers open: reads a stream's header, asks the approvals, and runs the acceptor, all
/// on the stream's own virtual thread. Pings and speed tests it answers by itself.
final class InboundStreams {
  private static final Logger LOG = LoggerFactory.getLogger(InboundStreams.class);

  private final StreamAcceptor acceptor;
  private final Function<NodeId, Set<StreamKind>> approvals;
  private final Semaphore free = new Semaphore(Limits.STREAMS_ACCEPTED);

  InboundStreams(StreamAcceptor acceptor, Function<NodeId, Set<StreamKind>> approvals) {
    this.acceptor = acceptor;
    this.approvals = approvals;
  }

  /// Called on the event loop for each new stream of a peer that proved its key.
  void serve(TunnelConnection connection, QuicPipe pipe) {
    if (!free.tryAcquire()) {
      pipe.reset();
      return;
    }
    Thread.ofVirtual()
        .name("tunnel-stream")
        .start(() -> {
          try {
            serveHere(connection, pipe);
          } catch (IOException e) {
            LOG.debug("a stream from {} failed: {}", connection.peer().brief(), e.getMessage());
            pipe.reset();
          } finally {
            free.release();
          }
        });
  }

  private void serveHere(TunnelConnection connection, QuicPipe pipe) throws IOException {
    long timeoutNanos = Limits.HEADER.toNanos();
    byte[] code = new byte[1];
    try {
      QuicStream.readFully(pipe, code, timeoutNanos);
      String target = QuicStream.readText(pipe, timeoutNanos);
      if (code[0] == StreamHeader.CONTROL) {
        connection.serveControl(pipe, target);
        return;
      }
      serveStream(connection.peer(), pipe, code[0], target);
    } catch (SocketTimeoutException e) {
      pipe.reset();
    }
  }

  private void serveStream(NodeId peer, QuicPipe pipe, byte code, String target)
      throws IOException {
    Optional<StreamKind> kind = StreamKind.ofCode(code);
    if (kind.isEmpty() || !approvals.apply(peer).contains(kind.get())) {
      String name = kind.map(StreamKind::toString).orElse("kind " + code);
      byte[] answer =
          StreamHeader.refused("this node may not open %s streams here".formatted(name));
      pipe.write(answer, 0, answer.length);
      pipe.close();
      return;
    }
    QuicStream stream = QuicStream.accepted(pipe, peer, kind.get(), target);
    try {
      switch (kind.get()) {
        case PING -> stream.input().transferTo(stream.output());
        case SPEEDTEST -> SpeedTest.serve(stream);
        case HTTP, SSH, TERMINAL, TCP -> acceptor.accept(stream);
      }
      stream.close();
    } catch (InterruptedException e) {
      stream.reset();
    } catch (IOException e) {
      LOG.debug("{} ended: {}", stream, e.getMessage());
      stream.reset();
    } catch (Exception e) {
      LOG.warn("{} failed", stream, e);
      stream.reset();
    }
  }
}
