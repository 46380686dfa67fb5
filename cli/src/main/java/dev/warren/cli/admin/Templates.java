package dev.warren.cli.admin;

import dev.warren.cli.client.Api;
import dev.warren.cli.client.Choice;
import dev.warren.cli.client.Console;
import dev.warren.cli.client.Console.Column;
import dev.warren.cli.client.Failure;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// The templates that workspaces are made from.
@Command(
    name = "templates",
    mixinStandardHelpOptions = true,
    description = "What workspaces are made from.",
    synopsisSubcommandLabel = "COMMAND")
public final class Templates {
  @Command(name = "list", mixinStandardHelpOptions = true, description = "List the templates.")
  void list(@Option(names = "--json") boolean json) {
    try (Api api = Api.signedIn()) {
      Console.standard()
          .table(
              api.list("/templates"),
              List.of(
                  Column.of("NAME", "name"),
                  Column.of("ENGINE", "engine"),
                  Column.of("DESCRIPTION", "description")),
              json);
    }
  }

  @Command(
      name = "push",
      mixinStandardHelpOptions = true,
      description = {
        "Make a folder the active version of a template, and the template when there is none.",
        "Its warren.json may have display_name, description and parameters; README.md is shown."
      })
  void push(
      @Parameters(paramLabel = "FOLDER", description = "such as .") Path folder,
      @Option(
              names = "--name",
              paramLabel = "TEMPLATE",
              description = "its name or id; the folder's own name when absent")
          @Nullable String name,
      @Option(
              names = "--engine",
              defaultValue = "local",
              description = "of a new template (${DEFAULT-VALUE})")
          String engine,
      @Option(names = "--json") boolean json) {
    TemplateFolder files = new TemplateFolder(folder);
    byte[] zip = files.zip();
    String wanted = name == null ? files.name() : name;
    try (Api api = Api.signedIn()) {
      Optional<JsonNode> known =
          api.list("/templates").stream()
              .filter(template ->
                  List.of(Console.at(template, "id"), Console.at(template, "name"))
                      .contains(wanted))
              .findFirst();
      JsonNode template =
          known.orElseGet(() -> api.post("/templates", Map.of("name", wanted, "engine", engine)));
      String path = "/templates/" + Console.at(template, "id");
      JsonNode pushed;
      try {
        pushed = api.upload(path + "/versions", "application/zip", zip);
      } catch (Failure refused) {
        if (known.isEmpty()) {
          api.delete(path);
        }
        throw refused;
      }
      Console console = Console.standard();
      if (json) {
        console.json(pushed);
      } else {
        console.line("Pushed " + wanted + ", version " + Console.at(newest(api, path), "number"));
      }
    }
  }

  private static JsonNode newest(Api api, String template) {
    return api.get(template + "/versions?limit=1").path("items").path(0);
  }

  @Command(
      name = "pull",
      mixinStandardHelpOptions = true,
      description = "Write the folder of a template (template administrators).")
  void pull(
      @Parameters(paramLabel = "TEMPLATE", description = "its name or id") String template,
      @Parameters(
              arity = "0..1",
              paramLabel = "FOLDER",
              description = "new or empty; the template's name when absent")
          @Nullable Path folder,
      @Option(names = "--number", paramLabel = "N", description = "an earlier version")
          @Nullable Integer number) {
    try (Api api = Api.signedIn()) {
      JsonNode found = find(api, template);
      String path = "/templates/" + Console.at(found, "id");
      String version =
          number == null ? Console.at(found, "active_version_id") : versionId(api, path, number);
      TemplateFolder files =
          new TemplateFolder(folder == null ? Path.of(Console.at(found, "name")) : folder);
      int count = files.unpack(api.download(path + "/versions/" + version + "/folder"));
      Console.standard().line("Wrote %d files to %s".formatted(count, files));
    }
  }

  @Command(
      name = "versions",
      mixinStandardHelpOptions = true,
      description = "List the versions of a template, the newest first.")
  void versions(
      @Parameters(paramLabel = "TEMPLATE", description = "its name or id") String template,
      @Option(names = "--json") boolean json) {
    try (Api api = Api.signedIn()) {
      Console.standard()
          .table(
              api.list("/templates/" + Console.at(find(api, template), "id") + "/versions"),
              List.of(
                  Column.of("VERSION", "number"),
                  Column.of("ACTIVE", "active"),
                  Column.of("BY", "created_by"),
                  Column.time("CREATED", "created_at"),
                  Column.of("ID", "id")),
              json);
    }
  }

  @Command(
      name = "activate",
      mixinStandardHelpOptions = true,
      description = {
        "Make a version the one that new workspaces are made from (template administrators).",
        "Workspaces that exist keep theirs."
      })
  void activate(
      @Parameters(paramLabel = "TEMPLATE", description = "its name or id") String template,
      @Parameters(paramLabel = "N", description = "the version's number") int number) {
    try (Api api = Api.signedIn()) {
      JsonNode found = find(api, template);
      String path = "/templates/" + Console.at(found, "id");
      api.patch(path, Map.of("active_version_id", versionId(api, path, number)));
      Console.standard()
          .line("Version %d of %s is active".formatted(number, Console.at(found, "name")));
    }
  }

  private static String versionId(Api api, String template, int number) {
    return Console.at(
        Choice.of(
            "version", Integer.toString(number), api.list(template + "/versions"), "id", "number"),
        "id");
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Delete a template that no workspace uses (template administrators).")
  void delete(
      @Parameters(paramLabel = "TEMPLATE", description = "its name or id") String template) {
    try (Api api = Api.signedIn()) {
      JsonNode found = find(api, template);
      api.delete("/templates/" + Console.at(found, "id"));
      Console.standard().line("Deleted " + Console.at(found, "name"));
    }
  }

  private static JsonNode find(Api api, String template) {
    return Choice.of("template", template, api.list("/templates"), "id", "name");
  }
}
