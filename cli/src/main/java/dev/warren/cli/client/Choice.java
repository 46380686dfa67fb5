package dev.warren.cli.client;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Finds the one item that a user means by a name or an id.
public final class Choice {
  /// How many names an error lists.
  private static final int NAMES_MAX = 10;

  private Choice() {}

  /// The item of which one of these members is the given text, in either case.
  public static JsonNode of(String what, String given, List<JsonNode> items, String... members) {
    List<JsonNode> found =
        items.stream()
            .filter(item ->
                Stream.of(members).anyMatch(m -> Console.at(item, m).equalsIgnoreCase(given)))
            .toList();
    if (found.size() == 1) {
      return found.getFirst();
    }
    String named = members[members.length - 1];
    if (found.isEmpty()) {
      String names =
          items.stream()
              .map(item -> Console.at(item, named))
              .limit(NAMES_MAX)
              .collect(Collectors.joining(", "));
      throw new Failure(
          names.isEmpty()
              ? "no %s '%s': there are none".formatted(what, given)
              : "no %s '%s'; there is %s".formatted(what, given, names));
    }
    String ids = found.stream().map(i -> Console.at(i, "id")).collect(Collectors.joining(", "));
    throw new Failure("more than one %s '%s'; say which by its id: %s".formatted(what, given, ids));
  }
}
