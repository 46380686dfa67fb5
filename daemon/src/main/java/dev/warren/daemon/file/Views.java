package dev.warren.daemon.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.daemon.store.InputHash;
import dev.warren.daemon.store.StateFolder;
import dev.warren.protocol.daemon.ProcessState;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What each chat last saw of each file, so that it does not change what somebody else changed
/// since.
///
/// A view is the hash of a whole file that the chat read or wrote, by the file's real path. What
/// the chat's own commands change is no surprise to it: a file whose inode last changed while one
/// of them ran after it last saw the file is not stale. Kept in the file `views` of the state
/// folder, beside the files it speaks of, hence over restarts of this daemon and of the control
/// plane; not synced, since after a power cut an old or missing view costs one more read at worst.
/// A file without a view is not guarded.
public final class Views {
  /// Files of all chats together; the one that was used longest ago is forgotten first.
  static final int FILES_MAX = 4_096;

  /// Commands of all chats together that are asked for what they may have changed, the newest.
  private static final int COMMANDS_MAX = 256;

  /// A command changes files for this long at most: a server that runs for days would otherwise
  /// take the blame for what people change meanwhile.
  private static final Duration COMMAND_CHANGES_FOR = Duration.ofMinutes(10);

  /// The clock of a file system lags behind by less than this.
  private static final Duration CLOCK_TICK = Duration.ofMillis(50);

  /// Lines of the file before it is written anew.
  private static final int LINES_MAX = 3 * FILES_MAX;

  private static final Logger LOG = LoggerFactory.getLogger(Views.class);

  private record View(UUID chat, Path file) {}

  /// @param at when; a command that was over by then changed nothing since
  private record Content(String sha256, Instant at) {}

  private final Path log;
  private final Function<UUID, Optional<ProcessState>> commands;
  private final Clock clock;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<View, Content> seen = bounded(FILES_MAX);

  /// The chat of each command.
  @GuardedBy("lock")
  private final Map<UUID, UUID> ran = bounded(COMMANDS_MAX);

  @GuardedBy("lock")
  private int lines = LINES_MAX;

  /// @param commands what is known of a command
  public Views(StateFolder state, Function<UUID, Optional<ProcessState>> commands, Clock clock)
      throws IOException {
    this.log = state.views();
    this.commands = commands;
    this.clock = clock;
    if (Files.exists(log)) {
      synchronized (lock) {
        for (String line : Files.readAllLines(log, StandardCharsets.ISO_8859_1)) {
          load(line);
        }
      }
    }
  }

  /// The chat knows this content of the file now.
  public void saw(UUID chat, Path file, String sha256) {
    View view = new View(chat, real(file));
    Content content = new Content(sha256, clock.instant());
    synchronized (lock) {
      seen.put(view, content);
      append(line(view, content));
    }
  }

  /// The chat started this command.
  public void ran(UUID chat, UUID command) {
    synchronized (lock) {
      if (ran.put(command, chat) == null) {
        append(line(command, chat));
      }
    }
  }

  /// Whether the file has another content than the chat knows, by another's doing.
  boolean isStale(UUID chat, TextFile file) throws IOException {
    Optional<Content> known = known(chat, file.target());
    return known.isPresent()
        && !known.get().sha256().equals(file.sha256())
        && !changedByCommand(chat, file.target(), known.get().at());
  }

  /// The same of any file; one that is gone is not stale.
  boolean isStale(UUID chat, Path file) throws IOException {
    Optional<Content> known = known(chat, file);
    return known.isPresent()
        && Files.isRegularFile(file)
        && !known.get().sha256().equals(hash(file))
        && !changedByCommand(chat, file, known.get().at());
  }

  private Optional<Content> known(UUID chat, Path file) {
    View view = new View(chat, real(file));
    synchronized (lock) {
      return Optional.ofNullable(seen.get(view));
    }
  }

  /// @param since when the chat last saw the file
  private boolean changedByCommand(UUID chat, Path file, Instant since) throws IOException {
    Instant changed = ((FileTime) Files.getAttribute(file, "unix:ctime")).toInstant();
    List<UUID> own;
    synchronized (lock) {
      own =
          ran.entrySet().stream()
              .filter(entry -> entry.getValue().equals(chat))
              .map(Map.Entry::getKey)
              .toList();
    }
    return own.stream()
        .flatMap(id -> commands.apply(id).stream())
        .filter(command -> command.endedAt().filter(end -> end.isBefore(since)).isEmpty())
        .anyMatch(command -> mayHaveChanged(command, changed));
  }

  private static boolean mayHaveChanged(ProcessState command, Instant changed) {
    Instant longest = command.startedAt().plus(COMMAND_CHANGES_FOR);
    Instant end =
        command.endedAt().map(ended -> ended.isBefore(longest) ? ended : longest).orElse(longest);
    return !changed.isBefore(command.startedAt().minus(CLOCK_TICK))
        && !changed.isAfter(end.plus(CLOCK_TICK));
  }

  private static String hash(Path file) throws IOException {
    MessageDigest digest = InputHash.sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException notThere) {
      return file;
    }
  }

  private static <K, V> Map<K, V> bounded(int entriesMax) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > entriesMax;
      }
    };
  }

  private static String line(View view, Content content) {
    String path = URLEncoder.encode(view.file.toString(), StandardCharsets.UTF_8);
    return "saw %s %s %d %s\n"
        .formatted(view.chat, content.sha256(), content.at().toEpochMilli(), path);
  }

  private static String line(UUID command, UUID chat) {
    return "ran %s %s\n".formatted(chat, command);
  }

  /// Takes a line that an earlier daemon wrote; one that it did not finish is left out.
  @GuardedBy("lock")
  private void load(String line) {
    String[] words = line.split(" ", -1);
    try {
      UUID chat = words.length < 3 ? new UUID(0, 0) : UUID.fromString(words[1]);
      if (words.length == 5 && words[0].equals("saw")) {
        seen.put(
            new View(chat, Path.of(URLDecoder.decode(words[4], StandardCharsets.UTF_8))),
            new Content(words[2], Instant.ofEpochMilli(Long.parseLong(words[3]))));
      } else if (words.length == 3 && words[0].equals("ran")) {
        ran.put(UUID.fromString(words[2]), chat);
      }
    } catch (IllegalArgumentException torn) {
      LOG.debug("a torn line of {} is left out", log);
    }
  }

  /// Under the lock on purpose: what was seen last has to be the last line. A full disk must not
  /// keep the chat from reading; the next line then writes all anew.
  @GuardedBy("lock")
  private void append(String line) {
    try {
      if (lines < LINES_MAX) {
        Files.writeString(
            log,
            line,
            StandardCharsets.ISO_8859_1,
            StandardOpenOption.WRITE,
            StandardOpenOption.APPEND);
        lines++;
        return;
      }
      List<String> all = new ArrayList<>();
      ran.forEach((command, chat) -> all.add(line(command, chat)));
      seen.forEach((view, content) -> all.add(line(view, content)));
      Path beside = log.resolveSibling(log.getFileName() + ".new");
      Files.writeString(beside, String.join("", all), StandardCharsets.ISO_8859_1);
      Files.move(beside, log, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      lines = all.size();
    } catch (IOException failed) {
      lines = LINES_MAX;
      LOG.warn("what chats have seen is not kept over a restart: {}", failed.toString());
    }
  }
}
