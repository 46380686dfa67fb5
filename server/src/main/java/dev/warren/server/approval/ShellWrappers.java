package dev.warren.server.approval;

import dev.warren.server.approval.ShellScript.Opaque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Programs that run other programs: finds the command that one is given. An option that is not
/// known here makes the script opaque, since it could have a value that looks like the command.
final class ShellWrappers {
  private static final Set<String> SHELLS =
      Set.of("sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "rbash");

  private static final Set<String> FIND_ACTIONS = Set.of("-exec", "-execdir", "-ok", "-okdir");

  /// How a wrapper is called.
  ///
  /// @param valued options with a value, which may be attached
  /// @param flags options without one
  /// @param operands words before the command
  private record Wrapper(Set<String> valued, Set<String> flags, int operands) {}

  private static final Map<String, Wrapper> WRAPPERS = new HashMap<>();

  static {
    wrapper("sudo", "-u -g -h -p -C -T -r -t -U -D -R", "-A -b -E -H -k -K -n -P -S -l -v -V", 0);
    wrapper("doas", "-u -C", "-n -L", 0);
    wrapper("env", "-u -C", "-i - -0 -v", 0);
    wrapper("nice", "-n", "", 0);
    wrapper("ionice", "-c -n", "-t", 0);
    wrapper("nohup", "", "", 0);
    wrapper("time", "-o -f", "-p -a -v -q", 0);
    wrapper("timeout", "-k -s", "-v -f", 1);
    wrapper("setsid", "", "-c -f -w", 0);
    wrapper("stdbuf", "-i -o -e", "", 0);
    wrapper("command", "", "-p", 0);
    wrapper("builtin", "", "", 0);
    wrapper("exec", "-a", "-c -l", 0);
    wrapper("xargs", "-I -n -P -L -s -d -E -a", "-0 -r -t -x -p -o", 0);
    wrapper("chroot", "", "", 1);
    wrapper("flock", "-w -E", "-s -x -e -n -o -u -F", 1);
    wrapper("busybox", "", "", 0);
    wrapper("unbuffer", "", "-p", 0);
    wrapper("strace", "-o -e -p -s", "-f -ff -c -t -tt -v -q", 0);
    wrapper("coproc", "", "", 0);
  }

  private ShellWrappers() {}

  private static void wrapper(String name, String valued, String flags, int operands) {
    WRAPPERS.put(name, new Wrapper(options(valued), options(flags), operands));
  }

  private static Set<String> options(String text) {
    return text.isEmpty() ? Set.of() : Set.of(text.split(" "));
  }

  /// Adds a command, and those that it would run.
  static void unwrap(List<ShellWord> words, int depth, List<ShellCommand> into) {
    if (depth > ShellScript.DEPTH_MAX) {
      throw new Opaque("commands are nested more than " + ShellScript.DEPTH_MAX + " deep");
    }
    ShellCommand plain = new ShellCommand(words, false);
    if (!plain.known()) {
      into.add(plain);
      return;
    }
    String program = plain.program();
    List<ShellWord> arguments = words.subList(1, words.size());
    Wrapper wrapper = WRAPPERS.get(program);
    boolean wraps = wrapper != null || SHELLS.contains(program);
    into.add(new ShellCommand(words, wraps));
    if (wrapper != null) {
      wrapped(program, wrapper, arguments, depth, into);
    } else if (SHELLS.contains(program)) {
      shell(program, arguments, depth, into);
    }
    switch (program) {
      case "eval", "watch" -> script(program, withoutOptions(arguments), depth, into);
      case "trap", "alias" -> scripts(program, arguments, depth, into);
      case "su", "script", "runuser" -> optionC(program, arguments, depth, into);
      case "find" -> found(arguments, depth, into);
      case "parallel" -> throw new Opaque("parallel makes commands of its input");
      default -> {}
    }
  }

  private static void wrapped(
      String program, Wrapper how, List<ShellWord> words, int depth, List<ShellCommand> into) {
    if (program.equals("command") && !words.isEmpty() && words.getFirst().text().matches("-[vV]")) {
      return;
    }
    int at = 0;
    while (at < words.size() && words.get(at).text().startsWith("-")) {
      ShellWord option = words.get(at);
      String text = option.text();
      at++;
      if (text.equals("--")) {
        break;
      }
      if (option.dynamic()) {
        throw new Opaque("an option of " + program + " is decided only when it runs");
      }
      if (how.valued().contains(text)) {
        at++;
      } else if (!isFlag(how, text)) {
        throw new Opaque(program + " has the option " + text + ", which is not understood");
      }
    }
    while (at < words.size()
        && words.get(at).assigns()
        && (program.equals("env") || program.equals("sudo"))) {
      at++;
    }
    at += how.operands();
    if (at >= words.size()) {
      return;
    }
    List<ShellWord> inner = new ArrayList<>(words.subList(at, words.size()));
    if (program.equals("flock") && inner.getFirst().text().equals("-c")) {
      script(program, inner.subList(1, inner.size()), depth, into);
      return;
    }
    if (program.equals("xargs")) {
      inner.add(ShellWord.unknown());
    }
    unwrap(inner, depth + 1, into);
  }

  /// A known flag, several in one word, a valued option with its value attached, or a long option
  /// with its value attached.
  private static boolean isFlag(Wrapper how, String text) {
    if (how.flags().contains(text) || text.matches("--[a-z-]+=.*")) {
      return true;
    }
    if (text.startsWith("--")) {
      return false;
    }
    if (text.length() > 2 && how.valued().contains(text.substring(0, 2))) {
      return true;
    }
    // nice -5
    if (text.matches("-[0-9]+")) {
      return true;
    }
    return text.length() > 2
        && text.substring(1).chars().allMatch(c -> how.flags().contains("-" + (char) c));
  }

  private static void shell(
      String program, List<ShellWord> words, int depth, List<ShellCommand> into) {
    boolean commands = false;
    int at = 0;
    while (at < words.size()) {
      ShellWord word = words.get(at);
      String text = word.text();
      if (word.dynamic()) {
        break;
      }
      if (text.equals("--")) {
        at++;
        break;
      }
      if (!text.matches("[-+].*")) {
        break;
      }
      commands |= text.matches("-[A-Za-z]*c[A-Za-z]*");
      if (text.matches("[-+][A-Za-z]*[oO][A-Za-z]*")) {
        at++;
      } else if (text.equals("-s") || text.equals("-")) {
        throw new Opaque(program + " reads its commands from its input");
      }
      at++;
    }
    if (commands) {
      script(
          program,
          words.subList(Math.min(at, words.size()), Math.min(at + 1, words.size())),
          depth,
          into);
      return;
    }
    if (at >= words.size()) {
      throw new Opaque(program + " reads its commands from its input");
    }
  }

  /// Words that are put together and read as a script.
  private static void script(
      String program, List<ShellWord> words, int depth, List<ShellCommand> into) {
    if (words.stream().anyMatch(ShellWord::dynamic)) {
      throw new Opaque("what " + program + " runs is decided only when it runs");
    }
    String text = words.stream().map(ShellWord::text).collect(Collectors.joining(" "));
    ShellScript.collect(text, depth + 1, into);
  }

  /// Each word by itself, or what stands behind its `=`.
  private static void scripts(
      String program, List<ShellWord> words, int depth, List<ShellCommand> into) {
    for (ShellWord word : words) {
      if (word.dynamic()) {
        throw new Opaque("what " + program + " runs is decided only when it runs");
      }
      String text = word.text();
      if (program.equals("alias")) {
        int equals = text.indexOf('=');
        if (equals > 0) {
          ShellScript.collect(text.substring(equals + 1), depth + 1, into);
        }
      } else if (!text.startsWith("-")) {
        ShellScript.collect(text, depth + 1, into);
        return;
      }
    }
  }

  private static void optionC(
      String program, List<ShellWord> words, int depth, List<ShellCommand> into) {
    for (int i = 0; i < words.size(); i++) {
      String text = words.get(i).text();
      if (text.equals("-c") || text.equals("--command")) {
        script(program, words.subList(i + 1, Math.min(i + 2, words.size())), depth, into);
        return;
      }
      if (text.equals("--") && program.equals("runuser") && i + 1 < words.size()) {
        unwrap(words.subList(i + 1, words.size()), depth + 1, into);
        return;
      }
    }
    throw new Opaque(program + " is used in a way that is not understood");
  }

  private static List<ShellWord> withoutOptions(List<ShellWord> words) {
    int at = 0;
    while (at < words.size() && words.get(at).text().startsWith("-")) {
      at += words.get(at).text().equals("-n") ? 2 : 1;
    }
    return words.subList(Math.min(at, words.size()), words.size());
  }

  private static void found(List<ShellWord> words, int depth, List<ShellCommand> into) {
    for (int i = 0; i < words.size(); i++) {
      if (!FIND_ACTIONS.contains(words.get(i).text())) {
        continue;
      }
      List<ShellWord> inner = new ArrayList<>();
      for (i++; i < words.size() && !words.get(i).text().matches("[;+]"); i++) {
        ShellWord word = words.get(i);
        inner.add(word.text().contains("{}") ? ShellWord.unknown() : word);
      }
      if (!inner.isEmpty()) {
        unwrap(inner, depth + 1, into);
      }
    }
  }
}
