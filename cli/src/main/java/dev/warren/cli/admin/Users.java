package dev.warren.cli.admin;

import dev.warren.cli.client.Api;
import dev.warren.cli.client.Choice;
import dev.warren.cli.client.Console;
import dev.warren.cli.client.Console.Column;
import dev.warren.cli.client.Failure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// The people who may sign in.
@Command(
    name = "users",
    mixinStandardHelpOptions = true,
    description = "Who may sign in (administrators).",
    synopsisSubcommandLabel = "COMMAND")
public final class Users {
  @Command(name = "list", mixinStandardHelpOptions = true, description = "List the users.")
  void list(@Option(names = "--json") boolean json) {
    try (Api api = Api.signedIn()) {
      Console.standard()
          .table(
              api.list("/users"),
              List.of(
                  Column.of("ID", "id"),
                  Column.of("USERNAME", "username"),
                  Column.of("EMAIL", "email"),
                  Column.of("ROLE", "role")),
              json);
    }
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = {"Add a user.", "The password is read from WARREN_PASSWORD."})
  void add(
      @Parameters(paramLabel = "USERNAME") String username,
      @Option(names = "--email", required = true) String email,
      @Option(names = "--role") @Nullable String role,
      @Option(names = "--json") boolean json) {
    String password = System.getenv("WARREN_PASSWORD");
    if (password == null || password.isEmpty()) {
      throw new Failure("no password for " + username + ": set WARREN_PASSWORD");
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("username", username);
    body.put("email", email);
    body.put("password", password);
    if (role != null) {
      body.put("role", role);
    }
    try (Api api = Api.signedIn()) {
      JsonNode user = api.post("/users", body);
      Console console = Console.standard();
      if (json) {
        console.json(user);
      } else {
        console.line("Added " + username + " (" + Console.at(user, "id") + ")");
      }
    }
  }

  @Command(name = "delete", mixinStandardHelpOptions = true, description = "Delete a user.")
  void delete(@Parameters(paramLabel = "USER", description = "username or id") String user) {
    try (Api api = Api.signedIn()) {
      JsonNode found = Choice.of("user", user, api.list("/users"), "id", "username");
      api.delete("/users/" + Console.at(found, "id"));
      Console.standard().line("Deleted " + user);
    }
  }
}
