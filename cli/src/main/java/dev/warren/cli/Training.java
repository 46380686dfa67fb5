package dev.warren.cli;

import dev.warren.cli.client.Api;
import dev.warren.cli.client.Console;
import dev.warren.cli.client.Failure;
import dev.warren.cli.client.Login;
import dev.warren.protocol.Json;
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
  }
}
