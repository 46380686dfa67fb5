package dev.warren.cli.workspace;

import dev.warren.cli.client.Failure;
import java.util.List;
import java.util.Map;

/// Our marked block within a text that is the user's: `~/.ssh/config`. All else stays as it is, to
/// the byte.
final class SshConfigBlock {
  static final String BEGIN = "# >>> warren: written by 'warren config-ssh', which replaces it";
  static final String END = "# <<< warren";

  private SshConfigBlock() {}

  /// A stanza a workspace, since IDEs list names and not patterns; then one for all of them.
  static String of(List<String> workspaces, Map<String, String> options) {
    StringBuilder block = new StringBuilder(BEGIN).append('\n');
    for (String name : workspaces) {
      String host = name + RunningWorkspace.SUFFIX;
      block.append("Host ").append(host).append("\n  HostName ").append(host).append('\n');
    }
    block.append("Host *").append(RunningWorkspace.SUFFIX).append('\n');
    options.forEach((option, value) ->
        block.append("  ").append(option).append(' ').append(value).append('\n'));
    return block.append(END).append('\n').toString();
  }

  /// The text with the block in it, in place of an earlier one, else at the end.
  static String put(String text, String block) {
    int begin = begin(text);
    if (begin >= 0) {
      return text.substring(0, begin) + block + text.substring(end(text, begin));
    }
    String gap = text.isEmpty() ? "" : text.endsWith("\n") ? "\n" : "\n\n";
    return text + gap + block;
  }

  /// The text as it was before [#put].
  static String remove(String text) {
    int begin = begin(text);
    if (begin < 0) {
      return text;
    }
    String before = text.substring(0, begin);
    String after = text.substring(end(text, begin));
    boolean hasGap = after.isEmpty() && before.endsWith("\n\n");
    return (hasGap ? before.substring(0, before.length() - 1) : before) + after;
  }

  private static int begin(String text) {
    if (text.startsWith(BEGIN)) {
      return 0;
    }
    int found = text.indexOf("\n" + BEGIN);
    return found < 0 ? -1 : found + 1;
  }

  /// Behind the block's last line.
  ///
  /// @throws Failure when somebody removed the end's mark: nobody knows then what is ours
  private static int end(String text, int begin) {
    int mark = text.indexOf("\n" + END, begin);
    if (mark < 0) {
      throw new Failure(
          "the block of warren in ssh's configuration has no end ('%s'): remove it by hand, then try again"
              .formatted(END));
    }
    int newline = text.indexOf('\n', mark + 1);
    return newline < 0 ? text.length() : newline + 1;
  }
}
