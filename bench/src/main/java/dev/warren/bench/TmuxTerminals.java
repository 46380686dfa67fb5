package dev.warren.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Windows of one tmux server of our own, driven through its control mode (tmux(1), CONTROL MODE):
/// a line a command, `%begin`, what it printed, `%end`; between those, `%output` of the windows.
final class TmuxTerminals implements TerminalHost {
  private static final Path TMUX = Path.of("/usr/bin/tmux");

  private final Process client;
  private final Writer commands;
  private final BlockingQueue<List<String>> replies = new LinkedBlockingQueue<>();
  private final Map<String, StringBuilder> printed = new ConcurrentHashMap<>();
  private final Map<Integer, String> panes = new ConcurrentHashMap<>();
  private final Object oneCommand = new Object();
  private final long server;

  TmuxTerminals(Path folder) {
    try {
      Path home = Files.createDirectory(folder.resolve("tmux-home"));
      ProcessBuilder start =
          new ProcessBuilder(
              TMUX.toString(),
              "-S",
              home.resolve("socket").toString(),
              "-f",
              "/dev/null",
              "-C",
              "new-session",
              "-s",
              "bench");
      start.environment().put("HOME", home.toString());
      start.environment().remove("TMUX");
      this.client = start.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.commands = client.outputWriter(StandardCharsets.UTF_8);
    Thread.ofPlatform().daemon().name("tmux").start(this::read);
    this.server = Long.parseLong(command("display-message -p '#{pid}'").getFirst());
  }

  static boolean installed() {
    return Files.isExecutable(TMUX);
  }

  private void read() {
    try (BufferedReader in = client.inputReader(StandardCharsets.ISO_8859_1)) {
      @Nullable List<String> reply = null;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("%begin ")) {
          reply = new ArrayList<>();
        } else if (line.startsWith("%end ") || line.startsWith("%error ")) {
          // The last number says whether this client asked.
          if (reply != null && line.endsWith(" 1")) {
            replies.add(reply);
          }
          reply = null;
        } else if (reply != null) {
          reply.add(line);
        } else if (line.startsWith("%output ")) {
          String[] parts = line.split(" ", 3);
          StringBuilder text = printed.computeIfAbsent(parts[1], _ -> new StringBuilder());
          synchronized (text) {
            text.append(parts[2]);
            text.notifyAll();
          }
        }
      }
    } catch (IOException gone) {
      // Closed; whoever waits for an answer says that none came.
    }
  }

  private List<String> command(String line) {
    synchronized (oneCommand) {
      try {
        commands.write(line + "\n");
        commands.flush();
        List<String> reply = replies.poll(ANSWER_DEADLINE.toSeconds(), TimeUnit.SECONDS);
        if (reply == null) {
          throw new IllegalStateException("tmux does not answer to " + line);
        }
        return reply;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
  }

  @Override
  public void open(int number) {
    panes.put(number, command("new-window -d -P -F '#{pane_id}'").getFirst());
    ask(number, 0);
  }

  @Override
  public void ask(int number) {
    ask(number, 1);
  }

  private void ask(int number, int round) {
    String[] question = TerminalHost.question(round);
    String pane = panes.getOrDefault(number, "");
    command("send-keys -t %s -l '%s'".formatted(pane, question[0]));
    command("send-keys -t %s Enter".formatted(pane));
    StringBuilder text = printed.computeIfAbsent(pane, _ -> new StringBuilder());
    long end = System.nanoTime() + ANSWER_DEADLINE.toNanos();
    synchronized (text) {
      while (text.indexOf(question[1]) < 0) {
        long leftMs = (end - System.nanoTime()) / 1_000_000;
        if (leftMs <= 0) {
          throw new IllegalStateException("tmux's window %d printed %s".formatted(number, text));
        }
        try {
          text.wait(leftMs);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("interrupted", e);
        }
      }
    }
  }

  @Override
  public long pid() {
    return server;
  }

  @Override
  public String heapMib() {
    return "–";
  }

  @Override
  public void close() {
    try {
      commands.write("kill-server\n");
      commands.flush();
      client.waitFor(ANSWER_DEADLINE.toSeconds(), TimeUnit.SECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      client.destroy();
    }
  }
}
