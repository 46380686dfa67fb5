package dev.warren.cli.client;

import dev.warren.protocol.Json;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// The user's terminal, or the pipe in its place. Text that comes from the control plane goes
/// through [#clean]: it may hold whatever a model or a repository wrote.
public final class Console {
  private static final Pattern ESCAPES =
      Pattern.compile("\u001b(\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001b]*(\u0007|\u001b\\\\)|.)");

  /// C0 and C1 controls but newline and tab, and what turns the direction of text.
  private static final Pattern CONTROLS =
      Pattern.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\u202a-\u202e\u2066-\u2069]");

  private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");

  private final PrintStream out;
  private final boolean terminal;

  public Console(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  public static Console standard() {
    return new Console(System.out, keyboard().isPresent());
  }

  /// For what is said beside a command's output: plain lines on the standard error.
  public static Console progress() {
    return new Console(System.err, false);
  }

  /// The JVM's own console, which asks and reads passwords unseen; only when there is a terminal.
  public static Optional<java.io.Console> keyboard() {
    return Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal);
  }

  /// Both ends are a terminal: someone reads and may answer.
  public boolean interactive() {
    return terminal;
  }

  public static String clean(String text) {
    return CONTROLS.matcher(ESCAPES.matcher(text).replaceAll("")).replaceAll("");
  }

  public void line(String text) {
    out.println(clean(text));
  }

  /// Text as it comes, without a line's end.
  public void text(String text) {
    out.print(clean(text));
    out.flush();
  }

  public void dim(String text) {
    styled("2", text);
  }

  public void bold(String text) {
    styled("1", text);
  }

  public void red(String text) {
    styled("31", text);
  }

  public void green(String text) {
    styled("32", text);
  }

  public void json(JsonNode value) {
    out.println(Json.LENIENT.writeValueAsString(value));
    out.flush();
  }

  /// A line for what takes long: replaces itself on a terminal, is an ordinary line elsewhere.
  public void progress(String text) {
    if (!terminal) {
      line(text);
      return;
    }
    out.print("\r\u001b[K\u001b[2m" + clean(text) + "\u001b[0m");
    out.flush();
  }

  public void progressEnd() {
    if (terminal) {
      out.print("\r\u001b[K");
      out.flush();
    }
  }

  /// A column of a table.
  public record Column(String title, Function<JsonNode, String> value) {
    /// A member of the item, or of an object in it: `daemon.status`.
    public static Column of(String title, String path) {
      return new Column(title, item -> at(item, path));
    }

    /// A time, to the minute and in the reader's own zone.
    public static Column time(String title, String member) {
      return new Column(title, item -> minute(at(item, member)));
    }

    private static String minute(String time) {
      return time.isEmpty()
          ? ""
          : MINUTE.format(Instant.parse(time).atZone(ZoneId.systemDefault()));
    }
  }

  public static String at(JsonNode item, String path) {
    JsonNode node = item;
    for (String name : path.split("\\.")) {
      node = node.path(name);
    }
    return node.isMissingNode() || node.isNull() ? "" : node.asString(node.toString());
  }

  public void table(List<JsonNode> items, List<Column> columns, boolean json) {
    if (json) {
      json(Json.LENIENT.valueToTree(items));
      return;
    }
    List<List<String>> rows =
        items.stream()
            .map(item -> columns.stream().map(column -> clean(column.value().apply(item))).toList())
            .toList();
    int[] widths =
        IntStream.range(0, columns.size())
            .map(c ->
                IntStream.concat(
                        IntStream.of(columns.get(c).title().length()),
                        rows.stream().mapToInt(row -> row.get(c).length()))
                    .max()
                    .orElse(0))
            .toArray();
    row(columns.stream().map(Column::title).toList(), widths);
    rows.forEach(row -> row(row, widths));
  }

  private void row(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < cells.size(); c++) {
      line.append(cells.get(c)).repeat(' ', widths[c] - cells.get(c).length() + 2);
    }
    out.println(line.toString().stripTrailing());
  }

  private void styled(String code, String text) {
    out.print(terminal ? "\u001b[" + code + "m" + clean(text) + "\u001b[0m" : clean(text));
    out.flush();
  }
}
