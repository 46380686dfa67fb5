package dev.warren.cli.workspace;

import dev.warren.cli.client.Api;
import dev.warren.cli.client.Console;
import dev.warren.cli.client.Failure;
import dev.warren.protocol.Json;
import dev.warren.tunnel.SpeedTest;
import dev.warren.tunnel.SpeedTest.Direction;
import dev.warren.tunnel.TunnelConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// `warren speedtest`: the throughput from and to a workspace.
@Command(
    name = "speedtest",
    mixinStandardHelpOptions = true,
    description = "Measure the throughput from a workspace (down) and to it (up).")
public final class MeasureSpeed implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Target target = new Target();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "how long each way takes (${DEFAULT-VALUE})")
  private int seconds = 5;

  @Option(names = "--json", description = "a line {path, direction, mb_per_s} each")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    if (seconds < 1 || seconds > SpeedTest.MAX.toSeconds()) {
      throw new ParameterException(
          spec.commandLine(),
          "--seconds is 1 to %d, not %d".formatted(SpeedTest.MAX.toSeconds(), seconds));
    }
    try (Api api = Api.signedIn();
        WorkspaceTunnel tunnel = WorkspaceTunnel.open(api, target.name(), Console.progress())) {
      for (Direction direction : Direction.values()) {
        measure(tunnel, direction);
      }
      return 0;
    } catch (IOException e) {
      throw new Failure("the speed test broke off: " + e.getMessage(), e);
    }
  }

  private void measure(WorkspaceTunnel tunnel, Direction direction)
      throws IOException, InterruptedException {
    TunnelConnection connection = tunnel.connection();
    SpeedTest.Result result = SpeedTest.run(connection, direction, Duration.ofSeconds(seconds));
    double speed = Math.round(result.megabytesPerSecond() * 10) / 10.0;
    String path = PingWorkspace.named(connection.path());
    Console console = Console.standard();
    if (json) {
      ObjectNode line = Json.LENIENT.createObjectNode();
      line.put("path", path);
      line.put("direction", direction.toString());
      line.put("mb_per_s", speed);
      console.json(line);
      return;
    }
    console.line(String.format(Locale.ROOT, "%-4s %8.1f MB/s  %s", direction, speed, path));
  }
}
