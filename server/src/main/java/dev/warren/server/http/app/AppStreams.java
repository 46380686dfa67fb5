package dev.warren.server.http.app;

import dev.warren.server.access.CredentialId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The requests and sockets that are open to apps. Ends those whose credential is good no more,
/// within [#CHECK_INTERVAL].
final class AppStreams implements AutoCloseable {
  static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);

  /// All together; more are answered 503.
  static final int STREAMS_MAX = 1_000;

  private static final Logger log = LoggerFactory.getLogger(AppStreams.class);

  private final Function<Collection<CredentialId>, Set<CredentialId>> revoked;
  private final Set<Open> open = ConcurrentHashMap.newKeySet();
  private final Thread watch = Thread.ofVirtual().name("app-streams").unstarted(this::watch);

  AppStreams(Function<Collection<CredentialId>, Set<CredentialId>> revoked) {
    this.revoked = revoked;
  }

  /// One of them; closing it forgets it.
  final class Open implements AutoCloseable {
    private final CredentialId credential;
    private final Runnable end;
    private final AtomicBoolean over = new AtomicBoolean();

    private Open(CredentialId credential, Runnable end) {
      this.credential = credential;
      this.end = end;
    }

    private void end() {
      if (over.compareAndSet(false, true)) {
        open.remove(this);
        end.run();
      }
    }

    @Override
    public void close() {
      over.set(true);
      open.remove(this);
    }
  }

  void start() {
    watch.start();
  }

  boolean isFull() {
    return open.size() >= STREAMS_MAX;
  }

  /// @param end breaks it off; must not block
  Open enter(CredentialId credential, Runnable end) {
    Open entered = new Open(credential, end);
    open.add(entered);
    return entered;
  }

  private void watch() {
    try {
      while (true) {
        TimeUnit.NANOSECONDS.sleep(CHECK_INTERVAL.toNanos());
        check();
      }
    } catch (InterruptedException stopped) {
      log.debug("the watch over apps ends");
    }
  }

  private void check() {
    List<CredentialId> credentials = open.stream().map(one -> one.credential).distinct().toList();
    if (credentials.isEmpty()) {
      return;
    }
    try {
      Set<CredentialId> gone = revoked.apply(credentials);
      open.stream().filter(one -> gone.contains(one.credential)).forEach(Open::end);
    } catch (RuntimeException e) {
      // The database is away; the next round asks again.
      log.warn("cannot check the credentials of {} app streams", open.size(), e);
    }
  }

  @Override
  public void close() {
    watch.interrupt();
    open.forEach(Open::end);
  }
}
