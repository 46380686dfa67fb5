package dev.warren.server;

import dev.warren.server.db.Database;
import dev.warren.server.http.Access;
import dev.warren.server.http.Problems;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What load balancers and Prometheus ask.
final class ProbeRoutes {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final Database database;
  private final PrometheusMeterRegistry metrics;

  ProbeRoutes(Database database, PrometheusMeterRegistry metrics) {
    this.database = database;
    this.metrics = metrics;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/healthz", Access.OPEN, request -> Response.ok(Map.of("status", "ok")))
            .summary("Says that the process runs"),
        Route.get("/readyz", Access.OPEN, request -> ready())
            .summary("Says whether requests can be served"),
        Route.get("/metrics", Access.OPEN, request -> metrics())
            .summary("Counts and times, as Prometheus reads them"));
  }

  private Response ready() {
    if (!database.isReady()) {
      throw Problems.unavailable("the database does not answer", RETRY_AFTER);
    }
    return Response.ok(Map.of("status", "ready"));
  }

  private Response metrics() {
    return Response.bytes(
        "text/plain; version=0.0.4; charset=utf-8",
        metrics.scrape().getBytes(StandardCharsets.UTF_8));
  }
}
