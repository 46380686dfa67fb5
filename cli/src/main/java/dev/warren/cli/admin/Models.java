package dev.warren.cli.admin;

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

/// The models that chats may use.
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    description = "The models that chats may use.",
    synopsisSubcommandLabel = "COMMAND")
public final class Models {
  @Command(name = "list", mixinStandardHelpOptions = true, description = "List the models.")
  void list(@Option(names = "--json") boolean json) {
    try (Api api = Api.signedIn()) {
      Console.standard()
          .table(
              api.list("/models"),
              List.of(
                  Column.of("ID", "id"),
                  Column.of("NAME", "name"),
                  Column.of("PROVIDER", "provider"),
                  Column.of("CONTEXT", "context_limit"),
                  Column.of("DEFAULT", "is_default")),
              json);
    }
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = "Enable a model of a provider (administrators).")
  void add(
      @Parameters(paramLabel = "NAME", description = "as the provider calls it") String name,
      @Option(names = "--provider", required = true, description = "its name or id")
          String provider,
      @Option(
              names = "--context-limit",
              description = "in tokens; needed for a model that the catalogue does not know")
          @Nullable Integer contextLimit,
      @Option(names = "--max-output-tokens") @Nullable Integer maxOutputTokens,
      @Option(names = "--display-name") @Nullable String displayName,
      @Option(names = "--default", description = "make it the default") boolean isDefault,
      @Option(names = "--json") boolean json) {
    try (Api api = Api.signedIn()) {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("provider_id", Providers.id(api, provider));
      body.put("name", name);
      if (contextLimit != null) {
        body.put("context_limit", contextLimit);
      }
      if (maxOutputTokens != null) {
        body.put("max_output_tokens", maxOutputTokens);
      }
      if (displayName != null) {
        body.put("display_name", displayName);
      }
      if (isDefault) {
        body.put("is_default", true);
      }
      JsonNode model = api.post("/admin/models", body);
      Console console = Console.standard();
      if (json) {
        console.json(model);
      } else {
        console.line("Added " + name + " (" + Console.at(model, "id") + ")");
      }
    }
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Take a model away (administrators).")
  void delete(@Parameters(paramLabel = "MODEL", description = "its name or id") String model) {
    try (Api api = Api.signedIn()) {
      JsonNode found = Choice.of("model", model, api.list("/admin/models"), "id", "name");
      api.delete("/admin/models/" + Console.at(found, "id"));
      Console.standard().line("Deleted " + model);
    }
  }

  public static String id(Api api, String model) {
    return Console.at(
        Choice.of("model", model, api.list("/models"), "id", "display_name", "name"), "id");
  }
}
