package dev.warren.server.chat.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.llm.StreamEvent;
import dev.warren.llm.StreamEvent.Kind;
import dev.warren.protocol.UuidV7;
import dev.warren.server.chat.MessageId;
import dev.warren.server.chat.events.LiveMessage.Piece;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class LiveMessageTest {
  @Test
  void theFirstPieceOfACallIsItsInputAndNamesIt() {
    LiveMessage live = new LiveMessage(new MessageId(UuidV7.next()), 1, Instant.EPOCH);
    UUID call = UuidV7.next();
    List<Piece> shown = new ArrayList<>();
    live.accept(new StreamEvent.ToolCallStarted(0, call, "execute"), shown::add);
    live.accept(new StreamEvent.Delta(0, Kind.TOOL_INPUT, "{\"command\""), shown::add);
    live.accept(new StreamEvent.Delta(0, Kind.TOOL_INPUT, ":\"ls\"}"), shown::add);
    assertThat(shown).extracting(Piece::kind).containsOnly("tool_input");
    assertThat(shown.getFirst().call()).isEqualTo(Optional.of(new DeltaJson.Call(call, "execute")));
    assertThat(String.join("", shown.stream().map(Piece::text).toList()))
        .isEqualTo("{\"command\":\"ls\"}");
  }
}
