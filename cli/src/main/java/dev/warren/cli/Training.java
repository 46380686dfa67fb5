package dev.warren.cli;

import dev.warren.cli.client.Api;
import dev.warren.cli.client.Console;
import dev.warren.cli.client.Failure;
import dev.warren.cli.client.Login;
import dev.warren.protocol.Json;
import dev.warren.tunnel.Rehearsal;
import dev.warren.tunnel.TunnelStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/// A run that loads what every command uses, recorded at build time into an ahead-of-time cache.
final class Training {
  private Training() {}

  static void run() {
    Main.execute("--help");
    Main.execute("chat", "--help");
    new Console(System.out, false)
        .table(
            List.of(Json.LENIENT.readTree("{\"name\":\"play\",\"at\":1}")),
            List.of(Console.Column.of("NAME", "name")),
            false);
    // Nothing listens on the discard port of loopback: the client is set up, the call fails.
    try (Api api = new Api(new Login("http://127.0.0.1:9", "none", Optional.empty()))) {
      api.get("/users/me");
    } catch (Failure expected) {
      System.out.println(expected.plain());
    }
    try {
      Rehearsal.run(Training::echo, stream -> stream.input().transferTo(stream.output()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void echo(TunnelStream stream) throws IOException {
    stream.output().write('x');
    stream.shutdownOutput();
    if (stream.input().read() != 'x') {
      throw new IOException("the tunnel gave back something else");
    }
  }
}
