package dev.warren.server.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts and times requests, by route and status.
final class HttpMetrics {
  private final MeterRegistry registry;
  private final AtomicInteger running = new AtomicInteger();

  HttpMetrics(MeterRegistry registry) {
    this.registry = registry;
    registry.gauge("warren.http.requests.running", running);
  }

  void began() {
    running.incrementAndGet();
  }

  int running() {
    return running.get();
  }

  void ended(String route, String method, int status, long tookNs) {
    running.decrementAndGet();
    Timer.builder("warren.http.requests")
        .description("Requests that were answered; a stream counts when it ends")
        .tag("route", route)
        .tag("method", method)
        .tag("status", Integer.toString(status))
        .register(registry)
        .record(Duration.ofNanos(tookNs));
  }
}
