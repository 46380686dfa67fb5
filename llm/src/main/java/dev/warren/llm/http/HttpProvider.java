package dev.warren.llm.http;

import dev.warren.llm.Completion;
import dev.warren.llm.ModelRequest;
import dev.warren.llm.Provider;
import dev.warren.llm.ProviderException;
import dev.warren.llm.ProviderException.Kind;
import dev.warren.llm.ProviderSettings;
import dev.warren.llm.StreamEvent;
import dev.warren.llm.http.HttpConnection.Response;
import dev.warren.llm.wire.Endpoint;
import dev.warren.llm.wire.EventReader;
import dev.warren.llm.wire.Failures;
import dev.warren.llm.wire.Formats;
import dev.warren.llm.wire.Framing;
import dev.warren.llm.wire.StreamFailure;
import dev.warren.llm.wire.WireEvent;
import dev.warren.llm.wire.WireFormat;
import dev.warren.llm.wire.WireJson;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A provider over HTTP/1.1, whatever its wire format: one connection a stream. (HTTP/2 would put
/// all streams of a provider onto one connection and its limits.) Redirects are never followed.
public final class HttpProvider implements Provider {
  /// Bytes of an error body that are looked at.
  static final int ERROR_BYTES_MAX = 64 * 1024;

  /// A media type that is safe to show.
  private static final Pattern MEDIA_TYPE = Pattern.compile("[a-z]+/[a-z0-9.+-]{1,60}");

  private final ProviderSettings settings;
  private final Endpoint endpoint;
  private final Failures.Asked asked;
  private final Formats formats;
  private final Credentials credentials;
  private final Clock clock;
  private final ConnectionPool connections;
  private final SilenceWatch silence;

  public HttpProvider(ProviderSettings settings, Service service, Clock clock) {
    this.settings = settings;
    this.endpoint = service.endpoint();
    this.asked = Failures.Asked.of(settings, service.endpoint());
    this.formats = service.formats();
    this.credentials = service.credentials();
    this.clock = clock;
    this.silence = new SilenceWatch(settings.silence());
    this.connections = new ConnectionPool(new Dialer(endpoint, settings.network()));
  }

  @Override
  public Completion stream(ModelRequest request, Consumer<StreamEvent> events)
      throws InterruptedException {
    WireFormat format = formats.of(request.model());
    try {
      return stream(format, request, events);
    } catch (ProviderException e) {
      Optional<WireFormat> instead = formats.instead(format, e);
      if (instead.isPresent()) {
        Completion completion = stream(instead.get(), request, events);
        formats.turn();
        return completion;
      }
      throw e;
    }
  }

  /// @param post the request as it is sent
  private record Question(
      WireFormat format, String model, byte[] post, Consumer<StreamEvent> events) {}

  private Completion stream(WireFormat format, ModelRequest request, Consumer<StreamEvent> events)
      throws InterruptedException {
    Question question = new Question(format, request.model(), post(format, request), events);
    Optional<HttpConnection> idle = connections.reuse();
    if (idle.isPresent()) {
      Optional<Completion> completion = ask(question, idle.get(), true);
      if (completion.isPresent()) {
        return completion.get();
      }
    }
    return ask(question, connect(), false).orElseThrow();
  }

  private byte[] post(WireFormat format, ModelRequest request) throws InterruptedException {
    byte[] body = WireJson.MAPPER.writeValueAsBytes(format.body(request));
    URI uri = endpoint.resolve(format.path(request.model()));
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Accept", format.framing().mediaType());
    headers.put("User-Agent", "warren");
    headers.putAll(format.headers());
    headers.putAll(credentials.headers(uri, body));
    // An administrator's header replaces the adapter's, in whatever case it is written.
    settings
        .headers()
        .forEach((name, value) -> {
          headers.keySet().removeIf(name::equalsIgnoreCase);
          headers.put(name, value);
        });
    return HttpConnection.post(uri, headers, body);
  }

  private HttpConnection connect() throws InterruptedException {
    try {
      return connections.open();
    } catch (IOException e) {
      throw broken(e, ConnectFailure.words(e));
    }
  }

  /// @param reused the connection may have been closed by the other side in the meantime
  /// @return nothing when it was, so that the request has to go out on another one
  private Optional<Completion> ask(Question question, HttpConnection connection, boolean reused)
      throws InterruptedException {
    boolean whole = false;
    SilenceWatch.Watched watched = silence.watch(connection::close);
    try {
      Response response = connection.send(question.post());
      watched.touch();
      if (response.status() != 200) {
        throw refused(response, question.model());
      }
      requireEvents(question, response);
      Completion completion = read(question, new TouchingStream(response.body(), watched), watched);
      whole = true;
      connections.release(connection, response.body());
      return Optional.of(completion);
    } catch (IOException e) {
      if (watched.expired()) {
        throw silent(e);
      }
      if (reused && !connection.answered() && !Thread.currentThread().isInterrupted()) {
        return Optional.empty();
      }
      throw broken(e, "closed the connection before it answered");
    } finally {
      watched.close();
      if (!whole) {
        connections.drop(connection);
      }
    }
  }

  private Completion read(Question question, InputStream body, SilenceWatch.Watched watched)
      throws InterruptedException {
    EventReader events = question.format().framing().reader(body);
    WireFormat.AnswerStream answer = question.format().answer(question.events());
    try {
      Optional<WireEvent> event = events.next();
      while (event.isPresent() && !answer.accept(event.get())) {
        event = events.next();
      }
      return answer.completion().orElseThrow(() -> truncated(answer.started()));
    } catch (StreamFailure e) {
      throw Failures.of(
          e.detail(), Optional.empty(), Optional.empty(), asked.withModel(question.model()));
    } catch (IOException e) {
      if (!Thread.currentThread().isInterrupted()) {
        Optional<Completion> whole = answer.completion();
        if (whole.isPresent()) {
          return whole.get();
        }
        if (answer.started() && !watched.expired()) {
          throw failure(Kind.TRUNCATED, "broke off within its answer", e);
        }
      }
      throw watched.expired() ? silent(e) : broken(e, "closed the connection before it answered");
    }
  }

  private ProviderException refused(Response response, String model) throws IOException {
    byte[] bytes = response.body().readNBytes(ERROR_BYTES_MAX);
    String text = new String(bytes, StandardCharsets.UTF_8).strip();
    // Google's OpenAI-compatible endpoint wraps its errors in an array.
    boolean array = text.startsWith("[") && text.endsWith("]");
    JsonNode body =
        WireJson.object(array ? text.substring(1, text.length() - 1) : text)
            .orElseGet(JsonNodeFactory.instance::objectNode);
    String requestId =
        response
            .header("request-id")
            .or(() -> response.header("x-request-id"))
            .or(() -> response.header("x-amzn-requestid"))
            .orElse("");
    // AWS names the kind of an error in a header, perhaps with a URL behind it.
    String type = response.header("x-amzn-errortype").orElse("").split(":", 2)[0];
    return Failures.of(
        Failures.Detail.of(response.status(), body, requestId).withType(type),
        RetryAfter.of(response::header, body, clock),
        response.header("x-should-retry").map(Boolean::parseBoolean),
        asked.withModel(model));
  }

  private void requireEvents(Question question, Response response) throws IOException {
    Framing framing = question.format().framing();
    String type = response.header("content-type").orElse("").toLowerCase(Locale.ROOT);
    if (type.isEmpty() || type.startsWith(framing.mediaType()) || type.startsWith("text/plain")) {
      return;
    }
    if (type.startsWith("application/json")) {
      throw refused(response, question.model());
    }
    String media = type.split(";", 2)[0].strip();
    throw new ProviderException(
        Kind.INVALID_REQUEST,
        200,
        Optional.empty(),
        "The provider at "
            + endpoint.shown()
            + " did not answer with an event stream"
            + (MEDIA_TYPE.matcher(media).matches() ? " but with " + media : "")
            + ": something else answers there; check the base URL, and proxies in between.");
  }

  /// What an exception of the connection means: an interruption, silence, or a broken connection.
  private ProviderException broken(IOException cause, String what) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while a model answered");
    }
    return failure(Kind.NETWORK, what, cause);
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

  @Override
  public void close() {
    connections.close();
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
