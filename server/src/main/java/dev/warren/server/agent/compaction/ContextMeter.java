package dev.warren.server.agent.compaction;

import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.ChatMessage.Role;
import dev.warren.server.chat.StoredPart;
import java.util.List;

/// How full a model's window is: what the provider reported with its last answer, and an estimate
/// of what came after it, on a scale that follows the provider's figures. A function of the
/// messages that were added; each costs the same, however long the history. Not thread-safe.
public final class ContextMeter {
  /// A compaction that leaves this much of the window full has not helped.
  private static final double FULL = 0.95;

  /// What has to have come since the last summary for another to be worth it, when summaries alone
  /// do not get below the threshold.
  private static final double WORTH = 0.1;

  private final long overheadChars;
  private TokenScale scale = TokenScale.USUAL;
  private long chars;
  private long tailChars;
  private long reported;
  private long firstReported;
  private boolean summary;
  private boolean answered;

  /// @param overheadChars of the system prompt and the tools
  public ContextMeter(long overheadChars) {
    this.overheadChars = overheadChars;
  }

  public void addAll(List<ChatMessage> messages) {
    messages.forEach(this::add);
  }

  /// A message was committed. A summary takes the place of all before it.
  public void add(ChatMessage message) {
    if (message.role() == Role.SUMMARY) {
      chars = 0;
      tailChars = 0;
      reported = 0;
      firstReported = 0;
      answered = false;
      summary = true;
    }
    long before = overheadChars + chars;
    long size = MessageSize.of(message);
    chars += size;
    tailChars += size;
    if (message.role() == Role.ASSISTANT) {
      answered = true;
      message
          .usage()
          .filter(usage -> usage.inputTokens() > 0)
          .ifPresent(usage -> {
            scale = TokenScale.of(before, usage.inputTokens());
            reported = usage.inputTokens() + usage.outputTokens();
            firstReported = firstReported == 0 ? reported : firstReported;
            tailChars = 0;
          });
    }
  }

  /// The model is told more than messages say.
  public void addText(String text) {
    chars += text.length();
    tailChars += text.length();
  }

  public TokenScale scale() {
    return scale;
  }

  /// Tokens that the next request takes.
  public long used() {
    return reported > 0 ? reported + scale.tokens(tailChars) : scale.tokens(overheadChars + chars);
  }

  /// Tokens that the next request takes when these results are added.
  public long usedAfter(List<StoredPart.ToolResult> results) {
    return used() + scale.tokens(results.stream().mapToLong(MessageSize::of).sum());
  }

  /// What the window would hold with nothing in it but a message of this size.
  public long usedWith(long messageChars) {
    return scale.tokens(overheadChars + messageChars);
  }

  /// Whether a summary would be shorter than what it replaces: whether the model has said anything
  /// since the last one.
  public boolean compactable() {
    return answered;
  }

  /// Whether the chat has to be compacted before the model is asked again. When the summary alone
  /// reaches the threshold, another one is due only as the window gets full and enough has come
  /// since: so there is never a summary of a summary.
  public boolean due(Window window) {
    long threshold = window.threshold();
    if (!answered || used() < threshold) {
      return false;
    }
    if (!summary || firstReported < threshold) {
      return true;
    }
    return used() >= FULL * window.limitTokens()
        && used() - firstReported >= WORTH * window.limitTokens();
  }
}
