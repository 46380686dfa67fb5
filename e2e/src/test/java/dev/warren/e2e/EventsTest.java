package dev.warren.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.e2e.kit.ApiClient;
import dev.warren.e2e.kit.ChatEvent;
import dev.warren.e2e.kit.ChatFeed;
import dev.warren.e2e.kit.Scripts;
import dev.warren.e2e.kit.WarrenProcess;
import dev.warren.scripted.ScriptedModel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a reader puts together from a chat's events is what was committed, however often its
/// connection breaks.
final class EventsTest {
  private static final int RECONNECTS = 20;

  /// Long enough for all reconnects to fall into one answer: 600 pieces, one each 10 ms.
  private static final int PIECES = 600;

  @TempDir private Path folder;

  @FunctionalInterface
  private interface Connector {
    ChatFeed connect(ApiClient api, String chatId, String after);
  }

  @Test
  void theDeltasAreTheMessageForAReaderThatReconnectsTwentyTimes() {
    StringBuilder answer = new StringBuilder();
    for (int i = 0; i < PIECES; i++) {
      answer.append("Wort ").append(i).append(i % 7 == 0 ? " é🐇\n" : " ");
    }
    var script =
        Scripts.script(
            Scripts.rule("tell", Scripts.round(Scripts.text(answer.toString(), 10, 10))));
    try (ScriptedModel model = new ScriptedModel(script)) {
      model.start();
      try (WarrenProcess warren = new WarrenProcess(folder, Map.of())) {
        ApiClient api = warren.signIn();
        api.addModel("anthropic", model.anthropicUrl(), "key", "scripted");
        for (Connector connector : List.<Connector>of(ChatFeed::sse, ChatFeed::webSocket)) {
          String chatId = api.createChat("tell me");
          assertThat(readAnswer(api, chatId, connector)).isEqualTo(answer.toString());
        }
      }
    }
  }

  /// Reads until the answer is committed, and cuts the connection again and again on the way.
  private static String readAnswer(ApiClient api, String chatId, Connector connector) {
    Set<String> seen = new HashSet<>();
    StringBuilder text = new StringBuilder();
    Optional<String> committed = Optional.empty();
    String after = "";
    int connections = 0;
    while (committed.isEmpty()) {
      connections++;
      int deltasLeft = connections > RECONNECTS ? Integer.MAX_VALUE : 1 + connections % 5;
      try (ChatFeed feed = connector.connect(api, chatId, after)) {
        while (deltasLeft > 0 && committed.isEmpty()) {
          ChatEvent event = feed.next().orElseThrow(() -> new AssertionError("the stream ended"));
          if (!event.id().isEmpty()) {
            assertThat(seen.add(event.id())).as("event %s comes once", event).isTrue();
            after = event.id();
          }
          if (event.is("snapshot")) {
            assertThat(connections).as("a resumed stream has no snapshot").isEqualTo(1);
            event
                .data()
                .path("in_flight")
                .path("parts")
                .forEach(p -> text.append(p.path("text").asString("")));
          } else if (event.is("delta") && event.text("kind").equals("text")) {
            text.append(event.text("text"));
            deltasLeft--;
          } else if (event.is("message") && event.text("role").equals("assistant")) {
            committed = Optional.of(event.data().path("parts").path(0).path("text").asString());
          }
        }
      }
    }
    assertThat(connections).as("connections during one answer").isGreaterThan(RECONNECTS);
    assertThat(text.toString()).isEqualTo(committed.get());
    return committed.get();
  }
}
