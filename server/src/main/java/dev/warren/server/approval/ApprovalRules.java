package dev.warren.server.approval;

import dev.warren.protocol.Json;
import dev.warren.server.http.Problems;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;

/// Rules in their order: the first that matches decides; a call that none matches is allowed.
public record ApprovalRules(List<ApprovalRule> rules) {
  public static final int RULES_MAX = 200;

  public static final ApprovalRules NONE = new ApprovalRules(List.of());

  public ApprovalRules {
    if (rules.size() > RULES_MAX) {
      throw Problems.badInput("approval_rules", "are more than " + RULES_MAX);
    }
    rules = List.copyOf(rules);
  }

  /// From what [#stored] made.
  public static ApprovalRules read(String json) {
    return new ApprovalRules(
        Json.STRICT.readValue(json, new TypeReference<List<ApprovalRule>>() {}));
  }

  public String stored() {
    return Json.STRICT.writeValueAsString(rules);
  }

  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /// The rule for a call that is judged by its tool alone.
  Optional<ApprovalRule> first(String tool) {
    return rules.stream().filter(rule -> rule.names(tool)).findFirst();
  }

  /// The rule for one command of a script.
  Optional<ApprovalRule> first(String tool, ShellCommand part) {
    return rules.stream().filter(rule -> rule.names(tool) && rule.matches(part)).findFirst();
  }

  /// The rule for a script that cannot be taken apart.
  Optional<ApprovalRule> strictest(String tool) {
    return rules.stream()
        .filter(rule -> rule.names(tool))
        .max(Comparator.comparing(ApprovalRule::decision));
  }
}
