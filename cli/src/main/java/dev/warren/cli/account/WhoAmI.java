package dev.warren.cli.account;

import dev.warren.cli.client.Api;
import dev.warren.cli.client.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Says who is signed in, and where.
@Command(
    name = "whoami",
    mixinStandardHelpOptions = true,
    description = "Say who is signed in, and where.")
public final class WhoAmI implements Runnable {
  @Option(names = "--json", description = "print the user as JSON")
  private boolean json;

  @Override
  public void run() {
    try (Api api = Api.signedIn()) {
      JsonNode answer = api.get("/users/me");
      JsonNode me = answer.has("user") ? answer.path("user") : answer;
      Console console = Console.standard();
      if (json) {
        console.json(me);
        return;
      }
      String role = Console.at(me, "role");
      console.line(
          Console.at(me, "username")
              + " <"
              + Console.at(me, "email")
              + ">"
              + (role.isEmpty() ? "" : ", " + role)
              + ", at "
              + api.login().url());
    }
  }
}
