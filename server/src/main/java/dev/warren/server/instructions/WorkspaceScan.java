package dev.warren.server.instructions;

import dev.warren.protocol.daemon.DaemonInfo;
import dev.warren.protocol.daemon.FileLines;
import dev.warren.protocol.daemon.FileListing;
import dev.warren.protocol.daemon.FileStat;
import dev.warren.server.chat.Instructions;
import dev.warren.server.instructions.FoundInstructions.FoundFile;
import dev.warren.server.workspace.daemon.DaemonCallException;
import dev.warren.server.workspace.daemon.DaemonClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// One look through a workspace for its instructions: in the home and the working folder, and in
/// the repositories up to two folders below them. Symbolic links to folders are not followed, so a
/// loop of them is none here. Every number is bounded, whatever lies there.
public final class WorkspaceScan {
  /// Folders that are looked into for repositories.
  static final int FOLDERS_MAX = 64;

  /// Files whose text the model is told.
  static final int FILES_MAX = 16;

  /// Bytes of one file that the model is told.
  static final int FILE_BYTES_MAX = 16 * 1024;

  /// Bytes of all files together.
  static final int TEXT_BYTES_MAX = 32 * 1024;

  static final int SKILLS_MAX = 50;

  /// Characters of all skills' names and descriptions together.
  static final int SKILL_CHARS_MAX = 8 * 1024;

  /// Lines that are read of a file of instructions.
  private static final int LINES_MAX = 2_000;

  /// Requests under way at once.
  private static final int PARALLEL_MAX = 8;

  /// In this order; the second is not told when it says the same.
  private static final List<String> NAMES = List.of("AGENTS.md", "CLAUDE.md");

  /// What people write into the second file to have it say the same.
  private static final String SAME = "@AGENTS.md";

  private final DaemonClient daemon;
  private final Semaphore slots = new Semaphore(PARALLEL_MAX);

  public WorkspaceScan(DaemonClient daemon) {
    this.daemon = daemon;
  }

  /// @throws DaemonCallException when the workspace cannot be asked at all
  public FoundInstructions look() throws InterruptedException {
    DaemonInfo info = daemon.info();
    try (ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        List<Folder> folders = folders(tasks, info);
        return new FoundInstructions(files(tasks, folders), skills(tasks, folders));
      } finally {
        tasks.shutdownNow();
      }
    }
  }

  /// A folder whose instructions count.
  private record Folder(String path, Map<String, FileStat> entries) {
    boolean isRepository() {
      return entries.containsKey(".git");
    }

    Optional<FileStat> entry(String name) {
      return Optional.ofNullable(entries.get(name));
    }
  }

  private List<Folder> folders(ExecutorService tasks, DaemonInfo info) throws InterruptedException {
    Set<String> roots = new LinkedHashSet<>(List.of(info.home(), info.workingDirectory()));
    List<Folder> counted = new ArrayList<>(list(tasks, List.copyOf(roots)));
    List<Folder> level = List.copyOf(counted);
    int left = FOLDERS_MAX;
    for (int depth = 0; depth < 2 && left > 0; depth++) {
      List<String> below =
          level.stream()
              .filter(folder -> roots.contains(folder.path()) || !folder.isRepository())
              .flatMap(folder -> subfolders(folder).stream())
              .filter(path -> !roots.contains(path))
              .distinct()
              .limit(left)
              .toList();
      left -= below.size();
      level = list(tasks, below);
      level.stream().filter(Folder::isRepository).forEach(counted::add);
    }
    return counted;
  }

  private static List<String> subfolders(Folder folder) {
    return folder.entries().values().stream()
        .filter(entry -> entry.kind() == FileStat.Kind.DIRECTORY)
        .filter(entry -> !name(entry.path()).startsWith("."))
        .filter(entry -> !name(entry.path()).equals("node_modules"))
        .map(FileStat::path)
        .toList();
  }

  private List<Folder> list(ExecutorService tasks, List<String> paths) throws InterruptedException {
    List<Folder> folders = new ArrayList<>();
    for (Optional<FileListing> listing : all(tasks, paths, daemon::list)) {
      listing.ifPresent(some -> {
        Map<String, FileStat> entries = new LinkedHashMap<>();
        some.entries().forEach(entry -> entries.put(name(entry.path()), entry));
        folders.add(new Folder(some.path(), entries));
      });
    }
    return folders;
  }

  private List<FoundFile> files(ExecutorService tasks, List<Folder> folders)
      throws InterruptedException {
    List<String> paths =
        folders.stream()
            .flatMap(folder ->
                NAMES.stream()
                    .flatMap(name -> folder.entry(name).stream())
                    .filter(WorkspaceScan::isReadable)
                    .map(FileStat::path))
            .limit(FILES_MAX)
            .toList();
    List<FoundFile> found = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    int left = TEXT_BYTES_MAX;
    for (Optional<FileLines> read : all(tasks, paths, path -> daemon.lines(path, 1, LINES_MAX))) {
      if (read.isEmpty()) {
        continue;
      }
      FileLines lines = read.get();
      String text = String.join("\n", lines.lines());
      boolean repeats = !seen.add(folder(lines.path()) + "\n" + lines.sha256());
      if (text.isBlank() || text.strip().equals(SAME) || repeats) {
        continue;
      }
      String told = head(text, Math.min(left, FILE_BYTES_MAX));
      left -= bytes(told);
      boolean whole = told.length() == text.length() && lines.lines().size() == lines.totalLines();
      found.add(
          new FoundFile(
              new Instructions.File(lines.path(), lines.sizeBytes(), !whole, lines.sha256()),
              told));
    }
    return found;
  }

  private List<Instructions.Skill> skills(ExecutorService tasks, List<Folder> folders)
      throws InterruptedException {
    List<String> places =
        folders.stream()
            .filter(folder -> folder.entry(".agents").filter(WorkspaceScan::isFolder).isPresent())
            .map(folder -> folder.path() + "/.agents/skills")
            .toList();
    List<String> paths =
        list(tasks, places).stream()
            .flatMap(place -> place.entries().values().stream())
            .filter(WorkspaceScan::isFolder)
            .map(entry -> entry.path() + "/SKILL.md")
            .limit(SKILLS_MAX)
            .toList();
    Map<String, Instructions.Skill> skills = new LinkedHashMap<>();
    int left = SKILL_CHARS_MAX;
    for (Optional<FileLines> read :
        all(tasks, paths, path -> daemon.lines(path, 1, SkillHeader.LINES_MAX))) {
      Optional<Instructions.Skill> skill = read.flatMap(WorkspaceScan::skill);
      if (skill.isEmpty() || skills.containsKey(skill.get().name())) {
        continue;
      }
      left -= skill.get().name().length() + skill.get().description().length();
      if (left < 0) {
        break;
      }
      skills.put(skill.get().name(), skill.get());
    }
    return List.copyOf(skills.values());
  }

  private static Optional<Instructions.Skill> skill(FileLines file) {
    return SkillHeader.read(file.lines(), name(folder(file.path())))
        .map(header -> new Instructions.Skill(header.name(), header.description(), file.path()));
  }

  private static boolean isFolder(FileStat entry) {
    return entry.kind() == FileStat.Kind.DIRECTORY;
  }

  /// A link to a file is read as the file; the daemon refuses what is none.
  private static boolean isReadable(FileStat entry) {
    return entry.kind() == FileStat.Kind.FILE || entry.kind() == FileStat.Kind.SYMLINK;
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String folder(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /// The longest beginning that is no longer than so many bytes and does not cut a line, if that is
  /// possible.
  private static String head(String text, int bytesMax) {
    if (bytes(text) <= bytesMax) {
      return text;
    }
    int end = 0;
    int used = 0;
    while (end < text.length()) {
      int next = end + Character.charCount(text.codePointAt(end));
      int more = bytes(text.substring(end, next));
      if (used + more > bytesMax) {
        break;
      }
      used += more;
      end = next;
    }
    int line = text.lastIndexOf('\n', Math.max(0, end - 1));
    return text.substring(0, line > 0 ? line : end);
  }

  /// A request about one path.
  private interface Asking<T> {
    T of(String path) throws InterruptedException;
  }

  /// Asks about all paths, some at a time; what the daemon refuses is left out.
  private <T> List<Optional<T>> all(ExecutorService tasks, List<String> paths, Asking<T> asking)
      throws InterruptedException {
    List<Future<Optional<T>>> asked = new ArrayList<>();
    for (String path : paths) {
      Callable<Optional<T>> task =
          () -> {
            slots.acquire();
            try {
              return Optional.of(asking.of(path));
            } catch (DaemonCallException refused) {
              if (refused.kind() == DaemonCallException.Kind.REFUSED) {
                return Optional.empty();
              }
              throw refused;
            } finally {
              slots.release();
            }
          };
      asked.add(tasks.submit(task));
    }
    List<Optional<T>> answers = new ArrayList<>();
    for (Future<Optional<T>> answer : asked) {
      try {
        answers.add(answer.get());
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException failed) {
          throw failed;
        }
        throw new InterruptedException("the look through the workspace was left");
      }
    }
    return answers;
  }
}
