package dev.warren.server.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TitleTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Prime sieve in Python | Prime sieve in Python",
        "Title: \"Prime sieve\" | Prime sieve",
        "## **Title:** Prime sieve. | Prime sieve",
        "`Prime   sieve` | Prime sieve",
        "„Primzahlen“ | Primzahlen",
      })
  void theWrappingOfATitleIsTakenOff(String said, String title) {
    assertThat(Title.of(said)).contains(title);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  \n ", "\"\"", "I'm sorry, I can't do that.", "..."})
  void whatIsNoTitleIsNotTaken(String said) {
    assertThat(Title.of(said)).isEmpty();
  }

  @Test
  void aTitleIsOneShortLineWithoutHiddenCharacters() {
    assertThat(Title.of("\n\nPrime\u202e sieve\u0007\nand more")).contains("Prime sieve");
    assertThat(Title.of("word ".repeat(100)).orElseThrow())
        .hasSizeLessThanOrEqualTo(Title.CHARS_MAX)
        .endsWith("word…");
    assertThat(Title.of("\ud83d\ude00".repeat(60)).orElseThrow())
        .hasSizeLessThanOrEqualTo(Title.CHARS_MAX)
        .doesNotContain("\ud83d…");
  }
}
