package dev.warren.scripted;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A provider of models whose answers stand in a script. Listens on the loopback address. All
/// methods may be called from any thread.
public final class ScriptedModel implements AutoCloseable {
  private static final int BACKLOG = 4_096;

  private final int wantedPort;
  private volatile Playbook playbook;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger openStreams = new AtomicInteger();
  private final AtomicInteger disconnects = new AtomicInteger();

  private final RequestLog requests = new RequestLog();
  private final RequestLog asides = new RequestLog();

  private volatile Optional<ServerSocket> listener = Optional.empty();

  /// A script and how often its rules were used.
  record Playbook(Script script, Matching matching) {}

  /// On a port that is free.
  public ScriptedModel(Script script) {
    this(script, 0);
  }

  public ScriptedModel(Script script, int port) {
    this.wantedPort = port;
    this.playbook = new Playbook(script, new Matching(script.rules()));
  }

  public void start() {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wantedPort), BACKLOG);
      listener = Optional.of(socket);
      Thread.ofVirtual().name("scripted-model").start(() -> accept(socket));
    } catch (IOException e) {
      throw new UncheckedIOException("The port " + wantedPort + " cannot be listened on.", e);
    }
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        connections.add(client);
        Thread.ofVirtual()
            .name("scripted-model-connection")
            .start(() -> {
              try (client) {
                new Connection(this, client).serve();
              } catch (IOException e) {
                // The client has gone; what it asked for is recorded.
              } finally {
                connections.remove(client);
              }
            });
      } catch (IOException e) {
        // Closed, which ends the loop, or one client went before it was met.
      }
    }
  }

  public int port() {
    return listener.orElseThrow(() -> new IllegalStateException("not started")).getLocalPort();
  }

  /// The base URL for kind `anthropic`.
  public String anthropicUrl() {
    return "http://127.0.0.1:" + port();
  }

  /// The base URL for the kinds `openai` and `openai_compatible`.
  public String openAiUrl() {
    return anthropicUrl() + "/v1";
  }

  /// Answers from another script from now on.
  public void use(Script script) {
    playbook = new Playbook(script, new Matching(script.rules()));
  }

  Playbook playbook() {
    return playbook;
  }

  /// The newest requests for a title or a summary, oldest first; [#requests] leaves them out.
  public List<RecordedRequest> asides() {
    return asides.all();
  }

  /// The newest requests, oldest first: up to 1,000, and up to 16 MiB of bodies.
  public List<RecordedRequest> requests() {
    return requests.all();
  }

  /// @param size of its body in bytes
  void record(RecordedRequest request, int size, boolean aside) {
    (aside ? asides : requests).add(request, size);
  }

  /// Answers that are being streamed now.
  public int openStreams() {
    return openStreams.get();
  }

  /// Answers of which the client did not want the end.
  public int disconnects() {
    return disconnects.get();
  }

  void streamBegins() {
    openStreams.incrementAndGet();
  }

  void streamEnds(boolean clientGone) {
    if (clientGone) {
      disconnects.incrementAndGet();
    }
    openStreams.decrementAndGet();
  }

  /// Closes the port and every connection.
  @Override
  public void close() {
    listener.ifPresent(ScriptedModel::closeQuietly);
    connections.forEach(ScriptedModel::closeQuietly);
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // Nothing is left to do with it.
    }
  }
}
