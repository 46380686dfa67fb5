package dev.warren.server.approval;

import dev.warren.server.http.Problems;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/// The names of the tools that there are. What people write of tools is checked against them: a
/// name with a slip in it would allow what it was to forbid.
public final class ToolNames {
  private final TreeSet<String> known;

  public ToolNames(Collection<String> known) {
    this.known = new TreeSet<>(known);
  }

  /// Refuses a list of names that has an unknown one.
  ///
  /// @param field of the request, that the names are of
  public void check(String field, List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      if (!known.contains(names.get(i))) {
        throw unknown(field + "[" + i + "]", names.get(i));
      }
    }
  }

  /// Refuses rules of which one is for no tool that there is.
  public void checkRules(String field, List<ApprovalRule> rules) {
    for (int i = 0; i < rules.size(); i++) {
      ApprovalRule rule = rules.get(i);
      if (known.stream().noneMatch(rule::names)) {
        throw unknown(field + "[" + i + "].tool", rule.tool());
      }
    }
  }

  private RuntimeException unknown(String field, String name) {
    return Problems.badInput(
        field, "'" + name + "' is no tool; there are " + String.join(", ", known));
  }
}
