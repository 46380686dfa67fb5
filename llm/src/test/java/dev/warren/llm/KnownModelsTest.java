package dev.warren.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownModelsTest {
  private static final Optional<URI> USUAL = Optional.empty();

  @ParameterizedTest
  @ValueSource(strings = {"anthropic", "openai", "google", "vertex", "azure", "bedrock"})
  void everyKindHasModelsWithLimitsAndMostHavePrices(String kind) {
    assertThat(KnownModels.of(kind, USUAL))
        .hasSizeGreaterThan(5)
        .allMatch(model -> model.contextTokens() > 0 && !model.displayName().isBlank())
        .filteredOn(model -> model.price().isPresent())
        .hasSizeGreaterThan(5);
  }

  @Test
  void aModelHasWhatTheCatalogueSays() {
    KnownModel model = KnownModels.find("anthropic", USUAL, "claude-sonnet-4-5").orElseThrow();
    assertThat(model.displayName()).startsWith("Claude Sonnet 4.5");
    assertThat(model.inputs()).contains("text", "image");
    assertThat(model.reasons()).isTrue();
    KnownModel.Price price = model.price().orElseThrow();
    assertThat(price.output()).isGreaterThan(price.input());
    assertThat(price.cacheRead().orElseThrow()).isLessThan(price.input());
  }

  @Test
  void nothingIsFreeUnlessItSaysSo() {
    assertThat(
            KnownModels.of(
                "openai_compatible", Optional.of(URI.create("https://openrouter.ai/api/v1"))))
        .hasSizeGreaterThan(100)
        .filteredOn(m -> m.price().filter(p -> p.output().equals(BigDecimal.ZERO)).isPresent())
        .allMatch(m -> m.name().endsWith(":free"));
  }

  @Test
  void aServerOfOnesOwnIsUnknown() {
    Optional<URI> own = Optional.of(URI.create("http://127.0.0.1:8000/v1"));
    assertThat(KnownModels.find("openai", own, "gpt-5")).isEmpty();
    assertThat(KnownModels.find("openai_compatible", own, "gpt-5")).isEmpty();
    assertThat(KnownModels.find("openai_compatible", USUAL, "gpt-5")).isEmpty();
    assertThat(KnownModels.find("openai", USUAL, "no-such-model")).isEmpty();
    assertThat(KnownModels.find("openai", USUAL, "gpt-5")).isPresent();
  }
}
