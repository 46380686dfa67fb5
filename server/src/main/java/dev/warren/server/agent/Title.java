package dev.warren.server.agent;

import java.util.Optional;
import java.util.regex.Pattern;

/// A title out of what a model said: its first line, without the wrapping that models like, without
/// what could mislead a reader, and short.
final class Title {
  static final int CHARS_MAX = 80;

  /// Controls, and the marks that turn the direction of text around.
  private static final Pattern UNSEEN = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\p{Co}]");

  private static final Pattern LABEL =
      Pattern.compile("^(#+\\s*)?(\\*\\*)?(title|titel)\\s*:\\s*", Pattern.CASE_INSENSITIVE);

  private static final Pattern WRAPPING =
      Pattern.compile("^[\\s\"'`*_#“”„‘’«»]+|[\\s\"'`*_“”„‘’«».]+$");

  private static final Pattern REFUSAL =
      Pattern.compile(
          "^(i'm sorry|i’m sorry|i am sorry|i can'?t|i can’t|i cannot|sorry)\\b",
          Pattern.CASE_INSENSITIVE);

  private Title() {}

  /// Absent when there is nothing to take.
  static Optional<String> of(String said) {
    String line =
        said.lines().map(String::strip).filter(it -> !it.isEmpty()).findFirst().orElse("");
    String plain = UNSEEN.matcher(line).replaceAll(" ").strip();
    plain = LABEL.matcher(plain).replaceFirst("");
    plain = WRAPPING.matcher(plain).replaceAll("").replaceAll("\\s+", " ");
    if (plain.isEmpty() || REFUSAL.matcher(plain).find()) {
      return Optional.empty();
    }
    if (plain.length() <= CHARS_MAX) {
      return Optional.of(plain);
    }
    int space = plain.lastIndexOf(' ', CHARS_MAX - 1);
    int end = space > CHARS_MAX / 2 ? space : CHARS_MAX - 1;
    if (Character.isHighSurrogate(plain.charAt(end - 1))) {
      end--;
    }
    return Optional.of(plain.substring(0, end) + "…");
  }
}
