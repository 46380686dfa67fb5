package dev.warren.cli;

import dev.warren.cli.Console.Column;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The templates that workspaces are made from.
@Command(
    name = "templates",
    mixinStandardHelpOptions = true,
    description = "What workspaces are made from.",
    synopsisSubcommandLabel = "COMMAND")
final class Templates {
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
}
