package dev.warren.cli.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.Optional;
import java.util.function.Consumer;

/// What somebody types, line by line; later on a thread of its own.
public final class Keyboard {
  private final BufferedReader lines =
      new BufferedReader(
          new InputStreamReader(
              System.in, Charset.forName(System.getProperty("stdin.encoding", "UTF-8"))));

  /// The next line; empty at the end of input (Ctrl-D).
  public Optional<String> next() {
    try {
      return Optional.ofNullable(lines.readLine());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Hands each line over as it is typed; a line that cannot be sent is said and dropped.
  public void start(Consumer<String> send, Runnable atEnd) {
    Thread.ofPlatform()
        .name("keyboard")
        .daemon()
        .start(() -> {
          Optional<String> line = next();
          while (line.isPresent()) {
            if (!line.get().isBlank()) {
              try {
                send.accept(line.get());
              } catch (Failure e) {
                System.err.println("warren: " + Console.clean(e.plain()));
              }
            }
            line = next();
          }
          atEnd.run();
        });
  }
}
