package dev.warren.daemon.os;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A command's processes: its session and group, their descendants, and whatever carries its marker
/// in the environment, however often it called `setsid`. Only an orphan that cleared its
/// environment *and* left the session escapes it; where a cgroup is writable that one is found too.
///
/// @param session the session's id, which is the wrapper's pid
/// @param marker an environment entry that every process of the command inherits
public record ProcessTree(int session, String marker) {
  /// Rounds of looking for processes born meanwhile.
  private static final int ROUNDS_MAX = 20;

  /// Sends a signal to each process of the tree, and says how many there were.
  public int signal(int signal) {
    List<ProcStat> members = members();
    members.forEach(member -> send(member, signal));
    return members.size();
  }

  /// Ends the tree for certain: stops all, until no new one appears, then kills them; again until
  /// nothing is left.
  ///
  /// @return false when something is still there, such as a process in an uninterruptible wait
  public boolean kill() {
    for (int round = 0; round < ROUNDS_MAX; round++) {
      List<ProcStat> members = members();
      if (members.isEmpty()) {
        return true;
      }
      Set<ProcStat> stopped = new HashSet<>();
      boolean more = true;
      for (int look = 0; more && look < ROUNDS_MAX; look++) {
        more = false;
        for (ProcStat member : members()) {
          if (stopped.add(identity(member))) {
            send(member, Libc.SIGSTOP);
            more = true;
          }
        }
      }
      stopped.forEach(member -> send(member, Libc.SIGKILL));
      Thread.onSpinWait();
    }
    return members().isEmpty();
  }

  /// The living processes of the tree. Never this process or what it does not know.
  public List<ProcStat> members() {
    int self = (int) ProcessHandle.current().pid();
    List<ProcStat> all = ProcStat.all();
    Map<Integer, List<ProcStat>> children = new HashMap<>();
    List<ProcStat> queue = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    for (ProcStat process : all) {
      children.computeIfAbsent(process.parent(), parent -> new ArrayList<>()).add(process);
      boolean ours =
          process.session() == session
              || process.group() == session
              || process.environmentHolds(marker);
      if (ours && process.pid() != self && seen.add(process.pid())) {
        queue.add(process);
      }
    }
    for (int i = 0; i < queue.size(); i++) {
      for (ProcStat child : children.getOrDefault(queue.get(i).pid(), List.of())) {
        if (child.pid() != self && seen.add(child.pid())) {
          queue.add(child);
        }
      }
    }
    return queue.stream().filter(process -> !process.zombie()).toList();
  }

  private static void send(ProcStat process, int signal) {
    if (process.alive()) {
      Libc.kill(process.pid(), signal);
    }
  }

  private static ProcStat identity(ProcStat process) {
    return new ProcStat(process.pid(), '?', 0, 0, 0, process.startTicks());
  }
}
