package dev.warren.protocol.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.Coordination.Dialer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CoordinationTest {
  private static final NodeId NODE = new NodeId("ab".repeat(32));
  private static final UUID INSTANCE = UUID.fromString("0190d3a0-0000-7000-8000-000000000001");

  static Stream<Coordination> frames() {
    return Stream.of(
        new Coordination.Challenge("AAECAw==", NODE),
        new Coordination.Attach(
            "a2V5", "c2ln", Optional.of("t"), NodeRole.DAEMON, "1.0", INSTANCE, Optional.of(7L)),
        new Coordination.Attach(
            "a2V5", "c2ln", Optional.empty(), NodeRole.REPLICA, "1.0", INSTANCE, Optional.empty()),
        new Coordination.Attached(
            NODE, Optional.of(new Owner("Ada", "ada@example.com")), Optional.empty()),
        new Coordination.Attached(
            NODE,
            Optional.empty(),
            Optional.of(new Coordination.DirectOffer(Optional.of(8421), Optional.of("192.0.2.1")))),
        new Coordination.Meet(
            NODE, true, "A".repeat(43) + "=", List.of("192.0.2.7:4711", "[2001:db8::7]:4711")),
        new Coordination.Peers(List.of(new Dialer(NODE, Set.of(StreamKind.HTTP, StreamKind.SSH)))),
        new Coordination.Peers(List.of()),
        new Coordination.Presence(NODE, Optional.of(INSTANCE)),
        new Coordination.Presence(NODE, Optional.empty()),
        new Coordination.Restarting(500));
  }

  @ParameterizedTest
  @MethodSource("frames")
  void aFrameIsReadAsItWasWritten(Coordination frame) {
    assertThat(Coordination.parse(frame.toJson())).isEqualTo(frame);
  }

  @Test
  void framesAreSnakeCaseWithAType() {
    assertThat(new Coordination.Presence(NODE, Optional.of(INSTANCE)).toJson())
        .isEqualTo(
            "{\"type\":\"presence\",\"node_id\":\"%s\",\"instance\":\"%s\"}"
                .formatted(NODE.value(), INSTANCE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{}",
        "[]",
        "{\"type\":\"unheard_of\"}",
        "{\"type\":\"restarting\"}",
        "{\"type\":\"restarting\",\"after_ms\":1,\"more\":2}",
        "{\"type\":\"restarting\",\"after_ms\":1}{}",
        "{\"type\":\"restarting\",\"after_ms\":1,\"after_ms\":1}",
        "{\"type\":\"presence\",\"node_id\":\"short\"}",
        "{\"type\":\"peers\"}",
        "{\"type\":\"challenge\",\"nonce\":null,\"relay\":null}"
      })
  void whatIsNoFrameIsRefused(String text) {
    assertThatThrownBy(() -> Coordination.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void damagedFramesAreRefusedOrReadAndNothingElse() {
    Random random = new Random(5);
    List<String> whole = frames().map(Coordination::toJson).toList();
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(whole.get(random.nextInt(whole.size())));
      for (int j = random.nextInt(3); j >= 0; j--) {
        text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(128));
      }
      try {
        assertThat(Coordination.parse(text.toString())).isNotNull();
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageStartingWith("");
      }
    }
  }

  @Test
  void theTokenIsInNoLogLine() {
    Coordination.Attach attach =
        new Coordination.Attach(
            "key", "sig", Optional.of("secret"), NodeRole.DAEMON, "1", INSTANCE, Optional.empty());
    assertThat(attach.toString()).doesNotContain("secret");
  }

  @Test
  void tooLongATextIsNotEvenParsed() {
    String text = " ".repeat(Coordination.TEXT_CHARS_MAX + 1);
    assertThatThrownBy(() -> Coordination.parse(text)).hasMessageContaining("65536");
  }
}
