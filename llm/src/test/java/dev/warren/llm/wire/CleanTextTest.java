package dev.warren.llm.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.llm.Part;
import dev.warren.llm.Replay;
import dev.warren.llm.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CleanTextTest {
  @Test
  void nulAndLoneSurrogatesAreReplacedAndNothingElse() {
    assertThat(CleanText.clean("a\u0000b")).isEqualTo("a\uFFFDb");
    assertThat(CleanText.clean("a\ud83d")).isEqualTo("a\uFFFD");
    assertThat(CleanText.clean("\ude00a")).isEqualTo("\uFFFDa");
    assertThat(CleanText.clean("\ud83d\ud83d\ude00")).isEqualTo("\uFFFD\ud83d\ude00");
    String fine = "grüße 🎉\t\n\u0001";
    assertThat(CleanText.clean(fine)).isSameAs(fine);
  }

  @Test
  void aPairThatTwoDeltasShareIsKept() {
    List<StreamEvent> events = new ArrayList<>();
    AnswerBuilder answer = new AnswerBuilder(events::add, Replay.counter());
    AnswerBuilder.OpenPart part = answer.openText();
    part.append("a\ud83c");
    part.append("\udf89b\ud83c");
    part.done(new Part.Text(part.finish(), Optional.empty()));
    assertThat(answer.parts()).containsExactly(Part.Text.of("a🎉b\uFFFD"));
    assertThat(events)
        .filteredOn(StreamEvent.Delta.class::isInstance)
        .extracting(e -> ((StreamEvent.Delta) e).text())
        .containsExactly("a", "🎉b", "\uFFFD");
  }
}
