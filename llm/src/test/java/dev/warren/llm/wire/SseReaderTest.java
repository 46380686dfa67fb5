package dev.warren.llm.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.llm.ChoppedStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SseReaderTest {
  private static List<WireEvent> read(InputStream in) throws IOException {
    List<WireEvent> events = new ArrayList<>();
    SseReader reader = new SseReader(in);
    Optional<WireEvent> event = reader.next();
    while (event.isPresent()) {
      events.add(event.get());
      event = reader.next();
    }
    return events;
  }

  private static List<WireEvent> read(String text) throws IOException {
    return read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void linesEndInLfCrlfOrCr() throws IOException {
    List<WireEvent> expected = List.of(new WireEvent("a", "1"), new WireEvent("message", "2"));
    assertThat(read("event: a\ndata: 1\n\ndata: 2\n\n")).isEqualTo(expected);
    assertThat(read("event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n")).isEqualTo(expected);
    assertThat(read("event: a\rdata: 1\r\rdata: 2\r\r")).isEqualTo(expected);
  }

  @Test
  void commentsUnknownFieldsAndEventsWithoutDataAreSkipped() throws IOException {
    assertThat(
            read(": hi\n\nevent: empty\n\nid: 7\nretry: 3\ndatafoo: x\ndata:1\ndata\ndata: 2\n\n"))
        .containsExactly(new WireEvent("message", "1\n\n2"));
  }

  @Test
  void aByteOrderMarkIsSkippedOnceOnly() throws IOException {
    assertThat(read("\uFEFFdata: \uFEFFa\n\n"))
        .containsExactly(new WireEvent("message", "\uFEFFa"));
  }

  @Test
  void aWholeLastLineCountsAndACutOneDoesNot() throws IOException {
    assertThat(read("data: 1\n\ndata: [DONE]\n"))
        .extracting(WireEvent::data)
        .containsExactly("1", "[DONE]");
    assertThat(read("data: 1\n\ndata: {\"cu")).extracting(WireEvent::data).containsExactly("1");
  }

  @Test
  void brokenUtf8BecomesReplacementCharacters() throws IOException {
    byte[] bytes = {'d', 'a', 't', 'a', ':', (byte) 0xc3, (byte) 0x28, '\n', '\n'};
    assertThat(read(new ByteArrayInputStream(bytes)))
        .containsExactly(new WireEvent("message", "\uFFFD("));
  }

  @Test
  void cutsAtAnyByteChangeNothing() throws IOException {
    StringBuilder text = new StringBuilder("\uFEFF");
    for (int i = 0; i < 200; i++) {
      text.append("event: e").append(i).append("\r\n: c\r\ndata: grüße 🎉 ");
      text.append("x".repeat(i * 11)).append("\r\ndata: z\r\n\r\n");
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    List<WireEvent> whole = read(new ByteArrayInputStream(bytes));
    assertThat(whole).hasSize(200);
    for (int seed = 1; seed <= 20; seed++) {
      assertThat(read(new ChoppedStream(bytes, new Random(seed), 1 + (seed % 5))))
          .as("seed %d", seed)
          .isEqualTo(whole);
    }
  }

  @Test
  void aLineWithoutEndIsRefusedAtItsLimit() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            java.util.Arrays.fill(target, offset, offset + length, (byte) 'x');
            return length;
          }
        };
    assertThatThrownBy(() -> new SseReader(endless).next())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("longer than");
  }
}
