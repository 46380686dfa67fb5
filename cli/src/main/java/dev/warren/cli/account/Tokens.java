package dev.warren.cli.account;

import dev.warren.cli.client.Api;
import dev.warren.cli.client.Choice;
import dev.warren.cli.client.Console;
import dev.warren.cli.client.Console.Column;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// The caller's own tokens.
@Command(
    name = "tokens",
    mixinStandardHelpOptions = true,
    description = "Make, list and revoke your own tokens.",
    synopsisSubcommandLabel = "COMMAND")
public final class Tokens {
  private static final List<Column> COLUMNS =
      List.of(
          Column.of("ID", "id"),
          Column.of("NAME", "name"),
          Column.of("SCOPE", "scope"),
          Column.time("EXPIRES", "expires_at"),
          Column.time("LAST USED", "last_used_at"));

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Make a token and print it: it is shown this once.")
  void create(
      @Parameters(paramLabel = "NAME") String name,
      @Option(names = "--scope", description = "all, read or workspaces") @Nullable String scope,
      @Option(names = "--lifetime", description = "in seconds") @Nullable Long lifetimeS,
      @Option(names = "--json") boolean json) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", name);
    if (scope != null) {
      body.put("scope", scope);
    }
    if (lifetimeS != null) {
      body.put("lifetime_s", lifetimeS);
    }
    try (Api api = Api.signedIn()) {
      JsonNode token = api.post("/tokens", body);
      Console console = Console.standard();
      if (json) {
        console.json(token);
      } else {
        console.line(Console.at(token, "token"));
      }
    }
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "List your tokens.")
  void list(@Option(names = "--json") boolean json) {
    try (Api api = Api.signedIn()) {
      Console.standard().table(api.list("/tokens"), COLUMNS, json);
    }
  }

  @Command(name = "revoke", mixinStandardHelpOptions = true, description = "End a token.")
  void revoke(@Parameters(paramLabel = "ID", description = "its id or its name") String token) {
    try (Api api = Api.signedIn()) {
      JsonNode found = Choice.of("token", token, api.list("/tokens"), "id", "name");
      api.delete("/tokens/" + Console.at(found, "id"));
      Console.standard().line("Revoked " + Console.at(found, "name"));
    }
  }
}
