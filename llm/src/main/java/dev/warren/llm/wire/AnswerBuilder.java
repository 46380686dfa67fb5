package dev.warren.llm.wire;

import dev.warren.llm.Completion;
import dev.warren.llm.Opaque;
import dev.warren.llm.Part;
import dev.warren.llm.ProviderException;
import dev.warren.llm.StreamEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// Collects an answer part by part and reports each step. Parts keep the order in which they were
/// opened; several may be open at once. Used by one thread.
public final class AnswerBuilder {
  /// The most parts of one answer; a stream with more is broken or hostile.
  static final int PARTS_MAX = 10_000;

  private final Consumer<StreamEvent> events;
  private final Supplier<UUID> callIds;
  private final List<Optional<Part>> parts = new ArrayList<>();
  private final Map<String, String> cited = new LinkedHashMap<>();
  private boolean started;

  public AnswerBuilder(Consumer<StreamEvent> events, Supplier<UUID> callIds) {
    this.events = events;
    this.callIds = callIds;
  }

  public void start() {
    if (!started) {
      started = true;
      events.accept(new StreamEvent.Started());
    }
  }

  public boolean started() {
    return started;
  }

  public OpenPart openText() {
    return open(StreamEvent.Kind.TEXT);
  }

  public OpenPart openReasoning() {
    return open(StreamEvent.Kind.REASONING);
  }

  public OpenCall openCall(String name) {
    UUID id = callIds.get();
    String cleanName = CleanText.clean(name);
    OpenPart arguments = open(StreamEvent.Kind.TOOL_INPUT);
    events.accept(new StreamEvent.ToolCallStarted(arguments.index, id, cleanName));
    return new OpenCall(arguments, id, cleanName);
  }

  /// Adds a part that comes whole and has no deltas.
  public void add(Part part) {
    done(reserve(), part);
  }

  /// Notes where something that the answer says was found. Doubled ones count once.
  public void cite(String url, String title) {
    if (!url.isEmpty() && cited.size() < PARTS_MAX) {
      cited.merge(url, title, (before, now) -> before.isEmpty() ? now : before);
    }
  }

  /// Adds the sources, which stand last.
  public void finish() {
    cited.forEach((url, title) ->
        add(new Part.Source(CleanText.clean(url), CleanText.clean(title), Optional.empty())));
    cited.clear();
  }

  /// Why an answer ended that neither a limit nor a filter cut. What providers say of it differs
  /// from what they send, so the calls decide.
  public Completion.StopReason stopReason(boolean refused) {
    boolean calls =
        parts.stream()
            .flatMap(Optional::stream)
            .anyMatch(p -> p instanceof Part.ToolCall call && !call.providerExecuted());
    return calls
        ? Completion.StopReason.TOOL_USE
        : refused ? Completion.StopReason.REFUSAL : Completion.StopReason.STOP;
  }

  /// The parts that are done, in order.
  public List<Part> parts() {
    return parts.stream().flatMap(Optional::stream).toList();
  }

  private OpenPart open(StreamEvent.Kind kind) {
    return new OpenPart(reserve(), kind);
  }

  private int reserve() {
    if (parts.size() >= PARTS_MAX) {
      throw new ProviderException(
          ProviderException.Kind.SERVER,
          0,
          Optional.empty(),
          "The provider's answer has more than " + PARTS_MAX + " parts.");
    }
    parts.add(Optional.empty());
    return parts.size() - 1;
  }

  private void done(int index, Part part) {
    parts.set(index, Optional.of(part));
    events.accept(new StreamEvent.PartDone(index, part));
  }

  /// A part whose text still grows. Half a surrogate pair at the end of a delta waits for the next.
  public final class OpenPart {
    private final int index;
    private final StreamEvent.Kind kind;
    private final StringBuilder text = new StringBuilder();
    private String held = "";

    private OpenPart(int index, StreamEvent.Kind kind) {
      this.index = index;
      this.kind = kind;
    }

    public StreamEvent.Kind kind() {
      return kind;
    }

    /// Appends what the deltas so far lack of the whole text, which providers send at the end.
    public void appendRest(String whole) {
      String clean = CleanText.clean(whole);
      String sofar = text + held;
      if (clean.startsWith(sofar)) {
        append(clean.substring(sofar.length()));
      }
    }

    public void append(String delta) {
      String whole = held.isEmpty() ? delta : held + delta;
      held = "";
      if (whole.isEmpty()) {
        return;
      }
      int last = whole.length() - 1;
      if (Character.isHighSurrogate(whole.charAt(last))) {
        held = whole.substring(last);
        whole = whole.substring(0, last);
      }
      emit(whole);
    }

    /// All of the text; nothing may be appended afterwards.
    public String finish() {
      String rest = held;
      held = "";
      emit(rest);
      return text.toString();
    }

    public void done(Part part) {
      AnswerBuilder.this.done(index, part);
    }

    private void emit(String raw) {
      if (raw.isEmpty()) {
        return;
      }
      String clean = CleanText.clean(raw);
      text.append(clean);
      events.accept(new StreamEvent.Delta(index, kind, clean));
    }
  }

  /// A tool call whose arguments still grow.
  public record OpenCall(OpenPart arguments, UUID id, String name) {
    public Part.ToolCall done(boolean providerExecuted, Opaque opaque) {
      String raw = arguments.finish();
      JsonNode input = WireJson.arguments(raw);
      Part.ToolCall call =
          new Part.ToolCall(id, name, input, raw, providerExecuted, Optional.of(opaque));
      arguments.done(call);
      return call;
    }
  }
}
