package dev.warren.server.http;

import dev.warren.server.access.Caller;
import dev.warren.server.access.CredentialId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The event streams, sockets and followed answers that are open. Ends those whose credential is
/// revoked: at once when told, within [#CHECK_INTERVAL] in any case, for another replica may have
/// done it.
final class LiveStreams implements AutoCloseable {
  /// How often the credentials of all open streams are looked at, in one query.
  static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);

  /// How often open sockets are pinged.
  static final Duration PING_INTERVAL = Duration.ofSeconds(15);

  private static final Logger log = LoggerFactory.getLogger(LiveStreams.class);

  private final Authenticator authenticator;
  private final Set<Live> open = ConcurrentHashMap.newKeySet();
  private final Thread watch;
  private volatile boolean stopping;

  LiveStreams(Authenticator authenticator) {
    this.authenticator = authenticator;
    this.watch = Thread.ofVirtual().name("live-streams").unstarted(this::watch);
  }

  void start() {
    watch.start();
  }

  /// Why a stream was ended by us.
  enum End {
    REVOKED,
    STOPPING
  }

  /// One open stream, on the thread that runs it.
  static final class Live {
    private final Optional<Caller> caller;
    private final Thread thread;
    private final Runnable ping;
    private volatile Optional<End> ended = Optional.empty();

    private Live(Optional<Caller> caller, Thread thread, Runnable ping) {
      this.caller = caller;
      this.thread = thread;
      this.ping = ping;
    }

    Optional<End> ended() {
      return ended;
    }

    void interrupt() {
      thread.interrupt();
    }

    private void end(End why) {
      ended = Optional.of(why);
      thread.interrupt();
    }
  }

  /// Enters the current thread's stream.
  ///
  /// @param ping keeps an idle connection open; runs on another thread and must not block
  Live enter(Optional<Caller> caller, Runnable ping) {
    Live live = new Live(caller, Thread.currentThread(), ping);
    open.add(live);
    if (stopping) {
      live.end(End.STOPPING);
    }
    return live;
  }

  void leave(Live live) {
    open.remove(live);
  }

  int count() {
    return open.size();
  }

  void revoke(Set<CredentialId> credentials) {
    for (Live live : open) {
      if (live.caller.filter(caller -> credentials.contains(caller.credential())).isPresent()) {
        live.end(End.REVOKED);
      }
    }
  }

  private void watch() {
    long lastPing = System.nanoTime();
    try {
      while (!stopping) {
        TimeUnit.NANOSECONDS.sleep(CHECK_INTERVAL.toNanos());
        check();
        if (System.nanoTime() - lastPing >= PING_INTERVAL.toNanos()) {
          lastPing = System.nanoTime();
          open.forEach(live -> live.ping.run());
        }
      }
    } catch (InterruptedException e) {
      log.debug("the watch over streams ends");
    }
  }

  private void check() {
    List<CredentialId> credentials =
        open.stream()
            .flatMap(live -> live.caller.stream())
            .map(Caller::credential)
            .distinct()
            .toList();
    if (credentials.isEmpty()) {
      return;
    }
    try {
      Set<CredentialId> revoked = authenticator.revoked(credentials);
      if (!revoked.isEmpty()) {
        revoke(revoked);
      }
    } catch (RuntimeException e) {
      // The database is away; the next round asks again.
      log.warn("cannot check the credentials of {} open streams", credentials.size(), e);
    }
  }

  /// Ends all streams and waits for them, at most `wait`.
  void endAll(Duration wait) throws InterruptedException {
    stopping = true;
    watch.interrupt();
    open.forEach(live -> live.end(End.STOPPING));
    long deadline = System.nanoTime() + wait.toNanos();
    while (!open.isEmpty() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    if (!open.isEmpty()) {
      log.warn(
          "{} streams did not end in {}: {}",
          open.size(),
          wait,
          open.stream().limit(5).map(live -> live.thread.toString()).collect(Collectors.toList()));
    }
  }

  @Override
  public void close() {
    stopping = true;
    watch.interrupt();
  }
}
