package dev.warren.server.http;

import dev.warren.server.access.Caller;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs answers that last: events to a reader, as server-sent events or over a WebSocket, followed
/// bodies, and conversations over sockets. Each is entered in [LiveStreams] while it lasts.
final class Streams {
  /// A stream that has nothing to say says so this often.
  static final Duration PING_INTERVAL = Duration.ofSeconds(15);

  /// Most bytes that one write gathers.
  private static final int WRITE_BYTES_MAX = 256 * 1024;

  /// The close code when the caller's credential is good no more.
  static final int CLOSE_REVOKED = 4401;

  private static final Duration OPEN_MAX = Duration.ofSeconds(10);
  private static final byte[] PING = ": ping\n\n".getBytes(StandardCharsets.UTF_8);
  private static final Logger log = LoggerFactory.getLogger(Streams.class);

  private final LiveStreams live;
  private final Upgrades upgrades;

  Streams(LiveStreams live, Upgrades upgrades) {
    this.live = live;
    this.upgrades = upgrades;
  }

  /// Sends what `source` gives until its end, the reader's, or ours.
  void events(EventSource source, Optional<Caller> caller, boolean upgrade, Answers answers) {
    if (!upgrade) {
      serverSent(source, caller, answers);
      return;
    }
    Optional<JettySocket> accepted;
    try {
      accepted = accept(answers, true);
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
    JettySocket socket = accepted.orElseThrow();
    Thread.ofVirtual().name("events").start(() -> overSocket(source, caller, socket));
  }

  private Optional<JettySocket> accept(Answers answers, boolean discards) {
    Optional<JettySocket> socket =
        upgrades.accept(answers.request(), answers.response(), answers.callback(), discards);
    if (socket.isEmpty()) {
      throw Problems.badRequest("the WebSocket handshake is not complete");
    }
    return socket;
  }

  private void serverSent(EventSource source, Optional<Caller> caller, Answers answers) {
    LiveStreams.Live entry = live.enter(caller, () -> {});
    ServerSentOutlet outlet = new ServerSentOutlet(answers, entry::interrupt);
    try (source) {
      source.outlet(outlet);
      answers.head(
          200,
          "text/event-stream",
          Map.of("Cache-Control", "no-cache, no-transform", "X-Accel-Buffering", "no"));
      answers.write(ByteBuffer.wrap(PING));
      Optional<List<Frame>> frames = source.next(PING_INTERVAL);
      while (frames.isPresent() && entry.ended().isEmpty()) {
        write(frames.get(), answers);
        frames = source.next(PING_INTERVAL);
      }
      outlet.end();
    } catch (InterruptedException e) {
      outlet.end();
    } catch (IOException e) {
      log.debug("a reader of events is gone", e);
      answers.fail(e);
    } finally {
      live.leave(entry);
      // The end may have come as an interruption that nobody saw.
      Thread.interrupted();
    }
  }

  private static void write(List<Frame> frames, Answers answers) throws IOException {
    if (frames.isEmpty()) {
      answers.write(ByteBuffer.wrap(PING));
      return;
    }
    int at = 0;
    while (at < frames.size()) {
      int bytes = frames.get(at).lines().length;
      int end = at + 1;
      while (end < frames.size() && bytes + frames.get(end).lines().length <= WRITE_BYTES_MAX) {
        bytes += frames.get(end).lines().length;
        end++;
      }
      ByteBuffer gathered = ByteBuffer.allocate(bytes);
      for (Frame frame : frames.subList(at, end)) {
        gathered.put(frame.lines());
      }
      answers.write(gathered.flip());
      at = end;
    }
  }

  private void overSocket(EventSource source, Optional<Caller> caller, JettySocket socket) {
    LiveStreams.Live entry = live.enter(caller, socket::ping);
    try (source) {
      source.outlet(
          (frames, done) -> socket.send(frames.stream().map(Frame::message).toList(), done));
      // Its thread waits in the source: an interruption tells it that nobody reads any more.
      socket.whenEnded(entry::interrupt);
      if (!socket.awaitOpen(OPEN_MAX)) {
        return;
      }
      Optional<List<Frame>> frames = source.next(PING_INTERVAL);
      while (frames.isPresent() && entry.ended().isEmpty() && socket.isOpen()) {
        if (!frames.get().isEmpty()) {
          socket.sendTexts(frames.get().stream().map(Frame::message).toList());
        }
        frames = source.next(PING_INTERVAL);
      }
      close(socket, entry);
    } catch (InterruptedException e) {
      close(socket, entry);
    } catch (IOException e) {
      log.debug("a reader of events is gone", e);
      socket.abort();
    } catch (RuntimeException e) {
      log.error("a stream of events failed", e);
      socket.close(CloseStatus.SERVER_ERROR, "internal error");
    } finally {
      live.leave(entry);
    }
  }

  /// Runs a conversation on a thread of its own, once the socket is open.
  void talk(SocketAction.Conversation conversation, Optional<Caller> caller, Answers answers) {
    JettySocket socket = accept(answers, false).orElseThrow();
    Thread.ofVirtual().name("socket").start(() -> converse(conversation, caller, socket));
  }

  private void converse(
      SocketAction.Conversation conversation, Optional<Caller> caller, JettySocket socket) {
    LiveStreams.Live entry = live.enter(caller, socket::ping);
    try {
      if (socket.awaitOpen(OPEN_MAX)) {
        conversation.run(socket);
        close(socket, entry);
      }
    } catch (InterruptedException e) {
      close(socket, entry);
    } catch (ProblemException e) {
      socket.close(CloseStatus.POLICY_VIOLATION, brief(e.problem().detail()));
    } catch (IOException e) {
      log.debug("the peer of a socket is gone", e);
      socket.abort();
    } catch (Exception e) {
      log.error("a conversation over a socket failed", e);
      socket.close(CloseStatus.SERVER_ERROR, "internal error");
    } finally {
      live.leave(entry);
    }
  }

  private static void close(JettySocket socket, LiveStreams.Live entry) {
    LiveStreams.End why = entry.ended().orElse(null);
    // Our own interruption must not cut the closing frame.
    Thread.interrupted();
    if (why == null) {
      socket.close(CloseStatus.NORMAL, "");
      return;
    }
    switch (why) {
      case REVOKED -> socket.close(CLOSE_REVOKED, "signed out");
      case STOPPING -> socket.close(CloseStatus.SHUTDOWN, "the server is stopping");
    }
  }

  /// A close frame holds 123 bytes of reason.
  private static String brief(String reason) {
    return reason.length() <= 60 ? reason : reason.substring(0, 60);
  }

  /// Sends a body that is written as it comes.
  void follow(Response.Stream stream, Request asked, Answers answers) {
    answers.head(stream.status(), stream.mediaType(), stream.headers());
    stream
        .length()
        .ifPresent(
            length -> answers.response().getHeaders().put("Content-Length", Long.toString(length)));
    if (answers.request().getMethod().equals("HEAD")) {
      answers.end();
      return;
    }
    LiveStreams.Live entry = live.enter(asked.anyCaller(), () -> {});
    try (OutputStream out = new BodyStream(answers)) {
      stream.body().write(out);
      out.flush();
      answers.end();
    } catch (InterruptedException | InterruptedIOException e) {
      answers.fail(e);
    } catch (IOException e) {
      log.debug("the reader of a stream is gone", e);
      answers.fail(e);
    } finally {
      live.leave(entry);
      Thread.interrupted();
    }
  }
}
