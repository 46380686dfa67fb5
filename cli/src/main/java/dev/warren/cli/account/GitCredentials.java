package dev.warren.cli.account;

import dev.warren.cli.client.Api;
import dev.warren.cli.client.Console;
import dev.warren.cli.client.Console.Column;
import dev.warren.cli.client.Failure;
import dev.warren.cli.client.Keyboard;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// What git in the caller's own workspaces logs in with.
@Command(
    name = "git-credentials",
    mixinStandardHelpOptions = true,
    description = "Say what git in your workspaces logs in with, host by host.",
    synopsisSubcommandLabel = "COMMAND")
public final class GitCredentials {
  private static final String PATH = "/users/me/git-credentials";
  private static final List<Column> COLUMNS =
      List.of(
          Column.of("HOST", "host"),
          Column.of("USERNAME", "username"),
          Column.of("TOKEN ENDS IN", "token_hint"),
          Column.time("LAST USED", "last_used_at"));

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = "Give a host's token; it is asked for, or read from standard input.")
  void add(
      @Parameters(paramLabel = "HOST", description = "such as github.com") String host,
      @Option(names = "--username", description = "where the host wants one")
          @Nullable String username) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("token", token(host));
    if (username != null) {
      body.put("username", username);
    }
    try (Api api = Api.signedIn()) {
      api.put(PATH + "/" + Api.encoded(host), body);
      Console.standard().line("Git in your workspaces logs in at " + host + " now");
    }
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "List the hosts.")
  void list(@Option(names = "--json") boolean json) {
    try (Api api = Api.signedIn()) {
      List<JsonNode> all = new ArrayList<>();
      api.get(PATH).path("items").forEach(all::add);
      Console.standard().table(all, COLUMNS, json);
    }
  }

  @Command(name = "remove", mixinStandardHelpOptions = true, description = "Forget a host's token.")
  void remove(@Parameters(paramLabel = "HOST") String host) {
    try (Api api = Api.signedIn()) {
      api.delete(PATH + "/" + Api.encoded(host));
      Console.standard().line("Forgot " + host);
    }
  }

  private static String token(String host) {
    Optional<java.io.Console> keyboard = Console.keyboard();
    if (keyboard.isPresent()) {
      char[] typed = keyboard.get().readPassword("Token for %s: ", host);
      return typed == null ? "" : new String(typed).strip();
    }
    return new Keyboard()
        .next()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .orElseThrow(() -> new Failure("give the token on one line of standard input"));
  }
}
