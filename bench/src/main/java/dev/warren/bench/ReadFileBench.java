package dev.warren.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// `read_file` of 1 KiB in a local workspace, as an agent calls it: through the ledger, the tunnel
/// and the daemon. Beside it `ssh` over an open connection running `cat`, as an agent without the
/// tunnel would. Both read a file that is in the page cache.
final class ReadFileBench implements Benchmark {
  private static final int CHATS = 10;
  private static final int READS_PER_CHAT = 20;
  private static final int BYTES = 1024;
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  @Override
  public String name() {
    return "read-file";
  }

  private static String script() {
    String write =
        "[{\"call\": {\"name\": \"write_file\", \"input\": {\"path\": \"~/kib.txt\", \"content\":"
            + " \""
            + "x".repeat(BYTES - 1)
            + "\\n\"}}}]";
    List<String> turns = new ArrayList<>(List.of(write));
    for (int i = 1; i <= READS_PER_CHAT; i++) {
      // The agent loop stops a model that repeats the very same call.
      turns.add(
          "[{\"call\": {\"name\": \"read_file\","
              + " \"input\": {\"path\": \"~/kib.txt\", \"limit\": "
              + i
              + "}}}]");
    }
    turns.add("[{\"text\": \"done\"}]");
    return "{\"rules\": [{\"turns\": [" + String.join(",", turns) + "]}]}";
  }

  @Override
  public void run(Path folder) {
    Table table =
        new Table("Reading 1 KiB in a workspace", "how", "p50 ms", "p90 ms", "mean ms", "reads");
    try (ScriptedProcess model = new ScriptedProcess(folder, script());
        Warren warren = new Warren(folder);
        LocalWorkspace workspace = new LocalWorkspace(warren, "bench")) {
      warren.useModel(model.url());
      row(table, "read_file through the tunnel", reads(warren, workspace.id()));
    }
    ssh(folder, table);
    table.print(System.out);
  }

  private static List<Double> reads(Warren warren, String workspace) {
    List<Double> reads = new ArrayList<>();
    for (int i = 0; i < CHATS; i++) {
      List<Double> durations = chat(warren, workspace);
      if (i > 0) {
        // The first warms up.
        reads.addAll(durations);
      }
    }
    return reads;
  }

  private static List<Double> chat(Warren warren, String workspace) {
    Map<String, String> part = Map.of("type", "text", "text", "read");
    String id =
        warren
            .post("/chats", Map.of("content", List.of(part), "workspace_id", workspace))
            .path("id")
            .asString();
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!warren.get("/chats/" + id).path("status").asString("").equals("waiting")) {
      JsonNode chat = warren.get("/chats/" + id);
      if (System.nanoTime() > end || chat.path("status").asString("").equals("error")) {
        throw new IllegalStateException("the chat does not end: " + chat);
      }
      Program.pause(Duration.ofMillis(50));
    }
    List<Double> durations = new ArrayList<>();
    for (JsonNode message : warren.get("/chats/" + id + "/messages?limit=200").path("items")) {
      for (JsonNode result : message.path("parts")) {
        boolean read = result.path("name").asString("").equals("read_file");
        if (read && result.path("type").asString("").equals("tool_result")) {
          if (result.path("is_error").asBoolean(false)) {
            throw new IllegalStateException("read_file failed: " + result.path("output"));
          }
          durations.add(result.path("duration_ms").asDouble(0));
        }
      }
    }
    if (durations.size() != READS_PER_CHAT) {
      throw new IllegalStateException(durations.size() + " reads instead of " + READS_PER_CHAT);
    }
    return durations;
  }

  private static void ssh(Path folder, Table table) {
    try {
      Path file = Files.writeString(folder.resolve("kib.txt"), "x".repeat(BYTES));
      try (Sshd ssh = new Sshd(folder)) {
        List<Double> reads = new ArrayList<>();
        for (int i = 0; i < CHATS * READS_PER_CHAT; i++) {
          double ms = ssh.cat(file);
          if (i >= READS_PER_CHAT) {
            reads.add(ms);
          }
        }
        row(table, "ssh with ControlMaster, cat", reads);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void row(Table table, String how, List<Double> ms) {
    List<Double> sorted = ms.stream().sorted().toList();
    table.row(
        how,
        Table.number(sorted.get(sorted.size() / 2)),
        Table.number(sorted.get(sorted.size() * 9 / 10)),
        Table.number(ms.stream().mapToDouble(d -> d).average().orElse(0)),
        Integer.toString(ms.size()));
  }
}
