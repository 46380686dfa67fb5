package dev.warren.llm;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/// What the catalogue says of a model. Prices are US dollars for a million tokens; a model without
/// is one whose prices nobody knows, not a free one.
///
/// @param name the provider's own
/// @param contextTokens of its window
/// @param maxOutputTokens the most of one answer
/// @param inputs kinds of input beside text, such as `image`
/// @param reasons whether it thinks before it answers
/// @param reasoningLevels that it takes; empty where there is no choice
public record KnownModel(
    String name,
    String displayName,
    long contextTokens,
    Optional<Integer> maxOutputTokens,
    Optional<Price> price,
    List<String> inputs,
    boolean reasons,
    List<ReasoningLevel> reasoningLevels) {
  public KnownModel {
    inputs = List.copyOf(inputs);
    reasoningLevels = List.copyOf(reasoningLevels);
  }

  /// @param cacheRead of input that the provider's cache had
  /// @param cacheWrite of input that went into the cache
  public record Price(
      BigDecimal input,
      BigDecimal output,
      Optional<BigDecimal> cacheRead,
      Optional<BigDecimal> cacheWrite) {}

  /// A line of the catalogue, without its provider.
  static KnownModel of(List<String> columns) {
    Optional<BigDecimal> input = number(columns.get(4));
    Optional<BigDecimal> output = number(columns.get(5));
    return new KnownModel(
        columns.get(0),
        columns.get(1),
        Long.parseLong(columns.get(2)),
        number(columns.get(3)).map(BigDecimal::intValueExact),
        input.flatMap(in ->
            output.map(out -> new Price(in, out, number(columns.get(6)), number(columns.get(7))))),
        words(columns.get(8)),
        columns.get(9).equals("yes"),
        words(columns.get(10)).stream()
            .map(word -> ReasoningLevel.of(word).orElseThrow())
            .toList());
  }

  private static Optional<BigDecimal> number(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(new BigDecimal(text));
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(","));
  }
}
