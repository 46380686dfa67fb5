package dev.warren.scripted;

import dev.warren.scripted.Script.Rule;
import dev.warren.scripted.Script.When;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds what a script says to a conversation. Counts how often each rule was used; thread-safe.
final class Matching {
  /// Numbers as people write them.
  private static final Map<String, String> NUMBERS =
      Map.ofEntries(
          Map.entry("two", "2"),
          Map.entry("three", "3"),
          Map.entry("four", "4"),
          Map.entry("five", "5"),
          Map.entry("six", "6"),
          Map.entry("seven", "7"),
          Map.entry("eight", "8"),
          Map.entry("nine", "9"),
          Map.entry("ten", "10"),
          Map.entry("twelve", "12"),
          Map.entry("twenty", "20"),
          Map.entry("fifty", "50"),
          Map.entry("hundred", "100"));

  private final List<Rule> rules;
  private final AtomicIntegerArray used;

  Matching(List<Rule> rules) {
    this.rules = List.copyOf(rules);
    this.used = new AtomicIntegerArray(rules.size());
  }

  /// @param steps to play
  /// @param captures groups of the pattern on the user's text
  /// @param aside the request is no part of the conversation
  record Found(Rule rule, List<Step> steps, Map<String, String> captures, boolean aside) {}

  Optional<Found> find(Conversation conversation) {
    Optional<Aside> aside = Aside.of(conversation);
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      if (!rule.when().flatMap(Script.When::aside).equals(aside.map(Aside::toString))) {
        continue;
      }
      Optional<Map<String, String>> captures = captures(rule.when(), conversation);
      Optional<List<Step>> steps =
          captures.flatMap(_ ->
              aside.isPresent() ? rule.turns().stream().findFirst() : steps(rule, conversation));
      if (steps.isPresent() && take(i, rule)) {
        return Optional.of(new Found(rule, steps.get(), captures.orElseThrow(), aside.isPresent()));
      }
    }
    return aside
        .map(wanted -> wanted.rule(conversation))
        .map(rule -> new Found(rule, rule.turns().getFirst(), Map.of(), true));
  }

  private static Optional<List<Step>> steps(Rule rule, Conversation conversation) {
    boolean failed = conversation.lastRound().stream().anyMatch(Conversation.Result::error);
    if (failed && !rule.onError().isEmpty()) {
      return Optional.of(rule.onError());
    }
    return conversation.round() < rule.turns().size()
        ? Optional.of(rule.turns().get(conversation.round()))
        : Optional.empty();
  }

  private boolean take(int index, Rule rule) {
    int times = rule.times().orElse(Integer.MAX_VALUE);
    return used.getAndUpdate(index, n -> n < times ? n + 1 : n) < times;
  }

  /// The groups of the pattern on the user's text, when all conditions hold.
  static Optional<Map<String, String>> captures(
      Optional<When> condition, Conversation conversation) {
    if (condition.isEmpty()) {
      return Optional.of(Map.of());
    }
    When when = condition.get();
    boolean holds =
        found(when.model(), conversation.model())
            && found(when.system(), conversation.system())
            && when.format().map(conversation.format()::equals).orElse(true)
            && conversation.tools().containsAll(when.tools())
            && when.round().map(n -> n == conversation.round()).orElse(true)
            && when.toolResult().map(match -> found(match, conversation)).orElse(true);
    if (!holds) {
      return Optional.empty();
    }
    if (when.lastUser().isEmpty()) {
      return Optional.of(Map.of());
    }
    Matcher matcher = pattern(when.lastUser().get()).matcher(conversation.lastUser());
    if (!matcher.find()) {
      return Optional.empty();
    }
    Map<String, String> captures = new HashMap<>();
    for (int i = 0; i <= matcher.groupCount(); i++) {
      String group = matcher.group(i);
      captures.put("match." + i, group == null ? "" : group);
      captures.put("digits." + i, group == null ? "" : digits(group));
    }
    return Optional.of(captures);
  }

  private static String digits(String group) {
    return NUMBERS.getOrDefault(group.toLowerCase(Locale.ROOT), group);
  }

  private static boolean found(Script.ToolResultMatch match, Conversation conversation) {
    return conversation
        .newest(match.name())
        .filter(result -> found(match.matches(), result.content()))
        .isPresent();
  }

  private static boolean found(Optional<String> pattern, String text) {
    return pattern.map(p -> pattern(p).matcher(text).find()).orElse(true);
  }

  private static Pattern pattern(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
  }
}
