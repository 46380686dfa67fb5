package dev.warren.server.replica;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.server.http.Action;
import dev.warren.server.http.Problems;
import dev.warren.server.http.Request;
import dev.warren.tunnel.NodeIdentity;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Signs calls to other replicas, and refuses calls that are not signed by one: unknown, too old,
/// repeated, or meant for something else. Thread-safe.
public final class ReplicaCalls {
  /// Where the paths of these calls begin.
  public static final String PATH = "/internal";

  /// How long a signature is good, before and after its time: replicas' clocks differ by less.
  static final Duration VALID = Duration.ofSeconds(30);

  /// Calls that are remembered so that none is taken twice; past that all are refused, which only a
  /// replica could bring about.
  static final int REMEMBERED_MAX = 100_000;

  private final NodeIdentity self;
  private final Peers peers;
  private final Clock clock;

  /// When each nonce may be forgotten, in milliseconds since the epoch.
  @GuardedBy("this")
  private final Map<UUID, Long> nonces = new HashMap<>();

  @GuardedBy("this")
  private long nextSweepMillis;

  public ReplicaCalls(NodeIdentity self, Peers peers, Clock clock) {
    this.self = self;
    this.peers = peers;
    this.clock = clock;
  }

  /// The name of the header that carries [#sign]'s answer.
  public static String header() {
    return CallSignature.HEADER;
  }

  /// @param target the path with its query, as it will be sent
  public String sign(Peer to, String method, String target, byte[] body) {
    var call = new CallSignature.Call(to.node(), method, target, body);
    return CallSignature.sign(self.privateKey(), self.id(), clock.millis(), call).toString();
  }

  /// The same action, for replicas only.
  public Action only(Action action) {
    return request -> {
      verify(request);
      return action.handle(request);
    };
  }

  /// The replica that made this call.
  ///
  /// @throws dev.warren.server.http.ProblemException 401 when it is none
  public Peer verify(Request request) {
    Optional<CallSignature> signature =
        request.header(CallSignature.HEADER).flatMap(CallSignature::parse);
    if (signature.isEmpty()) {
      throw Problems.unauthorized("only replicas of this control plane may call this");
    }
    long now = clock.millis();
    if (Math.abs(now - signature.get().millis()) > VALID.toMillis()) {
      throw Problems.unauthorized(
          "the call was signed at another time than now; are the replicas' clocks set?");
    }
    Peer peer =
        peers
            .find(signature.get().from())
            .orElseThrow(() -> Problems.unauthorized("the caller is no replica that lives"));
    var call =
        new CallSignature.Call(
            self.id(), request.route().method().name(), request.target(), request.bytes());
    if (!signature.get().isBy(peer.address().keyBytes(), call)) {
      throw Problems.unauthorized("the signature is not the replica's, or is for another call");
    }
    if (!isNew(signature.get(), now)) {
      throw Problems.unauthorized("the call was made already");
    }
    return peer;
  }

  private synchronized boolean isNew(CallSignature signature, long now) {
    if (now >= nextSweepMillis || nonces.size() >= REMEMBERED_MAX) {
      nonces.values().removeIf(until -> until < now);
      nextSweepMillis = now + VALID.toMillis();
    }
    long until = signature.millis() + VALID.toMillis();
    return nonces.size() < REMEMBERED_MAX && nonces.putIfAbsent(signature.nonce(), until) == null;
  }
}
