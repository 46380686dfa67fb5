package dev.warren.daemon.terminal;

import dev.warren.daemon.os.WindowSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What another terminal, tmux's, shows after certain bytes: a judge of ours that shares no code
/// with it.
final class TmuxScreen implements AutoCloseable {
  private static final long WITHIN_SECONDS = 20;

  private final Path folder;
  private final WindowSize size;
  private int windows;

  TmuxScreen(Path folder, WindowSize size) throws IOException, InterruptedException {
    this.folder = folder;
    this.size = size;
    Files.writeString(
        folder.resolve("tmux.conf"),
        "set -g history-limit 5000\nset -g status off\nset -g default-terminal tmux-256color\n"
            + "set -s escape-time 0\nset -g scroll-on-clear off\n");
    tmux("new-session", "-d", "-x", "" + size.columns(), "-y", "" + size.rows(), "sleep 600");
  }

  static boolean isThere() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(part -> Files.isExecutable(Path.of(part, "tmux")));
  }

  /// The screen's lines with their styles, and where the cursor is.
  ///
  /// @param history lines of what scrolled away, at most
  String show(byte[] bytes, int history) throws IOException, InterruptedException {
    int window = ++windows;
    Path file = Files.write(folder.resolve("bytes" + window), bytes);
    String done = "done" + window;
    String command =
        "stty raw -echo; cat %s; tmux -S %s wait-for -S %s; exec sleep 600"
            .formatted(file, folder.resolve("socket"), done);
    tmux("new-window", "-t", ":" + window, command);
    tmux("wait-for", done);
    String target = ":" + window;
    // Twice: what was printed last may not be shown yet; a second client comes behind it.
    tmux("display-message", "-p", "-t", target, "x");
    String screen = tmux("capture-pane", "-p", "-e", "-N", "-t", target, "-S", "-" + history);
    String cursor =
        tmux(
            "display-message",
            "-p",
            "-t",
            target,
            "cursor #{cursor_x},#{cursor_y} visible #{cursor_flag} alternate #{alternate_on} keys"
                + " #{keypad_cursor_flag} #{keypad_flag} insert #{insert_flag} wrap #{wrap_flag}"
                + " mouse #{mouse_any_flag} region #{scroll_region_upper}-#{scroll_region_lower}"
                + " #{origin_flag}");
    tmux("kill-window", "-t", target);
    return new Look().of(screen) + cursor;
  }

  /// Brings captured lines into one form: each character with its style, where the foreground of a
  /// blank, which nobody sees, does not count; nor does what follows the last character, of which
  /// tmux does not tell reliably.
  private static final class Look {
    private static final Pattern PIECE =
        Pattern.compile("\033\\[([0-9;:]*)m|[\016\017]|([^\033])", Pattern.DOTALL);

    private String background = "";
    private String rest = "";

    String of(String screen) {
      return screen.lines().map(this::line).collect(Collectors.joining("\n")) + "\n";
    }

    private String line(String line) {
      StringBuilder cells = new StringBuilder();
      Matcher pieces = PIECE.matcher(line);
      int plainFrom = 0;
      String before = "";
      while (pieces.find()) {
        String character = pieces.group(2);
        if (character == null) {
          select(pieces.group(1) == null ? "" : pieces.group(1));
          continue;
        }
        String style = character.equals(" ") ? background : background + rest;
        if (!style.equals(before)) {
          cells.append('{').append(style).append('}');
          before = style;
        }
        cells.append(character);
        if (!character.equals(" ")) {
          plainFrom = cells.length();
        }
      }
      return cells.substring(0, plainFrom);
    }

    private void select(String codes) {
      List<String> parts = List.of(codes.split(";"));
      for (int i = 0; i < parts.size(); i++) {
        String part = parts.get(i);
        int length = part.equals("38") || part.equals("48") ? colorLength(parts, i) : 1;
        String color = String.join(";", parts.subList(i, i + length));
        if (part.isEmpty() || part.equals("0")) {
          background = "";
          rest = "";
        } else if (part.equals("49")) {
          background = "";
        } else if (part.matches("4[0-8]|10[0-7]")) {
          background = "b" + color;
        } else if (part.matches("3[0-9]|9[0-7]")) {
          rest = rest.replaceAll("f[0-9;]*", "") + (part.equals("39") ? "" : "f" + color);
        } else {
          rest += "+" + part;
        }
        i += length - 1;
      }
    }

    private static int colorLength(List<String> parts, int at) {
      return parts.get(at + 1).equals("5") ? 3 : 5;
    }
  }

  private String tmux(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "tmux",
                "-u",
                "-S",
                folder.resolve("socket").toString(),
                "-f",
                folder.resolve("tmux.conf").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("TMUX");
    builder.environment().put("LC_ALL", "C.UTF-8");
    Path output = folder.resolve("output");
    Process process = builder.redirectOutput(output.toFile()).start();
    if (!process.waitFor(WITHIN_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("tmux did not end: " + command);
    }
    String text = Files.readString(output, StandardCharsets.UTF_8);
    if (process.exitValue() != 0) {
      throw new IOException("tmux: " + text);
    }
    return text;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    tmux("kill-server");
  }
}
