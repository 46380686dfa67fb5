package dev.warren.cli.workspace;

import dev.warren.cli.client.Api;
import dev.warren.cli.client.Console;
import dev.warren.cli.client.Failure;
import dev.warren.protocol.Json;
import dev.warren.tunnel.PathStatus;
import dev.warren.tunnel.TunnelConnection;
import dev.warren.tunnel.TunnelException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `warren netcheck`: what works between here, the control plane and a workspace, step by step.
@Command(
    name = "netcheck",
    mixinStandardHelpOptions = true,
    description = {
      "Check the way to the control plane and, with a workspace, the tunnel to it:",
      "latencies, relay or direct, and why not direct."
    })
public final class Netcheck implements Callable<Integer> {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

  /// Pings until a direct path has had its chance, with a pause between two.
  private static final int PINGS = 10;

  private static final long PAUSE_MS = 300;

  @Parameters(arity = "0..1", paramLabel = "WORKSPACE", description = "its name or id")
  private @Nullable String workspace;

  @Option(names = "--json", description = "one JSON object")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    ObjectNode found = Json.LENIENT.createObjectNode();
    try (Api api = Api.signedIn()) {
      found.put("control_plane", api.login().url());
      api.get("/users/me"); // the first one sets the connection up
      long begun = System.nanoTime();
      api.get("/users/me");
      found.put("api_ms", PingWorkspace.milliseconds(Duration.ofNanos(System.nanoTime() - begun)));
      if (workspace != null) {
        check(api, workspace, found);
      }
    } catch (TunnelException e) {
      throw new Failure("the tunnel does not answer: " + e.getMessage(), e);
    }
    Console console = Console.standard();
    if (json) {
      console.json(found);
    } else {
      found
          .properties()
          .forEach(entry ->
              console.line(
                  "%-16s%s"
                      .formatted(entry.getKey().replace('_', ' '), entry.getValue().asString())));
    }
    return 0;
  }

  private static void check(Api api, String workspace, ObjectNode found)
      throws TunnelException, InterruptedException {
    // A workspace that has to be started is not the network's time.
    RunningWorkspace.of(api, workspace, Console.progress());
    long begun = System.nanoTime();
    try (WorkspaceTunnel tunnel = WorkspaceTunnel.open(api, workspace, Console.progress())) {
      TunnelConnection connection = tunnel.connection();
      found.put("workspace", tunnel.name());
      found.put(
          "connect_ms", PingWorkspace.milliseconds(Duration.ofNanos(System.nanoTime() - begun)));
      Duration best = connection.ping(ANSWER_WITHIN);
      for (int i = 1; i < PINGS; i++) {
        Thread.sleep(PAUSE_MS);
        Duration next = connection.ping(ANSWER_WITHIN);
        best = next.compareTo(best) < 0 ? next : best;
      }
      PathStatus path = connection.path();
      found.put("path", PingWorkspace.named(path));
      found.put("rtt_ms", PingWorkspace.milliseconds(best));
      path.address().ifPresent(address -> found.put("address", address));
      Optional<String> why = path.whyNotDirect();
      why.ifPresent(reason -> found.put("why_not_direct", reason));
    }
  }
}
