package dev.warren.server.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.UuidV7;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.http.Access;
import dev.warren.server.http.FakeAuthenticator;
import dev.warren.server.http.HttpServer;
import dev.warren.server.http.HttpSettings;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import dev.warren.tunnel.NodeIdentity;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Calls between replicas over a real server: what is signed gets in, anything else gets 401.
final class ReplicaCallsTest {
  @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();

  private static final byte[] NOTHING = new byte[0];

  private final NodeIdentity callerKey = NodeIdentity.generate();
  private final NodeIdentity ownKey = NodeIdentity.generate();
  private final HttpClient client = HttpClient.newHttpClient();
  private Replica caller;
  private Replica own;
  private HttpServer server;
  private Peer self;

  @BeforeEach
  void start() throws Exception {
    caller = replica(callerKey);
    own = replica(ownKey);
    caller.start();
    own.start();
    caller.tick();
    self = caller.peers().find(ownKey.id()).orElseThrow();
    ReplicaCalls calls = new ReplicaCalls(ownKey, own.peers(), Clock.systemUTC());
    server =
        new HttpServer(
            new HttpSettings(
                new InetSocketAddress("127.0.0.1", 0), URI.create("http://127.0.0.1"), Set.of()),
            List.of(
                Route.get(
                        "/internal/look",
                        Access.OPEN,
                        calls.only(request -> Response.ok(Map.of("answer", "seen"))))
                    .query("at"),
                Route.post(
                        "/internal/put",
                        Access.OPEN,
                        calls.only(
                            request -> Response.ok(Map.of("answer", request.bytes().length))))
                    .acceptsBytes(1024)),
            new FakeAuthenticator(),
            Optional.empty(),
            List.of(),
            new SimpleMeterRegistry());
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
    caller.close();
    own.close();
    client.close();
  }

  private static Replica replica(NodeIdentity key) {
    return new Replica(postgres.database(), ReplicaAddress.of(Optional.empty(), key.publicKey()));
  }

  private String sign(String method, String target, byte[] body) {
    return callsOf(callerKey, Clock.systemUTC()).sign(self, method, target, body);
  }

  private ReplicaCalls callsOf(NodeIdentity key, Clock clock) {
    return new ReplicaCalls(key, caller.peers(), clock);
  }

  private int get(String target, String signature) throws Exception {
    HttpResponse<String> answer =
        client.send(
            request(target).header(ReplicaCalls.header(), signature).build(),
            BodyHandlers.ofString());
    return answer.statusCode();
  }

  private HttpRequest.Builder request(String target) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + target));
  }

  @Test
  void aSignedCallIsAnsweredOnce() throws Exception {
    String signature = sign("GET", "/internal/look?at=1", NOTHING);
    assertThat(get("/internal/look?at=1", signature)).isEqualTo(200);
    assertThat(get("/internal/look?at=1", signature)).as("the same again").isEqualTo(401);
  }

  @Test
  void nobodyElseGetsIn() throws Exception {
    HttpResponse<String> unsigned =
        client.send(request("/internal/look").build(), BodyHandlers.ofString());
    assertThat(unsigned.statusCode()).isEqualTo(401);
    assertThat(get("/internal/look", "Bearer wrn_something")).isEqualTo(401);
    NodeIdentity stranger = NodeIdentity.generate();
    String strange =
        callsOf(stranger, Clock.systemUTC()).sign(self, "GET", "/internal/look", NOTHING);
    assertThat(get("/internal/look", strange)).as("no replica").isEqualTo(401);
    String forged = strange.replace(stranger.id().value(), callerKey.id().value());
    assertThat(get("/internal/look", forged)).as("another's name").isEqualTo(401);
  }

  @Test
  void aSignatureIsForOneMethodPathBodyAndReplica() throws Exception {
    assertThat(get("/internal/look", sign("POST", "/internal/look", NOTHING))).isEqualTo(401);
    assertThat(get("/internal/look?at=2", sign("GET", "/internal/look?at=1", NOTHING)))
        .isEqualTo(401);
    Peer another =
        new Peer(
            new ReplicaId(UuidV7.next()),
            ReplicaAddress.of(Optional.empty(), NodeIdentity.generate().publicKey()));
    String elsewhere =
        callsOf(callerKey, Clock.systemUTC()).sign(another, "GET", "/internal/look", NOTHING);
    assertThat(get("/internal/look", elsewhere)).isEqualTo(401);
    assertThat(put("one", sign("POST", "/internal/put", "one".getBytes(StandardCharsets.UTF_8))))
        .isEqualTo(200);
    assertThat(put("two", sign("POST", "/internal/put", "one".getBytes(StandardCharsets.UTF_8))))
        .isEqualTo(401);
  }

  private int put(String body, String signature) throws Exception {
    return client
        .send(
            request("/internal/put")
                .header(ReplicaCalls.header(), signature)
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString())
        .statusCode();
  }

  @Test
  void aSignatureIsGoodForHalfAMinute() throws Exception {
    Instant now = Instant.now();
    assertThat(get("/internal/look", signedAt(now.minus(Duration.ofSeconds(20))))).isEqualTo(200);
    assertThat(get("/internal/look", signedAt(now.minus(Duration.ofSeconds(40))))).isEqualTo(401);
    assertThat(get("/internal/look", signedAt(now.plus(Duration.ofSeconds(40))))).isEqualTo(401);
  }

  private String signedAt(Instant time) {
    return callsOf(callerKey, Clock.fixed(time, ZoneOffset.UTC))
        .sign(self, "GET", "/internal/look", NOTHING);
  }

  @Test
  void aReplicaThatHasLeftIsAStranger() throws Exception {
    assertThat(get("/internal/look", sign("GET", "/internal/look", NOTHING))).isEqualTo(200);
    caller.close();
    own.tick();
    assertThat(get("/internal/look", sign("GET", "/internal/look", NOTHING))).isEqualTo(401);
  }
}
