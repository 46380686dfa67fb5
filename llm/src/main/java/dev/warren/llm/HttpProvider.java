package dev.warren.llm;

import dev.warren.llm.ProviderException.Kind;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A provider over HTTP/1.1, whatever its wire format. One connection a stream: the JDK's HTTP/2
/// client fails past a server's stream limit (JDK-8225647). Redirects are never followed.
final class HttpProvider implements Provider {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);

  /// Bytes of an error body that are looked at.
  static final int ERROR_BYTES_MAX = 64 * 1024;

  private final ProviderSettings settings;
  private final Endpoint endpoint;
  private final WireFormat format;
  private final Clock clock;
  private final HttpClient client;
  private final SilenceWatch silence;

  HttpProvider(ProviderSettings settings, Endpoint endpoint, WireFormat format, Clock clock) {
    this.settings = settings;
    this.endpoint = endpoint;
    this.format = format;
    this.clock = clock;
    this.silence = new SilenceWatch(settings.silence());
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .proxy(ProxySelector.getDefault())
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  @Override
  public Completion stream(ModelRequest request, Consumer<StreamEvent> events)
      throws InterruptedException {
    byte[] body = WireJson.MAPPER.writeValueAsBytes(format.body(request));
    HttpResponse<InputStream> response = send(httpRequest(body));
    try (InputStream in = response.body()) {
      if (response.statusCode() != 200) {
        throw refused(response.statusCode(), response.headers(), in);
      }
      requireEventStream(response.headers(), in);
      return read(in, format.answer(events));
    } catch (IOException e) {
      throw broken(e, false);
    }
  }

  private HttpRequest httpRequest(byte[] body) {
    URI uri = endpoint.resolve(format.path());
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(uri)
            .timeout(settings.silence())
            .header("Content-Type", "application/json")
            .header("Accept", "text/event-stream")
            .header("User-Agent", "warren")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    for (Map<String, String> headers :
        java.util.List.of(format.headers(settings.apiKey()), settings.headers())) {
      headers.forEach(builder::setHeader);
    }
    return builder.build();
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws InterruptedException {
    try {
      endpoint.requireAllowed();
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (UnknownHostException e) {
      throw failure(Kind.NETWORK, "cannot be found: its name is unknown; check the base URL", e);
    } catch (HttpConnectTimeoutException e) {
      throw failure(Kind.NETWORK, "did not accept a connection in time", e);
    } catch (HttpTimeoutException e) {
      throw silent(e);
    } catch (ConnectException e) {
      throw failure(Kind.NETWORK, "refused the connection; check the base URL", e);
    } catch (SSLException e) {
      throw failure(Kind.NETWORK, "failed in the TLS handshake; check the base URL", e);
    } catch (IOException e) {
      throw broken(e, false);
    }
  }

  private Completion read(InputStream in, WireFormat.AnswerStream answer)
      throws InterruptedException {
    try (SilenceWatch.Watched watched = silence.watch(() -> closeQuietly(in))) {
      try {
        SseReader events = new SseReader(new TouchingStream(in, watched));
        while (true) {
          Optional<SseEvent> event = events.next();
          if (event.isEmpty()) {
            return answer.completion().orElseThrow(() -> truncated(answer.started()));
          }
          if (answer.accept(event.get())) {
            return answer.completion().orElseThrow(() -> truncated(answer.started()));
          }
        }
      } catch (StreamFailure e) {
        throw Failures.of(e.detail(), Optional.empty(), endpoint);
      } catch (IOException e) {
        if (interrupted(e)) {
          throw new InterruptedException("interrupted while a model answered");
        }
        Optional<Completion> whole = answer.completion();
        if (whole.isPresent()) {
          return whole.get();
        }
        throw watched.expired() ? silent(e) : broken(e, answer.started());
      }
    }
  }

  private ProviderException refused(int status, HttpHeaders headers, InputStream in)
      throws IOException, InterruptedException {
    JsonNode body;
    try (SilenceWatch.Watched watched = silence.watch(() -> closeQuietly(in))) {
      String text = new String(in.readNBytes(ERROR_BYTES_MAX), StandardCharsets.UTF_8);
      watched.touch();
      body =
          WireJson.object(text.strip().startsWith("[") ? firstOf(text) : text)
              .<JsonNode>map(o -> o)
              .orElseGet(JsonNodeFactory.instance::objectNode);
    } catch (IOException e) {
      if (interrupted(e)) {
        throw new InterruptedException("interrupted while a provider answered");
      }
      body = JsonNodeFactory.instance.objectNode();
    }
    String requestId =
        headers.firstValue("request-id").or(() -> headers.firstValue("x-request-id")).orElse("");
    return Failures.of(
        Failures.Detail.of(status, body, requestId),
        RetryAfter.of(headers::firstValue, body, clock),
        endpoint);
  }

  /// Google's OpenAI-compatible endpoint wraps its errors in an array.
  private static String firstOf(String array) {
    String text = array.strip();
    return text.substring(1, text.length() - 1);
  }

  private void requireEventStream(HttpHeaders headers, InputStream in)
      throws IOException, InterruptedException {
    String type = headers.firstValue("content-type").orElse("").toLowerCase(Locale.ROOT);
    if (type.isEmpty() || type.startsWith("text/event-stream") || type.startsWith("text/plain")) {
      return;
    }
    if (type.startsWith("application/json")) {
      throw refused(200, headers, in);
    }
    throw failure(
        Kind.INVALID_REQUEST,
        "did not answer with an event stream; check the base URL",
        new IOException("unexpected content type"));
  }

  private ProviderException broken(IOException cause, boolean begun) throws InterruptedException {
    if (interrupted(cause)) {
      throw new InterruptedException("interrupted while a model answered");
    }
    return begun
        ? failure(Kind.TRUNCATED, "broke off within its answer", cause)
        : failure(Kind.NETWORK, "closed the connection before it answered", cause);
  }

  private ProviderException truncated(boolean begun) {
    return new ProviderException(
        begun ? Kind.TRUNCATED : Kind.NETWORK,
        200,
        Optional.empty(),
        "The provider at " + endpoint.shown() + " ended its answer without its end.");
  }

  private ProviderException silent(IOException cause) {
    return failure(
        Kind.SILENCE, "sent nothing for " + settings.silence().toSeconds() + " seconds", cause);
  }

  private ProviderException failure(Kind kind, String what, IOException cause) {
    return new ProviderException(
        kind, 0, Optional.empty(), "The provider at " + endpoint.shown() + " " + what + ".", cause);
  }

  private static boolean interrupted(IOException e) {
    return Thread.currentThread().isInterrupted()
        || e instanceof InterruptedIOException
        || e instanceof ClosedByInterruptException
        || e.getCause() instanceof InterruptedException;
  }

  private static void closeQuietly(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      // The reader meets the same failure and reports it.
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  @Override
  public String toString() {
    return settings.kind() + " at " + endpoint.shown();
  }

  /// Tells the watch of each read that brought something.
  private static final class TouchingStream extends FilterInputStream {
    private final SilenceWatch.Watched watched;

    TouchingStream(InputStream in, SilenceWatch.Watched watched) {
      super(in);
      this.watched = watched;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = in.read(target, offset, length);
      watched.touch();
      return count;
    }
  }
}
