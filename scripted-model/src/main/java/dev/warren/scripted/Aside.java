package dev.warren.scripted;

import dev.warren.scripted.Script.Rule;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an agent's harness asks beside the conversation: a title for it, or a summary of it. Real
/// models answer that as anything else; here it must not use up the steps of a script, so it is
/// answered by rules that name it, or, without one, from the request itself.
enum Aside {
  TITLE,
  SUMMARY;

  /// The words in which it is asked for: at the beginning of the system prompt, or of the newest
  /// message's last paragraphs.
  private static final Pattern TITLE_WANTED =
      Pattern.compile("^You (write|give|make|find) (a )?titles?\\b", Pattern.CASE_INSENSITIVE);

  private static final Pattern SUMMARY_WANTED =
      Pattern.compile("(^|\\n)Write a summary of this conversation\\b");

  private static final Pattern MESSAGE =
      Pattern.compile("<message>\\s*(.*?)\\s*</message>", Pattern.DOTALL);

  /// Characters of a title.
  private static final int TITLE_CHARS = 60;

  static Optional<Aside> of(Conversation conversation) {
    if (TITLE_WANTED.matcher(conversation.system()).find()) {
      return Optional.of(TITLE);
    }
    return SUMMARY_WANTED.matcher(conversation.lastUser()).find()
        ? Optional.of(SUMMARY)
        : Optional.empty();
  }

  /// What is said when no rule of the script has anything to say.
  Rule rule(Conversation conversation) {
    String text =
        switch (this) {
          case TITLE -> title(conversation.lastUser());
          case SUMMARY ->
              "**Goal**: what the user asked for in the messages that are kept below.\n\n**State of"
                  + " the work**: "
                  + conversation.results().size()
                  + " tool calls were made, all of them answered.\n\n**Next step**: go on with what"
                  + " the user says next.";
        };
    return new Rule(
        Optional.of("aside"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(List.of(new Step.Text(text, Optional.empty()))),
        List.of());
  }

  /// The first words of the message that wants a title.
  private static String title(String asked) {
    Matcher message = MESSAGE.matcher(asked);
    String words = (message.find() ? message.group(1) : asked).strip();
    // Braces would make it a template.
    String line = words.lines().findFirst().orElse("").replaceAll("[{}]", "").strip();
    if (line.length() > TITLE_CHARS) {
      int space = line.lastIndexOf(' ', TITLE_CHARS);
      line = line.substring(0, space > 0 ? space : TITLE_CHARS);
    }
    return line.isEmpty()
        ? "A conversation"
        : line.substring(0, 1).toUpperCase(Locale.ROOT) + line.substring(1);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
