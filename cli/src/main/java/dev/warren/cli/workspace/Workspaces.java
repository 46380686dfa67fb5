package dev.warren.cli.workspace;

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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// The commands about workspaces; each names one by its name or its id.
public final class Workspaces {
  private Workspaces() {}

  static JsonNode find(Api api, String workspace) {
    return Choice.of("workspace", workspace, api.list("/workspaces"), "id", "name");
  }

  public static String id(Api api, String workspace) {
    return Console.at(find(api, workspace), "id");
  }

  /// Whether a command stays until the build that it started has ended.
  static final class Wait {
    @Option(names = "--no-wait", description = "do not wait for the build")
    private boolean none;
  }

  /// Runs a build and shows it; without a wait it only says that it has begun.
  private static void build(Target target, String transition, Wait wait) {
    try (Api api = Api.signedIn()) {
      JsonNode found = find(api, target.name());
      String id = Console.at(found, "id");
      JsonNode build =
          api.postOnce("/workspaces/" + id + "/builds", Map.of("transition", transition));
      if (!wait.none) {
        new Builds(api, Console.standard()).follow(id, Console.at(found, "name"), build);
      } else {
        Console.standard().line("Build " + Console.at(build, "id") + " has begun");
      }
    }
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Make a workspace and show its build.")
  public static final class Create implements Runnable {
    @Parameters(paramLabel = "WORKSPACE", description = "its name")
    private String name = "";

    @Option(names = "--template", description = "its name or id (${DEFAULT-VALUE})")
    private String template = "local";

    @Option(
        names = {"-p", "--parameter"},
        paramLabel = "NAME=VALUE",
        description = "a parameter of the template; a list's values are separated by commas")
    private Map<String, String> parameters = new LinkedHashMap<>();

    @Mixin private Wait wait = new Wait();

    @Option(names = "--json", description = "print the workspace as JSON when it is there")
    private boolean json;

    @Override
    public void run() {
      try (Api api = Api.signedIn()) {
        JsonNode summary =
            Choice.of("template", template, api.list("/templates"), "id", "display_name", "name");
        JsonNode found = api.get("/templates/" + Console.at(summary, "id"));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        body.put("template_id", Console.at(found, "id"));
        if (!parameters.isEmpty()) {
          body.put("parameters", TemplateParameters.typed(found, parameters));
        }
        JsonNode workspace = api.postOnce("/workspaces", body);
        String id = Console.at(workspace, "id");
        Console console = json ? new Console(System.err, false) : Console.standard();
        if (!wait.none) {
          new Builds(api, console).follow(id, name, workspace.path("latest_build"));
        } else {
          console.line(name + " is being made (" + id + ")");
        }
        if (json) {
          Console.standard().json(api.get("/workspaces/" + id));
        }
      }
    }
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "List your workspaces.")
  public static final class ListAll implements Runnable {
    @Option(names = "--json")
    private boolean json;

    @Override
    public void run() {
      try (Api api = Api.signedIn()) {
        Console.standard()
            .table(
                api.list("/workspaces"),
                List.of(
                    Column.of("NAME", "name"),
                    Column.of("STATUS", "status"),
                    Column.of("DAEMON", "daemon.status"),
                    Column.of("OWNER", "owner.username"),
                    Column.time("CREATED", "created_at")),
                json);
      }
    }
  }

  @Command(name = "show", mixinStandardHelpOptions = true, description = "Show one workspace.")
  public static final class Show implements Runnable {
    private static final List<String> MEMBERS =
        List.of(
            "id",
            "name",
            "owner.username",
            "status",
            "daemon.status",
            "daemon.version",
            "latest_build.transition",
            "latest_build.status",
            "latest_build.error",
            "created_at",
            "last_used_at");

    @Mixin private Target target = new Target();

    @Option(names = "--json")
    private boolean json;

    @Override
    public void run() {
      try (Api api = Api.signedIn()) {
        JsonNode found = api.get("/workspaces/" + id(api, target.name()));
        Console console = Console.standard();
        if (json) {
          console.json(found);
          return;
        }
        for (String member : MEMBERS) {
          String value = Console.at(found, member);
          if (!value.isEmpty()) {
            console.line("%-24s%s".formatted(member.replace('_', ' ').replace('.', ' '), value));
          }
        }
        found
            .path("parameters")
            .properties()
            .forEach(entry ->
                console.line(
                    "%-24s%s"
                        .formatted(
                            "parameter " + entry.getKey(),
                            entry.getValue().asString(entry.getValue().toString()))));
      }
    }
  }

  @Command(name = "start", mixinStandardHelpOptions = true, description = "Start a workspace.")
  public static final class Start implements Runnable {
    @Mixin private Target target = new Target();

    @Mixin private Wait wait = new Wait();

    @Override
    public void run() {
      build(target, "start", wait);
    }
  }

  @Command(name = "stop", mixinStandardHelpOptions = true, description = "Stop a workspace.")
  public static final class Stop implements Runnable {
    @Mixin private Target target = new Target();

    @Mixin private Wait wait = new Wait();

    @Override
    public void run() {
      build(target, "stop", wait);
    }
  }

  @Command(
      name = "restart",
      mixinStandardHelpOptions = true,
      description = "Stop a workspace and start it again.")
  public static final class Restart implements Runnable {
    @Mixin private Target target = new Target();

    @Override
    public void run() {
      build(target, "stop", new Wait());
      build(target, "start", new Wait());
    }
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Delete a workspace and all that is in it.")
  public static final class Delete implements Runnable {
    @Mixin private Target target = new Target();

    @Option(
        names = {"-y", "--yes"},
        description = "do not ask")
    private boolean yes;

    @Mixin private Wait wait = new Wait();

    @Override
    public void run() {
      if (!yes && Console.keyboard().isPresent() && !confirmed(Console.keyboard().get())) {
        throw new Failure(target.name() + " is kept");
      }
      build(target, "delete", wait);
    }

    private boolean confirmed(java.io.Console keyboard) {
      String answer = keyboard.readLine("Delete %s and all that is in it? [y/N] ", target.name());
      return answer != null && answer.strip().equalsIgnoreCase("y");
    }
  }

  @Command(
      name = "logs",
      mixinStandardHelpOptions = true,
      description = "Print the log of a workspace's newest build.")
  public static final class Logs implements Runnable {
    @Mixin private Target target = new Target();

    @Option(
        names = {"-f", "--follow"},
        description = "go on until the build ends")
    private boolean follow;

    @Option(names = "--build", paramLabel = "ID", description = "an earlier build")
    private @Nullable String build;

    @Override
    public void run() {
      try (Api api = Api.signedIn()) {
        String id =
            build == null
                ? Console.at(api.get("/workspaces/" + id(api, target.name())), "latest_build.id")
                : build;
        new Builds(api, Console.standard()).print(id, follow);
      }
    }
  }
}
