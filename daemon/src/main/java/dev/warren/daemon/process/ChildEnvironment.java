package dev.warren.daemon.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// The environment of a command: the daemon's own without what belongs to the daemon, and settings
/// under which programs never wait for a person.
public final class ChildEnvironment {
  /// Marks all processes of a command, so that its tree can be found.
  private static final String MARKER = "WARREN_PROCESS_ID";

  private static final Map<String, String> NON_INTERACTIVE =
      Map.of(
          "PAGER", "cat",
          "GIT_PAGER", "cat",
          "MANPAGER", "cat",
          "GIT_TERMINAL_PROMPT", "0",
          "GIT_EDITOR", refusingEditor("git"),
          "EDITOR", refusingEditor("EDITOR"),
          "VISUAL", refusingEditor("VISUAL"),
          "DEBIAN_FRONTEND", "noninteractive",
          "TERM", "dumb");

  private final Map<String, String> own;
  private final String home;
  private volatile Optional<GitIdentity> gitIdentity = Optional.empty();
  private volatile Optional<String> gitAskpass = Optional.empty();

  public ChildEnvironment(Map<String, String> own, String home) {
    this.own = Map.copyOf(own);
    this.home = home;
  }

  /// From now on, commands commit as this person.
  public void gitIdentity(GitIdentity identity) {
    gitIdentity = Optional.of(identity);
  }

  /// From now on, git asks this program for logins.
  public void gitAskpass(Path program) {
    gitAskpass = Optional.of(program.toString());
  }

  /// `NAME=value` entries of a command that no person watches.
  List<String> of(UUID id, Map<String, String> extra) {
    Map<String, String> all = inherited();
    all.putAll(NON_INTERACTIVE);
    return entries(all, id, extra);
  }

  /// `NAME=value` entries of a person's shell: nothing but what is there anyway, and a name for the
  /// terminal that `extra` may change.
  ///
  /// @param id marks all that the shell starts ([#marker])
  public List<String> ofPerson(UUID id, Map<String, String> extra) {
    Map<String, String> all = inherited();
    all.put("TERM", "xterm-256color");
    return entries(all, id, extra);
  }

  /// The entry that all processes with this id inherit, for a [dev.warren.daemon.os.ProcessTree].
  public static String marker(UUID id) {
    return MARKER + "=" + id;
  }

  private Map<String, String> inherited() {
    Map<String, String> all = new TreeMap<>();
    own.forEach((name, value) -> {
      if (!daemonsOwn(name)) {
        all.put(name, value);
      }
    });
    all.putIfAbsent("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    all.putIfAbsent("LANG", "C.UTF-8");
    all.put("HOME", home);
    return all;
  }

  private List<String> entries(Map<String, String> all, UUID id, Map<String, String> extra) {
    gitIdentity.ifPresent(person -> {
      all.put("GIT_AUTHOR_NAME", person.name());
      all.put("GIT_AUTHOR_EMAIL", person.email());
      all.put("GIT_COMMITTER_NAME", person.name());
      all.put("GIT_COMMITTER_EMAIL", person.email());
    });
    gitAskpass.ifPresent(program -> all.putIfAbsent("GIT_ASKPASS", program));
    all.putAll(extra);
    all.put(MARKER, id.toString());
    return all.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList();
  }

  private static boolean daemonsOwn(String name) {
    return name.startsWith("WARREN_")
        || name.equals("CI")
        || name.equals("MALLOC_ARENA_MAX")
        || name.equals("JAVA_TOOL_OPTIONS")
        || name.equals("JDK_JAVA_OPTIONS")
        || name.equals("_JAVA_OPTIONS")
        || name.equals("_")
        || name.equals("LINES")
        || name.equals("COLUMNS")
        || name.equals("OLDPWD")
        || name.equals("PWD")
        || name.equals("SHLVL");
  }

  private static String refusingEditor(String who) {
    return "sh -c 'echo \"no editor here ("
        + who
        + "): give the text by an option, such as git commit -m\" >&2; exit 1'";
  }
}
