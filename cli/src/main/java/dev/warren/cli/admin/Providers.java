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

/// The providers that the control plane calls.
@Command(
    name = "providers",
    mixinStandardHelpOptions = true,
    description = "Where the models come from (administrators).",
    synopsisSubcommandLabel = "COMMAND")
public final class Providers {
  @Command(name = "list", mixinStandardHelpOptions = true, description = "List the providers.")
  void list(@Option(names = "--json") boolean json) {
    try (Api api = Api.signedIn()) {
      Console.standard()
          .table(
              api.list("/admin/providers"),
              List.of(
                  Column.of("ID", "id"),
                  Column.of("NAME", "name"),
                  Column.of("KIND", "kind"),
                  Column.of("BASE URL", "base_url"),
                  Column.of("KEY", "has_key")),
              json);
    }
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = {
        "Add a provider.",
        "Its key is read from WARREN_API_KEY, so that no other process sees it.",
        "Example: warren providers add aws --kind bedrock --option region=eu-west-1"
      })
  void add(
      @Parameters(paramLabel = "NAME") String name,
      @Option(
              names = "--kind",
              required = true,
              description =
                  "anthropic, openai, openai_compatible, google, vertex, azure or bedrock")
          String kind,
      @Option(names = "--base-url", description = "as the provider's own SDK takes it")
          @Nullable String baseUrl,
      @Option(
              names = "--option",
              paramLabel = "NAME=VALUE",
              description = "such as region, project, location, api, silence_s; can be repeated")
          @Nullable Map<String, String> options,
      @Option(
              names = "--header",
              paramLabel = "NAME=VALUE",
              description = "sent with each request; can be repeated")
          @Nullable Map<String, String> headers,
      @Option(names = "--json") boolean json) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", name);
    body.put("kind", kind);
    if (baseUrl != null) {
      body.put("base_url", baseUrl);
    }
    Map<String, Object> all = options(options, headers);
    if (!all.isEmpty()) {
      body.put("options", all);
    }
    String key = System.getenv("WARREN_API_KEY");
    if (key != null && !key.isBlank()) {
      body.put("api_key", key);
    }
    try (Api api = Api.signedIn()) {
      JsonNode provider = api.post("/admin/providers", body);
      Console console = Console.standard();
      if (json) {
        console.json(provider);
      } else {
        console.line("Added " + name + " (" + Console.at(provider, "id") + ")");
      }
    }
  }

  private static int seconds(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new Failure("silence_s is a number of seconds, not '" + text + "'");
    }
  }

  private static Map<String, Object> options(
      @Nullable Map<String, String> options, @Nullable Map<String, String> headers) {
    Map<String, Object> all = new LinkedHashMap<>();
    if (options != null) {
      options.forEach(
          (name, value) -> all.put(name, name.equals("silence_s") ? seconds(value) : value));
    }
    if (headers != null && !headers.isEmpty()) {
      all.put("headers", headers);
    }
    return all;
  }

  @Command(
      name = "test",
      mixinStandardHelpOptions = true,
      description = "Make one tiny call and say what is wrong.")
  void test(
      @Parameters(paramLabel = "PROVIDER", description = "its name or id") String provider,
      @Option(
              names = "--model",
              description = "which to ask; one of the provider's own when absent")
          @Nullable String model,
      @Option(names = "--json") boolean json) {
    try (Api api = Api.signedIn()) {
      Map<String, String> body = model == null ? Map.of() : Map.of("model", model);
      JsonNode result = api.post("/admin/providers/" + id(api, provider) + "/test", body);
      Console console = Console.standard();
      if (json) {
        console.json(result);
      }
      if (!result.path("ok").asBoolean(true)) {
        throw new Failure(provider + ": " + Console.at(result, "detail"));
      }
      if (!json) {
        console.line(provider + " works");
      }
    }
  }

  @Command(name = "delete", mixinStandardHelpOptions = true, description = "Delete a provider.")
  void delete(
      @Parameters(paramLabel = "PROVIDER", description = "its name or id") String provider) {
    try (Api api = Api.signedIn()) {
      api.delete("/admin/providers/" + id(api, provider));
      Console.standard().line("Deleted " + provider);
    }
  }

  static String id(Api api, String provider) {
    return Console.at(
        Choice.of("provider", provider, api.list("/admin/providers"), "id", "name"), "id");
  }
}
