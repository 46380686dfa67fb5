package dev.warren.daemon.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.daemon.TerminalFrame;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ViewerTest {
  private final Viewer viewer = new Viewer(() -> {});

  @Test
  void outputThatWaitsIsSentTogetherAndKeepsItsPlaceAmongOtherFrames() throws Exception {
    viewer.drawn();
    put("one ", "two ");
    viewer.put(new TerminalFrame.Resize(80, 24));
    put("three");
    viewer.end(new TerminalFrame.Exit(0));
    assertThat(text(viewer.next())).isEqualTo("one two ");
    assertThat(viewer.next()).isEqualTo(new Viewer.Next.Send(new TerminalFrame.Resize(80, 24)));
    assertThat(text(viewer.next())).isEqualTo("three");
    assertThat(viewer.next()).isEqualTo(new Viewer.Next.Send(new TerminalFrame.Exit(0)));
    assertThat(viewer.next()).isEqualTo(new Viewer.Next.Over());
  }

  @Test
  void noFrameIsLongerThanOneMayBeAndAllHaveRoomAgainWhenTheyAreTaken() throws Exception {
    viewer.drawn();
    int pieces = Viewer.WAITING_BYTES_MAX / 3_000 + 1;
    for (int i = 0; i < pieces; i++) {
      put("x".repeat(3_000));
    }
    assertThat(viewer.hasRoom()).isFalse();
    int bytes = 0;
    while (bytes < pieces * 3_000) {
      int length = text(viewer.next()).length();
      assertThat(length).isBetween(1, TerminalFrame.BYTES_MAX);
      bytes += length;
    }
    assertThat(bytes).isEqualTo(pieces * 3_000);
    assertThat(viewer.hasRoom()).isTrue();
  }

  private void put(String... texts) {
    for (String text : texts) {
      viewer.put(new TerminalFrame.Data(text.getBytes(StandardCharsets.US_ASCII)));
    }
  }

  private static String text(Viewer.Next next) {
    return next instanceof Viewer.Next.Send(TerminalFrame.Data(byte[] bytes))
        ? new String(bytes, StandardCharsets.US_ASCII)
        : next.toString();
  }
}
