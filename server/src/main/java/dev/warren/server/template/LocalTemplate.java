package dev.warren.server.template;

import dev.warren.protocol.Json;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The template that every installation starts with.
final class LocalTemplate {
  static final String NAME = "local";
  static final String DISPLAY_NAME = "Local sandbox";
  static final String DESCRIPTION =
      "A Linux environment in a sandbox on this machine, ready in seconds. It has the tools that"
          + " this machine has, a home folder of its own, and the network.";

  static final List<TemplateParameter> PARAMETERS =
      List.of(
          limit(
              "memory_mb",
              "Memory in MB",
              "Megabytes of memory over all processes; 0 is no limit",
              1_048_576),
          limit(
              "cpus", "Processors", "Processors' worth of time, such as 1.5; 0 is no limit", 1024));

  static final String README =
      """
      # Local sandbox

      A workspace of this template runs on the control plane's own machine, in a sandbox:

      - It sees the machine's programs (`/usr`, `/opt`) read-only, a private `/tmp`, and its own home
        `/home/dev`, which stays when the workspace stops.
      - It runs as a user of its own and sees no process, file or secret of the machine.
      - It uses the machine's network, so servers that listen on the machine can be reached.

      `memory_mb` and `cpus` need control groups, which are there when the control plane runs as root.
      """;

  private LocalTemplate() {}

  private static TemplateParameter limit(
      String name, String displayName, String description, double max) {
    JsonNode zero = Json.STRICT.getNodeFactory().numberNode(0);
    return new TemplateParameter(
        name,
        Optional.of(displayName),
        TemplateParameter.Type.NUMBER,
        Optional.of(zero),
        false,
        true,
        description,
        List.of(),
        Optional.of(
            new TemplateParameter.Validation(
                Optional.of(0.0), Optional.of(max), Optional.empty(), Optional.empty())));
  }
}
