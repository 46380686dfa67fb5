package dev.warren.scripted;

import dev.warren.scripted.Matching.Found;
import dev.warren.scripted.ModelFormat.Billing;
import dev.warren.scripted.ModelFormat.Encoder;
import dev.warren.scripted.Script.Pace;
import dev.warren.scripted.Step.CallSpec;
import dev.warren.scripted.Step.FaultSpec;
import dev.warren.scripted.Step.RepeatSpec;
import dev.warren.scripted.Step.UsageSpec;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.node.JsonNodeFactory;

/// Plays the steps of one answer onto a connection. Used by one thread.
final class Answer {
  /// What is written without a pause goes out when this much has gathered.
  private static final int FLUSH_BYTES = 16 * 1024;

  /// The usual size of a token of English.
  private static final int CHARS_PER_TOKEN = 4;

  private static final String STAMP = "~~stamp~~";

  private final Conversation conversation;
  private final Template template;
  private final Encoder encoder;
  private final EventOut out;
  private final InputStream fromClient;
  private final Pace pace;

  private long outputChars;
  private long reasoningChars;
  private boolean called;
  private Optional<String> stop = Optional.empty();
  private UsageSpec usage = UsageSpec.ESTIMATED;
  private long nextNanos = System.nanoTime();

  Answer(
      Conversation conversation,
      Found found,
      Pace pace,
      Encoder encoder,
      EventOut out,
      InputStream fromClient) {
    this.conversation = conversation;
    this.template = new Template(conversation, found.captures());
    this.pace = pace;
    this.encoder = encoder;
    this.out = out;
    this.fromClient = fromClient;
  }

  /// The steps with every choice made.
  static List<Step> chosen(List<Step> steps, Conversation conversation) {
    List<Step> chosen = new ArrayList<>();
    for (Step step : steps) {
      if (step instanceof Step.Choose(List<Step.Choice> choices)) {
        choices.stream()
            .filter(choice -> Matching.captures(choice.when(), conversation).isPresent())
            .findFirst()
            .ifPresent(choice -> chosen.addAll(chosen(choice.steps(), conversation)));
      } else {
        chosen.add(step);
      }
    }
    return chosen;
  }

  /// @return whether the answer ended properly, so that the connection can be used again
  boolean play(List<Step> steps) throws IOException {
    steps.forEach(step -> {
      if (step instanceof Step.Billed billed) {
        usage = billed.usage();
      }
    });
    encoder.begin(inputTokens());
    out.flush();
    for (Step step : steps) {
      if (step instanceof Step.Fault(FaultSpec fault)) {
        return fail(fault);
      }
      play(step);
    }
    encoder.finish(stop.orElse(called ? "tool_use" : "stop"), billing());
    out.end();
    return true;
  }

  private void play(Step step) throws IOException {
    switch (step) {
      case Step.Text text -> {
        String filled = template.fill(text.text());
        outputChars += filled.length();
        pieces(filled, text.pace().orElse(pace), encoder::text);
      }
      case Step.Reasoning reasoning -> {
        String filled = template.fill(reasoning.reasoning());
        outputChars += filled.length();
        reasoningChars += filled.length();
        pieces(filled, pace, encoder::reasoning);
        encoder.signature(reasoning.signature().orElseGet(() -> Signatures.of(filled)));
      }
      case Step.Redacted redacted -> encoder.redacted(redacted.redactedReasoning());
      case Step.Call(CallSpec call) -> call(call);
      case Step.Repeat(RepeatSpec repeat) -> repeat(repeat);
      case Step.Wait(int waitMs) -> {
        out.flush();
        pause(waitMs * 1_000_000L);
      }
      case Step.Stop(String reason) -> stop = Optional.of(reason);
      case Step.Billed _, Step.Status _, Step.Fault _, Step.Choose _ -> {
        // Taken care of before.
      }
    }
  }

  private interface PieceWriter {
    void write(String piece);
  }

  private void pieces(String text, Pace speed, PieceWriter writer) throws IOException {
    int from = 0;
    while (from < text.length()) {
      int to = Math.min(text.length(), from + speed.chunkChars());
      if (to < text.length() && Character.isLowSurrogate(text.charAt(to))) {
        to++;
      }
      writer.write(text.substring(from, to));
      from = to;
      if (speed.delayMs() > 0) {
        out.flush();
        pause(speed.delayMs() * 1_000_000L);
      } else if (out.size() > FLUSH_BYTES) {
        out.flush();
      }
    }
    out.flush();
  }

  private void call(CallSpec call) throws IOException {
    called = true;
    String arguments =
        call.raw()
            .map(template::fill)
            .orElseGet(() ->
                template
                    .fill(call.input().orElseGet(JsonNodeFactory.instance::objectNode))
                    .toString());
    outputChars += arguments.length();
    encoder.call(call.name());
    pieces(arguments, pace, encoder::arguments);
  }

  /// The first piece shows how the format writes one; the others are copies of it, since making
  /// each anew would cost more than what is to be measured.
  private void repeat(RepeatSpec repeat) throws IOException {
    boolean stamp = repeat.stamp().orElse(false);
    String text = repeat.text().orElse("word ");
    int batch = Math.max(1, repeat.batch().orElse(1));
    long everyNanos = repeat.perSecond().map(n -> 1_000_000_000L / n).orElse(0L);
    outputChars += (long) repeat.count() * text.length();
    encoder.text(stamp ? "@" + System.nanoTime() + " " : text);
    out.flush();
    if (!out.copies()) {
      pieces(text.repeat(repeat.count() - 1), new Pace(text.length(), 0), encoder::text);
      return;
    }
    encoder.text(stamp ? STAMP : text);
    EventOut.Frame frame = out.take(STAMP);
    nextNanos = System.nanoTime();
    for (int i = 1; i < repeat.count(); i++) {
      out.raw(frame.before());
      if (stamp) {
        out.raw("@");
        out.digits(System.nanoTime());
        out.raw(" ");
        out.raw(frame.after());
      }
      if (i % batch == 0) {
        out.flush();
        if (everyNanos > 0) {
          pause(everyNanos * batch);
        }
      }
    }
    out.flush();
  }

  /// Keeps the pace over many pauses: a late one shortens the next.
  private void pause(long nanos) throws IOException {
    long now = System.nanoTime();
    nextNanos = Math.max(nextNanos + nanos, now - nanos);
    while (nextNanos > System.nanoTime()) {
      LockSupport.parkNanos(nextNanos - System.nanoTime());
      if (Thread.currentThread().isInterrupted()) {
        throw new IOException("the server stops");
      }
    }
  }

  private boolean fail(FaultSpec fault) throws IOException {
    switch (fault.kind()) {
      case "cut" -> {
        out.flush();
        return false;
      }
      case "end" -> out.end();
      case "stall" -> {
        out.flush();
        awaitClientGone();
        return false;
      }
      case "malformed" -> {
        out.raw("data: {\"type\":\"content_block_delta\",\"ind\n\n");
        out.end();
      }
      case "error" -> {
        encoder.error(
            fault.type().orElse("overloaded_error"), fault.message().orElse("Overloaded"));
        out.end();
      }
      default -> throw new IOException("no such fault: " + fault.kind());
    }
    return true;
  }

  private void awaitClientGone() throws IOException {
    while (fromClient.read() >= 0) {
      // A client has nothing to say while it waits for an answer.
    }
  }

  private long inputTokens() {
    return usage.inputTokens().orElse(Math.max(1, conversation.inputChars() / CHARS_PER_TOKEN));
  }

  private Billing billing() {
    return new Billing(
        inputTokens(),
        usage.outputTokens().orElse(Math.max(1, outputChars / CHARS_PER_TOKEN)),
        usage.cacheReadTokens().orElse(0L),
        usage.cacheWriteTokens().orElse(0L),
        usage.reasoningTokens().orElse(reasoningChars / CHARS_PER_TOKEN));
  }
}
