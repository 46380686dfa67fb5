package dev.warren.server.agent.compaction;

import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.StoredPart;
import java.util.ArrayList;
import java.util.List;

/// A conversation as one text of a bounded length, for a summariser that cannot be given the
/// conversation itself. What is left out first are the oldest outputs of tools, then the oldest
/// entries; what the user said and an earlier summary stay longest.
public final class Transcript {
  /// Characters of a tool's output, and of its arguments, at first.
  private static final int OUTPUT_CHARS = 2_000;

  private static final int INPUT_CHARS = 800;

  /// What is left of an output that has to make room.
  private static final int OUTPUT_CHARS_MIN = 160;

  /// What is left of other entries that have to make room.
  private static final int ENTRY_CHARS_MIN = 400;

  private Transcript() {}

  private enum Kind {
    /// The user's, and summaries.
    KEPT,
    SAID,
    OUTPUT
  }

  private record Entry(Kind kind, String label, String text) {
    int length() {
      return label.length() + text.length() + 4;
    }

    Entry cut(int chars) {
      return new Entry(kind, label, middle(text, chars));
    }
  }

  /// @param charsMax of the whole, its tags included
  public static String of(List<ChatMessage> history, int charsMax) {
    List<Entry> entries = new ArrayList<>();
    history.forEach(message -> message.parts().forEach(part -> add(entries, message, part)));
    long room = Math.max(0, charsMax - 200L);
    long length = entries.stream().mapToLong(Entry::length).sum();
    length = shrink(entries, Kind.OUTPUT, OUTPUT_CHARS_MIN, length, room);
    length = shrink(entries, Kind.SAID, ENTRY_CHARS_MIN, length, room);
    int dropped = 0;
    while (length > room && entries.size() > 1) {
      length -= entries.removeFirst().length();
      dropped++;
    }
    if (length > room) {
      entries.set(0, entries.getFirst().cut((int) room));
    }
    StringBuilder text = new StringBuilder("<conversation>\n");
    if (dropped > 0) {
      text.append("[… ").append(dropped).append(" earlier entries are left out]\n\n");
    }
    for (Entry entry : entries) {
      text.append(entry.label()).append('\n').append(entry.text()).append("\n\n");
    }
    return text.append("</conversation>").toString();
  }

  /// Cuts entries of a kind, the oldest first, until all fits.
  private static long shrink(List<Entry> entries, Kind kind, int chars, long length, long room) {
    long left = length;
    for (int i = 0; i < entries.size() && left > room; i++) {
      Entry entry = entries.get(i);
      if (entry.kind() == kind && entry.text().length() > chars) {
        Entry shorter = entry.cut(chars);
        left -= entry.length() - shorter.length();
        entries.set(i, shorter);
      }
    }
    return left;
  }

  private static void add(List<Entry> entries, ChatMessage message, StoredPart part) {
    switch (part) {
      case StoredPart.Text text -> {
        if (!text.text().isBlank()) {
          entries.add(said(message, text.text()));
        }
      }
      case StoredPart.ToolCall call ->
          entries.add(
              new Entry(
                  Kind.SAID,
                  "[the agent calls " + call.name() + "]",
                  SummaryText.defuse(middle(call.rawInput(), INPUT_CHARS))));
      case StoredPart.ToolResult result ->
          entries.add(
              new Entry(
                  Kind.OUTPUT,
                  "[" + (result.error() ? "error" : "result") + " of " + result.name() + "]",
                  SummaryText.defuse(middle(result.output().toString(), OUTPUT_CHARS))));
      case StoredPart.File file ->
          entries.add(
              new Entry(Kind.KEPT, "[the user attaches a file]", SummaryText.defuse(file.name())));
      case StoredPart.Reasoning reasoning -> {}
      case StoredPart.Source source -> {}
      case StoredPart.ProviderItem item -> {}
    }
  }

  private static Entry said(ChatMessage message, String text) {
    return switch (message.role()) {
      case USER -> new Entry(Kind.KEPT, "[the user]", SummaryText.defuse(text));
      case SUMMARY ->
          new Entry(Kind.KEPT, "[summary of what was before]", SummaryText.defuse(text));
      case ASSISTANT, TOOL -> new Entry(Kind.SAID, "[the agent]", SummaryText.defuse(text));
    };
  }

  /// Cuts the middle out of a text that is too long.
  static String middle(String text, int charsMax) {
    if (text.length() <= charsMax) {
      return text;
    }
    int head = charsMax * 2 / 5;
    int tail = charsMax - head;
    int from = text.length() - tail;
    if (head > 0 && Character.isHighSurrogate(text.charAt(head - 1))) {
      head--;
    }
    if (Character.isLowSurrogate(text.charAt(from))) {
      from++;
    }
    return text.substring(0, head)
        + "\n[… "
        + (from - head)
        + " characters left out …]\n"
        + text.substring(from);
  }
}
