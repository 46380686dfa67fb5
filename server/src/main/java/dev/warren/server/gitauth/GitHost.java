package dev.warren.server.gitauth;

import dev.warren.server.http.Problems;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// A host that git talks to: a name or an address, and `:port` where that is not the scheme's own.
///
/// @param value in lower case
public record GitHost(String value) {
  private static final Pattern FORM =
      Pattern.compile(
          "([a-z0-9_]([a-z0-9_.-]{0,253}[a-z0-9])?|\\[[0-9a-f:.]{2,45}])(:[0-9]{1,5})?");

  private static final Pattern ALLOWED = Pattern.compile("\\*|(\\*\\.)?[a-z0-9_.\\[\\]:-]{1,261}");

  public static Optional<GitHost> parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return FORM.matcher(lower).matches() ? Optional.of(new GitHost(lower)) : Optional.empty();
  }

  /// Whether an administrator's list has it: by itself, or below a `*.domain`.
  public boolean isIn(List<String> allowed) {
    return allowed.stream()
        .anyMatch(one ->
            one.equals("*")
                || one.equals(value)
                || (one.startsWith("*.") && value.endsWith(one.substring(1))));
  }

  /// Refuses a list in which something is neither a host nor `*.domain`.
  public static List<String> checked(String field, List<String> allowed) {
    List<String> lower = allowed.stream().map(one -> one.toLowerCase(Locale.ROOT)).toList();
    for (String one : lower) {
      if (!ALLOWED.matcher(one).matches()) {
        throw Problems.badInput(field, "is no host and no *.domain: " + one);
      }
    }
    return lower;
  }
}
