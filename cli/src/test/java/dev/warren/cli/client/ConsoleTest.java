package dev.warren.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.cli.client.Console.Column;
import dev.warren.protocol.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class ConsoleTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Console console =
      new Console(new PrintStream(written, true, StandardCharsets.UTF_8), false);

  @Test
  void hostileTextCannotSteerTheTerminal() {
    assertThat(Console.clean("a\u001b[31mred\u001b[0m\u001b]0;title\u0007b")).isEqualTo("aredb");
    assertThat(Console.clean("x\u0008\u0000\u009b2J\ry\u202etxt")).isEqualTo("x2Jytxt");
    assertThat(Console.clean("a\tb\nc — é 🐇")).isEqualTo("a\tb\nc — é 🐇");
  }

  @Test
  void tablesAlign() {
    console.table(items(), columns(), false);
    assertThat(written.toString(StandardCharsets.UTF_8).lines())
        .containsExactly("NAME     DAEMON", "a        connected", "longest");
  }

  @Test
  void jsonIsOneArray() {
    console.table(items(), columns(), true);
    assertThat(Json.STRICT.readTree(written.toString(StandardCharsets.UTF_8)))
        .isEqualTo(Json.STRICT.valueToTree(items()));
  }

  @Test
  void progressIsAPlainLineElsewhereThanOnATerminal() {
    console.progress("Waiting");
    console.progressEnd();
    assertThat(written.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("Waiting");
  }

  private static List<JsonNode> items() {
    return List.of(
        Json.STRICT.readTree("{\"name\":\"a\",\"daemon\":{\"status\":\"connected\"}}"),
        Json.STRICT.readTree("{\"name\":\"longest\"}"));
  }

  private static List<Column> columns() {
    return List.of(Column.of("NAME", "name"), Column.of("DAEMON", "daemon.status"));
  }
}
