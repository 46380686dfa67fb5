package dev.warren.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What a turn costs in a chat of 100, 1,000 and 10,000 messages, and after a summary: the
/// database's work, and the time from the user's message to the provider's first byte. A turn is
/// six steps: five tool calls, each answered, and a text.
final class HistoryBench implements Benchmark {
  private static final List<Integer> LENGTHS = List.of(100, 1_000, 10_000);
  private static final int STEPS = 6;

  /// Turns that are measured in each chat, after some that warm it up.
  private static final int TURNS = 10;

  private static final int WARM_UPS = 5;
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  /// A turn is over by then.
  private static final Duration TURN_MAX = Duration.ofSeconds(2);

  /// PostgreSQL's counters are up to date after this.
  private static final Duration SETTLE = Duration.ofMillis(2_500);

  private static final Pattern STAMP = Pattern.compile("@(\\d+)");

  @Override
  public String name() {
    return "history";
  }

  private static String script() {
    StringBuilder turns = new StringBuilder();
    for (int i = 0; i < STEPS - 1; i++) {
      turns.append(
          "[{\"repeat\": {\"count\": 1, \"stamp\": true}}, {\"call\": {\"name\": \"process_output\","
              + " \"input\": {\"process_id\": \"p"
              + i
              + "\"}}}], ");
    }
    turns.append("[{\"repeat\": {\"count\": 1, \"stamp\": true}}]");
    return "{\"rules\": [{\"turns\": [" + turns + "]}]}";
  }

  @Override
  public void run(Path folder) {
    Table table =
        new Table(
            "a turn of " + STEPS + " steps, median of " + TURNS,
            "messages before",
            "transactions",
            "rows read",
            "rows written",
            "blocks of 8 KiB",
            "ms to the provider's first byte",
            "ms for each later step");
    try (ScriptedProcess model = new ScriptedProcess(folder, script());
        Warren warren = new Warren(folder)) {
      warren.useModel(model.url(), 100_000_000);
      try (Postgres postgres = new Postgres(folder.resolve("data"))) {
        String warm = waiting(warren, warren.chat("warm"));
        for (int i = 0; i < 10 * WARM_UPS; i++) {
          turn(warren, warm);
        }
        List<String> chats = new ArrayList<>();
        for (int length : LENGTHS) {
          String chat = waiting(warren, warren.chat("long"));
          postgres.lengthen(chat, length);
          chats.add(chat);
          measure(table, Integer.toString(length), warren, postgres, chat);
        }
        for (int i = 0; i < chats.size(); i++) {
          String chat = chats.get(i);
          long began = System.nanoTime();
          warren.post("/chats/" + chat + "/compact", Map.of());
          waiting(warren, chat);
          String took = Table.number((System.nanoTime() - began) / 1e6);
          String label = LENGTHS.get(i) + ", summarised in " + took + " ms";
          measure(table, label, warren, postgres, chat);
        }
      }
    }
    table.print(System.out);
  }

  private static void measure(
      Table table, String label, Warren warren, Postgres postgres, String chat) {
    for (int i = 0; i < WARM_UPS; i++) {
      turn(warren, chat);
    }
    List<Long> sent = new ArrayList<>();
    Program.pause(SETTLE);
    Postgres.Work before = postgres.work();
    long began = System.nanoTime();
    for (int i = 0; i < TURNS; i++) {
      sent.add(System.nanoTime());
      send(warren, chat);
      // Asking whether it has ended would be the database's work, too.
      Program.pause(TURN_MAX);
    }
    Program.pause(SETTLE);
    Postgres.Work busy = postgres.work().minus(before);
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    // The heartbeat and the polls go on all the time.
    before = postgres.work();
    Program.pause(took);
    Postgres.Work idle = postgres.work().minus(before);
    Postgres.Work work = busy.minus(idle);
    List<Turn> turns = turns(warren, chat, sent);
    table.row(
        label,
        perTurn(work.transactions()),
        perTurn(work.rowsRead()),
        perTurn(work.rowsWritten()),
        perTurn(work.blocks()),
        median(turns.stream().map(Turn::firstMs).toList()),
        median(turns.stream().map(Turn::laterMs).toList()));
  }

  private static String perTurn(long count) {
    return Table.number((double) Math.max(0, count) / TURNS);
  }

  private static String median(List<Double> values) {
    return Table.number(values.stream().sorted().toList().get(values.size() / 2));
  }

  private record Turn(double firstMs, double laterMs) {}

  private static void turn(Warren warren, String chat) {
    send(warren, chat);
    waiting(warren, chat);
  }

  private static void send(Warren warren, String chat) {
    Map<String, String> part = Map.of("type", "text", "text", "go on");
    warren.post("/chats/" + chat + "/messages", Map.of("content", List.of(part)));
  }

  /// Reads the provider's clock from the answers.
  private static List<Turn> turns(Warren warren, String chat, List<Long> sent) {
    waiting(warren, chat);
    List<Long> stamps = new ArrayList<>();
    JsonNode page = warren.get("/chats/" + chat + "/messages?limit=" + 2 * STEPS * TURNS);
    for (JsonNode message : page.path("items")) {
      Matcher matcher = STAMP.matcher(message.path("parts").path(0).path("text").asString(""));
      if (matcher.find()) {
        stamps.add(Long.parseLong(matcher.group(1)));
      }
    }
    List<Turn> turns = new ArrayList<>();
    for (int i = 0; i < sent.size(); i++) {
      List<Long> mine = stamps.subList(i * STEPS, (i + 1) * STEPS);
      double first = (mine.getFirst() - sent.get(i)) / 1e6;
      double later = (mine.getLast() - mine.getFirst()) / 1e6 / (STEPS - 1);
      if (first < 0 || first + later * (STEPS - 1) > TURN_MAX.toMillis()) {
        throw new IllegalStateException("turn " + i + " took longer than " + TURN_MAX);
      }
      turns.add(new Turn(first, later));
    }
    return turns;
  }

  private static String waiting(Warren warren, String chat) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    String status = "";
    while (!status.equals("waiting")) {
      JsonNode now = warren.get("/chats/" + chat);
      status = now.path("status").asString("");
      if (System.nanoTime() > end || status.equals("error")) {
        throw new IllegalStateException("the chat does not come to its end: " + now);
      }
      Program.pause(Duration.ofMillis(10));
    }
    return chat;
  }
}
