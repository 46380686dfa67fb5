package dev.warren.server.instructions;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The front matter of a `SKILL.md`: `name` and `description` between two lines `---`. Of YAML,
/// what such headers use: plain and quoted scalars, and blocks that `>` or `|` begins; everything
/// is put on one line.
record SkillHeader(String name, String description) {
  static final int DESCRIPTION_CHARS_MAX = 300;

  /// Lines at the beginning of a file in which the header has to end.
  static final int LINES_MAX = 60;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern MEMBER = Pattern.compile("([A-Za-z_-]{1,40}):(?:[ \t]+(.*))?");
  private static final Pattern BLOCK = Pattern.compile("[>|][+-]?[0-9]?");

  /// @param folder the skill's, which names it when the header does not
  /// @return nothing when neither makes a name
  static Optional<SkillHeader> read(List<String> lines, String folder) {
    Map<String, String> members = members(lines);
    String name = members.getOrDefault("name", folder);
    if (!NAME.matcher(name).matches()) {
      name = folder;
    }
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    String description = members.getOrDefault("description", "");
    return Optional.of(new SkillHeader(name, cut(description)));
  }

  private static Map<String, String> members(List<String> lines) {
    Map<String, String> members = new HashMap<>();
    if (lines.isEmpty() || !lines.getFirst().strip().equals("---")) {
      return members;
    }
    String open = "";
    for (String line : lines.subList(1, Math.min(lines.size(), LINES_MAX))) {
      if (line.strip().equals("---")) {
        return members;
      }
      Matcher member = MEMBER.matcher(line);
      boolean indented = line.startsWith(" ") || line.startsWith("\t");
      if (!indented && member.matches()) {
        open = member.group(1);
        String value = Optional.ofNullable(member.group(2)).orElse("").strip();
        members.putIfAbsent(open, BLOCK.matcher(value).matches() ? "" : unquoted(value));
      } else if (indented && !open.isEmpty()) {
        members.merge(open, line.strip(), (before, more) -> (before + " " + more).strip());
      }
    }
    return Map.of(); // no end: not a header
  }

  private static String unquoted(String value) {
    boolean quoted =
        value.length() >= 2
            && (value.charAt(0) == '"' || value.charAt(0) == '\'')
            && value.charAt(value.length() - 1) == value.charAt(0);
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  private static String cut(String text) {
    String line = InstructionsText.oneLine(text);
    if (line.length() <= DESCRIPTION_CHARS_MAX) {
      return line;
    }
    int end = DESCRIPTION_CHARS_MAX - 1;
    return line.substring(0, Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end) + "…";
  }
}
