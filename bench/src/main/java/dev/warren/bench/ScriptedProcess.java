package dev.warren.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The scripted model in a process of its own, so that its CPU is not counted.
final class ScriptedProcess implements AutoCloseable {
  private static final Pattern URL = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)");

  private final Program program;

  ScriptedProcess(Path folder, String script) {
    try {
      Path file = Files.writeString(folder.resolve("script.json"), script);
      this.program =
          Program.start(
              folder,
              "scripted-model",
              Map.of(),
              List.of(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "-XX:+UseSerialGC",
                  "-Xmx512m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "dev.warren.scripted.Main",
                  "--script",
                  file.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    program.await("the scripted model", Duration.ofSeconds(60), () -> matcher().find());
  }

  private Matcher matcher() {
    return URL.matcher(program.output());
  }

  int port() {
    Matcher matcher = matcher();
    if (!matcher.find()) {
      throw new IllegalStateException("the scripted model has no port");
    }
    return Integer.parseInt(matcher.group(1));
  }

  String url() {
    return "http://127.0.0.1:" + port();
  }

  @Override
  public void close() {
    program.close();
  }
}
