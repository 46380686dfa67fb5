package dev.warren.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.Json;
import dev.warren.protocol.UuidV7;
import dev.warren.server.access.Caller;
import dev.warren.server.access.Role;
import dev.warren.server.access.Scope;
import dev.warren.server.access.UserId;
import dev.warren.server.db.PostgresForTests;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class HttpServerTest {
  @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();

  private final FakeAuthenticator people = new FakeAuthenticator();
  private final BlockingQueue<Frame> events = new LinkedBlockingQueue<>();
  private final AtomicInteger created = new AtomicInteger();
  private final AtomicInteger sourcesClosed = new AtomicInteger();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private HttpServer server;
  private Caller ann;

  record Inner(String type, Optional<String> text) {}

  record Body(String name, int size, List<Inner> parts, Optional<Boolean> flag) {}

  record Thing(UUID id, String name) {}

  @BeforeEach
  void start() throws IOException {
    UserId user = new UserId(UuidV7.next());
    postgres
        .database()
        .use(handle ->
            handle.execute(
                "INSERT INTO users (id, email, username, role) VALUES (?, ?, ?, 'member')",
                user,
                user + "@example.com",
                user.toString()));
    ann = people.add("ann", user, Role.MEMBER, Scope.ALL);
    people.add("reader", user, Role.MEMBER, Scope.READ);
    people.add("root", user, Role.ADMIN, Scope.ALL);
    server =
        new HttpServer(
            new HttpSettings(
                new InetSocketAddress("127.0.0.1", 0), URI.create("http://warren.test"), Set.of()),
            List.of(
                Route.get(
                    "/api/v1/who",
                    Access.USER,
                    request -> Response.ok(request.caller().username())),
                Route.get("/api/v1/open", Access.OPEN, request -> Response.ok(List.of(1))),
                Route.get("/api/v1/admin", Access.ADMIN, request -> Response.ok(List.of())),
                Route.get(
                        "/api/v1/list",
                        Access.USER,
                        request -> Response.ok(List.of(request.page().limit())))
                    .paged(),
                Route.post("/api/v1/things", Access.USER, this::create)
                    .accepts(Body.class)
                    .idempotently(),
                Route.get(
                    "/api/v1/things/{id}", Access.USER, request -> Response.ok(request.id("id"))),
                Route.get(
                    "/d/{platform}.tar.gz",
                    Access.OPEN,
                    request -> Response.ok(request.path("platform"))),
                Route.post("/api/v1/go", Access.USER, request -> Response.noContent()),
                Route.get(
                    "/api/v1/fault",
                    Access.USER,
                    request -> {
                      throw new IllegalStateException("x");
                    }),
                Route.events("/api/v1/events", Access.USER, request -> new QueueSource()),
                Route.socket("/api/v1/echo", Access.USER, request -> HttpServerTest::echo)),
            people,
            Optional.of(postgres.database()),
            List.of(),
            new SimpleMeterRegistry());
    server.start();
  }

  private Response create(Request request) {
    created.incrementAndGet();
    return Response.created(new Thing(request.newId(), request.body(Body.class).name()));
  }

  private static void echo(dev.warren.server.http.Socket socket) throws Exception {
    while (true) {
      switch (socket.receive(Duration.ofSeconds(10)).orElseThrow()) {
        case dev.warren.server.http.Socket.Message.Text(String text) ->
            socket.sendText("got " + text);
        case dev.warren.server.http.Socket.Message.Binary(byte[] bytes) -> socket.sendBinary(bytes);
        case dev.warren.server.http.Socket.Message.Closed closed -> {
          return;
        }
      }
    }
  }

  private final class QueueSource implements EventSource {
    @Override
    public Optional<List<Frame>> next(Duration wait) throws InterruptedException {
      List<Frame> frames = new ArrayList<>();
      Frame first = events.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
      if (first != null) {
        frames.add(first);
        events.drainTo(frames);
      }
      return frames.stream().anyMatch(frame -> frame.event().equals("end"))
          ? Optional.empty()
          : Optional.of(frames);
    }

    @Override
    public void close() {
      sourcesClosed.incrementAndGet();
    }
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @Test
  void aTokenProvesTheCaller() throws Exception {
    assertThat(send(get("/api/v1/who", "ann")).body()).isEqualTo("\"ann\"");
    assertProblem(send(get("/api/v1/who", "nobody")), 401);
    assertProblem(send(HttpRequest.newBuilder(uri("/api/v1/who")).build()), 401);
  }

  @Test
  void aCookieAloneProvesNothing() throws Exception {
    var cookieOnly =
        HttpRequest.newBuilder(uri("/api/v1/who")).header("Cookie", "warren_session=ann");
    assertProblem(send(cookieOnly.build()), 403);
    assertThat(send(cookieOnly.header("X-Warren-CSRF", "csrf-ann").build()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void rolesAndScopesAreChecked() throws Exception {
    assertProblem(send(get("/api/v1/admin", "ann")), 403);
    assertThat(send(get("/api/v1/admin", "root")).statusCode()).isEqualTo(200);
    assertThat(send(get("/api/v1/who", "reader")).statusCode()).isEqualTo(200);
    assertProblem(send(post("/api/v1/go", "reader", "")), 403);
  }

  @Test
  void unknownHostsAndForeignOriginsAreRefused() throws Exception {
    assertThat(raw("GET /api/v1/open HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 421 ");
    assertThat(raw("GET /api/v1/open HTTP/1.1\r\nHost: warren.test\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ");
    var foreign = post("/api/v1/go", "ann", "");
    assertProblem(
        send(
            HttpRequest.newBuilder(foreign, (name, value) -> true)
                .header("Origin", "http://evil.example")
                .build()),
        403);
  }

  @Test
  void unknownPathsMethodsAndParametersAreProblems() throws Exception {
    assertProblem(send(get("/api/v1/nothing", "ann")), 404);
    var wrongMethod = send(post("/api/v1/who", "ann", ""));
    assertProblem(wrongMethod, 405);
    assertThat(wrongMethod.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS");
    assertProblem(send(get("/api/v1/who?x=1", "ann")), 400);
    assertProblem(send(get("/api/v1/list?limit=0", "ann")), 400);
    assertProblem(send(get("/api/v1/list?limit=1&limit=2", "ann")), 400);
    assertProblem(send(get("/api/v1/things/17", "ann")), 400);
    assertProblem(send(get("/api/v1/fault", "ann")), 500);
    assertThat(send(get("/d/linux-amd64.tar.gz", "ann")).body()).isEqualTo("\"linux-amd64\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "null",
        "1",
        "{}",
        "{\"name\":\"a\",\"size\":1}",
        "{\"name\":1,\"size\":1,\"parts\":[]}",
        "{\"name\":\"a\",\"size\":\"1\",\"parts\":[]}",
        "{\"name\":\"a\",\"size\":1.5,\"parts\":[]}",
        "{\"name\":\"a\",\"parts\":[]}",
        "{\"name\":null,\"size\":1,\"parts\":[]}",
        "{\"name\":\"a\",\"size\":1,\"parts\":[{\"type\":\"x\",\"more\":1}]}",
        "{\"name\":\"a\",\"size\":1,\"parts\":[{}]}",
        "{\"name\":\"a\",\"size\":1,\"parts\":[],\"flag\":\"true\"}",
        "{\"name\":\"a\",\"name\":\"b\",\"size\":1,\"parts\":[]}",
        "{\"name\":\"a\",\"size\":1,\"parts\":[]} x",
      })
  void badBodiesAreRefused(String body) throws Exception {
    assertProblem(send(post("/api/v1/things", "ann", body)), 400);
    assertThat(created).hasValue(0);
  }

  @Test
  void aProblemNamesTheFieldByItsPath() throws Exception {
    var response =
        send(post("/api/v1/things", "ann", "{\"name\":\"a\",\"size\":1,\"parts\":[{\"type\":2}]}"));
    JsonNode error = Json.STRICT.readTree(response.body()).get("errors").get(0);
    assertThat(error.get("field").asString()).isEqualTo("parts[0].type");
    var missing = send(post("/api/v1/things", "ann", "{\"name\":\"a\",\"size\":1}"));
    error = Json.STRICT.readTree(missing.body()).get("errors").get(0);
    assertThat(error.get("field").asString()).isEqualTo("parts");
    assertThat(error.get("detail").asString()).isEqualTo("is required");
  }

  @Test
  void bodiesOverTheLimitOfAnotherTypeOrUnexpectedAreRefused() throws Exception {
    String large =
        "{\"name\":\"" + "a".repeat(Route.JSON_BYTES_MAX) + "\",\"size\":1,\"parts\":[]}";
    assertProblem(send(post("/api/v1/things", "ann", large)), 413);
    var form =
        HttpRequest.newBuilder(uri("/api/v1/things"))
            .header("Authorization", "Bearer ann")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("a=b"));
    assertProblem(send(form.build()), 415);
    assertProblem(send(post("/api/v1/go", "ann", "{\"a\":1}")), 400);
    assertThat(send(post("/api/v1/go", "ann", "{}")).statusCode()).isEqualTo(204);
    assertThat(send(post("/api/v1/go", "ann", "")).statusCode()).isEqualTo(204);
  }

  @Test
  void whatPostgresCannotHoldIsReplaced() throws Exception {
    var response =
        send(
            post(
                "/api/v1/things",
                "ann",
                "{\"name\":\"a\\u0000b\\ud800\",\"size\":1,\"parts\":[]}"));
    assertThat(Json.STRICT.readTree(response.body()).get("name").asString()).isEqualTo("a�b�");
  }

  @Test
  void aRepeatedRequestWithTheSameKeyAnswersTheSame() throws Exception {
    String body = "{\"name\":\"a\",\"size\":1,\"parts\":[]}";
    var first = send(keyed("k1", body));
    var second = send(keyed("k1", body));
    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(second.statusCode()).isEqualTo(201);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(created).hasValue(1);
    assertProblem(send(keyed("k1", body.replace("1", "2"))), 409);
    assertProblem(send(keyed("k".repeat(256), body)), 400);
  }

  @Test
  void manyAtOnceWithOneKeyCreateOneThing() throws Exception {
    String body = "{\"name\":\"a\",\"size\":1,\"parts\":[]}";
    var answers =
        java.util.stream.IntStream.range(0, 8)
            .mapToObj(i -> client.sendAsync(keyed("k2", body), BodyHandlers.ofString()))
            .toList();
    var bodies = answers.stream().map(answer -> answer.join().body()).distinct().toList();
    assertThat(bodies).hasSize(1);
    assertThat(created).hasValue(1);
  }

  @Test
  void eventsAreServerSent() throws Exception {
    events.add(new Frame("1", "delta", "{\"a\":1}".getBytes(StandardCharsets.UTF_8)));
    var response = client.send(get("/api/v1/events", "ann"), BodyHandlers.ofInputStream());
    assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
    try (var reader =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      assertThat(reader.readLine()).isEqualTo(": ping");
      assertThat(reader.readLine()).isEmpty();
      assertThat(reader.readLine()).isEqualTo("id: 1");
      assertThat(reader.readLine()).isEqualTo("event: delta");
      assertThat(reader.readLine()).isEqualTo("data: {\"a\":1}");
      assertThat(reader.readLine()).isEmpty();
      events.add(new Frame("2", "end", new byte[0]));
      assertThat(reader.readLine()).isNull();
    }
    awaitTrue(() -> sourcesClosed.get() == 1);
  }

  @Test
  void eventsComeOverAWebSocketToo() throws Exception {
    events.add(new Frame("1", "delta", "{\"a\":1}".getBytes(StandardCharsets.UTF_8)));
    events.add(new Frame("2", "delta", "{}".getBytes(StandardCharsets.UTF_8)));
    var listener = new Collector();
    WebSocket socket = webSocket("/api/v1/events", listener);
    assertThat(socket.getSubprotocol()).isEqualTo("warren");
    assertThat(listener.next()).isEqualTo("{\"id\":\"1\",\"event\":\"delta\",\"data\":{\"a\":1}}");
    assertThat(listener.next()).isEqualTo("{\"id\":\"2\",\"event\":\"delta\",\"data\":{}}");
    socket.sendText("ignored", true).join();
    events.add(new Frame("3", "end", new byte[0]));
    assertThat(listener.next()).isEqualTo("closed 1000");
  }

  @Test
  void aReaderThatLeavesClosesItsSource() throws Exception {
    var listener = new Collector();
    WebSocket socket = webSocket("/api/v1/events", listener);
    socket.sendClose(1000, "").join();
    awaitTrue(() -> sourcesClosed.get() == 1);
  }

  @Test
  void aSocketEchoes() throws Exception {
    var listener = new Collector();
    WebSocket socket = webSocket("/api/v1/echo", listener);
    for (int i = 0; i < 100; i++) {
      socket.sendText("n" + i, true).join();
    }
    for (int i = 0; i < 100; i++) {
      assertThat(listener.next()).isEqualTo("got n" + i);
    }
    socket.sendClose(1000, "").join();
    assertThat(listener.next()).isEqualTo("closed 1000");
  }

  @Test
  void aSocketNeedsTheSecretAndOurOrigin() throws Exception {
    assertThat(upgrade("/api/v1/echo", "Cookie: warren_session=ann")).startsWith("HTTP/1.1 403 ");
    assertThat(
            upgrade(
                "/api/v1/echo",
                "Cookie: warren_session=ann\r\nSec-WebSocket-Protocol: warren, csrf.csrf-ann\r\nOrigin: http://evil.example"))
        .startsWith("HTTP/1.1 403 ");
    assertThat(
            upgrade(
                "/api/v1/echo",
                "Cookie: warren_session=ann\r\nSec-WebSocket-Protocol: warren, csrf.csrf-ann\r\nOrigin: http://warren.test"))
        .startsWith("HTTP/1.1 101 ");
    assertProblem(send(get("/api/v1/echo", "ann")), 426);
  }

  @Test
  void aRevokedCredentialEndsItsStreams() throws Exception {
    var listener = new Collector();
    webSocket("/api/v1/echo", listener);
    server.revoke(Set.of(ann.credential()));
    assertThat(listener.next()).isEqualTo("closed 4401");
  }

  @Test
  void aCredentialThatAnotherReplicaRevokedEndsItsStreamsSoon() throws Exception {
    var listener = new Collector();
    webSocket("/api/v1/events", listener);
    people.remove("ann");
    assertThat(listener.next()).isEqualTo("closed 4401");
  }

  @Test
  void aStopEndsStreamsCleanly() throws Exception {
    var listener = new Collector();
    webSocket("/api/v1/echo", listener);
    var events = client.send(get("/api/v1/events", "ann"), BodyHandlers.ofInputStream());
    server.close();
    assertThat(listener.next()).isEqualTo("closed 1001");
    assertThat(new String(events.body().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo(": ping\n\n");
    awaitTrue(() -> sourcesClosed.get() == 1);
  }

  @Test
  void whatJettyRefusesIsAProblemToo() throws Exception {
    String answer =
        raw(
            "GET /api/v1/open HTTP/1.1\r\nHost: warren.test\r\nX: "
                + "a".repeat(20_000)
                + "\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 431 ").contains("application/problem+json");
    assertThat(raw("GET /%zz HTTP/1.1\r\nHost: warren.test\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
  }

  private static final class Collector implements WebSocket.Listener {
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      messages.add(data.toString());
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      messages.add("closed " + code);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      messages.add("error " + error);
    }

    String next() throws InterruptedException {
      return messages.poll(10, TimeUnit.SECONDS);
    }
  }

  private WebSocket webSocket(String path, Collector listener) {
    return client
        .newWebSocketBuilder()
        .header("Cookie", "warren_session=ann")
        .subprotocols("warren", "csrf.csrf-ann")
        .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + path), listener)
        .join();
  }

  private static void awaitTrue(java.util.function.BooleanSupplier condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private static void assertProblem(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonNode problem = Json.STRICT.readTree(response.body());
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("detail").asString()).isNotBlank();
    assertThat(problem.get("instance").asString())
        .endsWith(response.headers().firstValue("Warren-Request-Id").orElseThrow());
  }

  private HttpRequest get(String path, String token) {
    return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + token).build();
  }

  private HttpRequest post(String path, String token, String body) {
    return HttpRequest.newBuilder(uri(path))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private HttpRequest keyed(String key, String body) {
    return HttpRequest.newBuilder(post("/api/v1/things", "ann", body), (name, value) -> true)
        .header("Idempotency-Key", key)
        .build();
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    return client.send(request, BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  private String upgrade(String path, String headers) throws IOException {
    return raw(
        "GET "
            + path
            + " HTTP/1.1\r\nHost: warren.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + headers
            + "\r\n\r\n");
  }

  /// The head of the answer, and what of the body came with it.
  private String raw(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      byte[] answer = new byte[4096];
      int read = socket.getInputStream().read(answer);
      return new String(answer, 0, Math.max(0, read), StandardCharsets.UTF_8);
    }
  }
}
