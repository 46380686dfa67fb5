package dev.warren.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.protocol.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EventReaderTest {
  @Test
  void readsIdNameAndData() throws IOException {
    assertThat(read("id: 7\nevent: delta\ndata: {\"text\":\"é\"}\n\n"))
        .containsExactly(new Event("7", "delta", Json.LENIENT.readTree("{\"text\":\"é\"}")));
  }

  @Test
  void linesMayEndAsTheyLike() throws IOException {
    assertThat(read("id:1\r\nevent:status\r\ndata:1\r\n\r\nid:2\rdata:2\r\r"))
        .extracting(Event::id, Event::name)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("1", "status"),
            org.assertj.core.groups.Tuple.tuple("2", "message"));
  }

  @Test
  void commentsAndUnknownFieldsSayNothing() throws IOException {
    assertThat(read(": ping\n\nretry: 10\nid: 1\ndata: {}\n\n: ping\n\n")).hasSize(1);
  }

  @Test
  void severalDataLinesAreOneValue() throws IOException {
    assertThat(read("data: {\"a\":\ndata: 1}\n\n").getFirst().data())
        .isEqualTo(Json.LENIENT.readTree("{\"a\":1}"));
  }

  @Test
  void halfAnEventAtTheEndIsDropped() throws IOException {
    assertThat(read("id: 1\ndata: 1\n\nid: 2\ndata: 2\n")).hasSize(1);
  }

  @Test
  void dataThatIsNoJsonBreaksTheStream() {
    assertThatThrownBy(() -> read("event: delta\ndata: {\n\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("delta");
  }

  private static List<Event> read(String stream) throws IOException {
    List<Event> events = new ArrayList<>();
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    try (EventReader reader = new EventReader(new ByteArrayInputStream(bytes))) {
      var event = reader.next();
      while (event.isPresent()) {
        events.add(event.get());
        event = reader.next();
      }
    }
    return events;
  }
}
