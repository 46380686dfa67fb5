package dev.warren.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// Connections are used again, and one that the server has closed meanwhile is nobody's problem.
class ConnectionReuseTest {
  private static final String EVENTS =
      "data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\n"
          + "data: [DONE]\n\n";

  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final ServerSocket listener;
  private final Provider provider;

  /// Answers on one connection before it closes it.
  private volatile int answersEach = Integer.MAX_VALUE;

  /// The head and body of each answer.
  private volatile String answer =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n"
          + Integer.toHexString(EVENTS.length())
          + "\r\n"
          + EVENTS
          + "\r\n0\r\nTrailer: x\r\n\r\n";

  ConnectionReuseTest() throws IOException {
    listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
    provider =
        Providers.create(
            new ProviderSettings(
                "openai_compatible",
                Optional.of(URI.create("http://127.0.0.1:" + listener.getLocalPort())),
                Optional.empty(),
                Map.of(),
                Duration.ofSeconds(20)));
  }

  private void serve() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> answer(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void answer(Socket client) {
    try (client) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
      for (int i = 0; i < answersEach; i++) {
        int length = 0;
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
          if (line.startsWith("Content-Length: ")) {
            length = Integer.parseInt(line.substring(16));
          }
        }
        if (in.skip(length) < length) {
          return;
        }
        requests.incrementAndGet();
        client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException | NullPointerException e) {
      // The client has closed the connection.
    }
  }

  @AfterEach
  void close() throws IOException {
    provider.close();
    listener.close();
  }

  private Completion ask() throws InterruptedException {
    return provider.stream(
        new ModelRequest(
            "m",
            "",
            List.of(),
            List.of(new Message(Message.Role.USER, List.of(Part.Text.of("hi")))),
            Optional.empty(),
            JsonNodeFactory.instance.objectNode(),
            ""),
        event -> {});
  }

  /// Asks until a connection was used twice; fails after 20 s. The connection comes back a moment
  /// after the answer.
  private void askUntilReused() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (connections.get() == requests.get()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      ask();
    }
  }

  @Test
  void aConnectionCarriesOneRequestAfterTheOther() throws Exception {
    ask();
    askUntilReused();
    assertThat(requests.get()).isGreaterThan(connections.get());
  }

  @Test
  void aConnectionThatTheServerClosedIsReplaced() throws Exception {
    answersEach = 1;
    for (int i = 0; i < 50; i++) {
      assertThat(ask().parts()).containsExactly(Part.Text.of("x"));
    }
    assertThat(requests.get()).isEqualTo(50);
  }

  @Test
  void bodiesOfKnownLengthAndUntilTheCloseAreRead() throws Exception {
    answer =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: "
            + EVENTS.length()
            + "\r\n\r\n"
            + EVENTS;
    assertThat(ask().parts()).containsExactly(Part.Text.of("x"));
    answersEach = 1;
    answer = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + EVENTS;
    assertThat(ask().parts()).containsExactly(Part.Text.of("x"));
  }

  @Test
  void answersThatAreNoHttpAreErrors() {
    for (String wrong :
        List.of(
            "SSH-2.0-OpenSSH\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\n",
            "HTTP/1.1 200 OK\r\nno header\r\n\r\n")) {
      answer = wrong;
      answersEach = 1;
      ProviderException e = catchThrowableOfType(ProviderException.class, this::ask);
      assertThat(e.kind()).as(wrong).isEqualTo(ProviderException.Kind.NETWORK);
    }
  }
}
