package dev.warren.cli.workspace;

import dev.warren.cli.client.Api;
import dev.warren.cli.client.Console;
import dev.warren.protocol.Json;
import dev.warren.tunnel.PathStatus;
import dev.warren.tunnel.TunnelConnection;
import dev.warren.tunnel.TunnelException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// `warren ping`: the latency to a workspace, and which way it is.
@Command(
    name = "ping",
    mixinStandardHelpOptions = true,
    description = "Measure the latency to a workspace, and say relay or direct.")
public final class PingWorkspace implements Callable<Integer> {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

  @Mixin private Target target = new Target();

  @Option(names = "-c", paramLabel = "N", description = "how many (${DEFAULT-VALUE})")
  private int count = 5;

  @Option(names = "-i", paramLabel = "SECONDS", description = "between two (${DEFAULT-VALUE})")
  private double intervalS = 1;

  @Option(names = "--json", description = "a line {path, rtt_ms} each")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    Console console = Console.standard();
    try (Api api = Api.signedIn();
        WorkspaceTunnel tunnel = WorkspaceTunnel.open(api, target.name(), Console.progress())) {
      int lost = 0;
      for (int i = 0; i < count; i++) {
        if (i > 0) {
          Thread.sleep((long) (intervalS * 1000));
        }
        TunnelConnection connection = tunnel.connection();
        try {
          Duration rtt = connection.ping(ANSWER_WITHIN);
          print(console, tunnel.name(), connection.path(), rtt);
        } catch (TunnelException e) {
          lost++;
          System.err.println("warren: no answer from " + tunnel.name() + ": " + e.getMessage());
        }
      }
      if (!json) {
        PathStatus path = tunnel.connection().path();
        path.whyNotDirect().ifPresent(why -> console.line("not direct: " + why));
      }
      return lost == 0 ? 0 : 1;
    }
  }

  /// A path is direct only when all goes that way.
  static String named(PathStatus path) {
    return path.kind() == PathStatus.Kind.DIRECT ? "direct" : "relay";
  }

  static double milliseconds(Duration duration) {
    return Math.round(duration.toNanos() / 10_000.0) / 100.0;
  }

  private void print(Console console, String name, PathStatus path, Duration rtt) {
    if (json) {
      ObjectNode line = Json.LENIENT.createObjectNode();
      line.put("path", named(path));
      line.put("rtt_ms", milliseconds(rtt));
      console.json(line);
      return;
    }
    console.line(
        "%s answers in %.2f ms, %s%s"
            .formatted(
                name,
                milliseconds(rtt),
                named(path).equals("direct") ? "directly" : "by the relay",
                path.address().map(" "::concat).orElse("")));
  }
}
