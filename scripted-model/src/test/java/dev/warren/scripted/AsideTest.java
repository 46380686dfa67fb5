package dev.warren.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AsideTest {
  private static final String TITLE = "You write titles for conversations.";

  private static Conversation asking(String system, String lastUser) {
    return new Conversation(
        "anthropic", "m", system, lastUser, Set.of(), List.of(), 3, true, true, 100);
  }

  private static String text(Matching matching, Conversation conversation) {
    Matching.Found found = matching.find(conversation).orElseThrow();
    return ((Step.Text) found.steps().getFirst()).text();
  }

  @Test
  void aTitleUsesUpNoStepOfAScriptAndComesFromTheUsersWords() {
    Matching matching =
        new Matching(
            Script.parse(
                    """
                    {"rules": [{"times": 1, "turns": [[{"text": "a"}], [{"text": "b"}],
                      [{"text": "c"}], [{"text": "d"}]]}]}
                    """)
                .rules());
    String asked = "<message>\nwrite a {{sieve}} that counts primes\n</message>\nAnswer with it.";
    assertThat(text(matching, asking(TITLE, asked))).isEqualTo("Write a sieve that counts primes");
    assertThat(text(matching, asking("", "go"))).isEqualTo("d");
    assertThat(matching.find(asking("", "go"))).isEmpty();
  }

  @Test
  void aRuleThatNamesTheAsideAnswersItAndNothingElse() {
    Matching matching =
        new Matching(
            Script.parse(
                    """
                    {"rules": [{"when": {"aside": "summary"}, "turns": [[{"text": "S"}]]},
                      {"turns": [[{"text": "a"}], [], [], [{"text": "d"}]]}]}
                    """)
                .rules());
    assertThat(text(matching, asking("", "x\nWrite a summary of this conversation now")))
        .isEqualTo("S");
    assertThat(text(matching, asking("", "go"))).isEqualTo("d");
    assertThat(text(matching, asking(TITLE, "Hello there"))).isEqualTo("Hello there");
  }
}
