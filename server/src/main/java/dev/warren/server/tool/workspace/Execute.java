package dev.warren.server.tool.workspace;

import dev.warren.protocol.daemon.Outcome;
import dev.warren.protocol.daemon.ProcessOutput;
import dev.warren.protocol.daemon.ProcessStart;
import dev.warren.protocol.daemon.ProcessState;
import dev.warren.server.tool.Field;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// `execute`: a shell command. What is not done at its timeout goes on in the background.
public final class Execute implements Tool<Execute.Input> {
  private static final int TIMEOUT_S_DEFAULT = 30;
  static final int TIMEOUT_S_MAX = 14_400;

  /// How long a background command is watched, so that one that fails at once says so.
  private static final Duration BACKGROUND_LOOK = Duration.ofMillis(500);

  /// One request's wait for output.
  private static final Duration WAIT_MAX = Duration.ofSeconds(20);

  /// Least time between two previews.
  private static final Duration PREVIEW_EVERY = Duration.ofMillis(250);

  private final Daemons daemons;

  public Execute(Daemons daemons) {
    this.daemons = daemons;
  }

  public record Input(
      @Field("for sh -c") String command,
      @Field("absolute, or below ~; ~ by default") Optional<String> workdir,
      @Field(
              value = "30 by default; then it goes on in the background",
              min = 1,
              max = TIMEOUT_S_MAX)
          Optional<Integer> timeoutS,
      @Field("start it and return at once") Optional<Boolean> background) {}

  /// @param processId of a command that goes on
  record Output(
      Optional<Integer> exitCode,
      String output,
      long durationMs,
      Optional<UUID> processId,
      Optional<Boolean> truncated,
      Optional<String> note) {}

  @Override
  public String name() {
    return "execute";
  }

  @Override
  public Family family() {
    return Family.WORKSPACE;
  }

  @Override
  public Effect effect() {
    return Effect.COMMAND;
  }

  @Override
  public Class<Input> inputType() {
    return Input.class;
  }

  @Override
  public Optional<String> shellCommand(Input input) {
    return Optional.of(input.command());
  }

  @Override
  public Duration timeout(Input input) {
    return DEFAULT_TIMEOUT.plusSeconds(input.timeoutS().orElse(TIMEOUT_S_DEFAULT));
  }

  @Override
  public ToolResult execute(ToolContext context, Input input) throws InterruptedException {
    WorkspaceCall call = WorkspaceCall.begin(daemons, context);
    ProcessStart start =
        new ProcessStart(context.callId(), input.command(), input.workdir(), Optional.empty());
    ProcessState started = call.change((daemon, effect) -> daemon.start(start, effect));
    boolean background = input.background().orElse(false);
    Duration patience =
        background
            ? BACKGROUND_LOOK
            : Duration.ofSeconds(input.timeoutS().orElse(TIMEOUT_S_DEFAULT));
    // From the start that the daemon tells, so that a call that was taken over keeps its timeout.
    Duration already = Duration.between(started.startedAt(), Instant.now());
    boolean takenOver = context.resumed() && !already.isNegative();
    Instant until = Instant.now().plus(takenOver ? patience.minus(already) : patience);
    return result(follow(context, call, until), background);
  }

  /// Waits for the end, showing what comes meanwhile.
  private static ProcessOutput follow(ToolContext context, WorkspaceCall call, Instant until)
      throws InterruptedException {
    UUID id = context.callId();
    Preview preview = new Preview(context);
    ProcessOutput output = call.read(daemon -> daemon.output(id, Optional.empty(), Duration.ZERO));
    while (running(output)) {
      preview.show(output);
      Duration left = Duration.between(Instant.now(), until);
      if (!left.isPositive()) {
        return output;
      }
      long seen = output.process().outputBytes();
      Duration wait = left.compareTo(WAIT_MAX) < 0 ? left : WAIT_MAX;
      output = call.read(daemon -> daemon.output(id, Optional.of(seen), wait));
      if (running(output) && output.process().outputBytes() > seen) {
        // More comes in a moment; one look then is cheaper than one a line.
        Duration pause = left.compareTo(PREVIEW_EVERY) < 0 ? left : PREVIEW_EVERY;
        output = call.read(daemon -> daemon.output(id, Optional.empty(), pause));
      }
    }
    return output;
  }

  static boolean running(ProcessOutput output) {
    return output.process().status() == ProcessState.Status.RUNNING;
  }

  private static ToolResult result(ProcessOutput output, boolean background) {
    ProcessState process = output.process();
    Excerpt excerpt = Excerpt.of(output);
    Optional<String> note =
        switch (process.status()) {
          case RUNNING ->
              Optional.of(
                  background
                      ? "running in the background; process_output reads more, process_signal ends it"
                      : "still running after the timeout; it goes on in the background: process_output waits for it, process_signal ends it");
          case KILLED -> Optional.of("it was killed");
          case EXITED, UNKNOWN -> Optional.empty();
        };
    Output answer =
        new Output(
            process.exitCode(),
            excerpt.text(),
            Math.max(
                0,
                Duration.between(process.startedAt(), process.endedAt().orElseGet(Instant::now))
                    .toMillis()),
            running(output) ? Optional.of(process.id()) : Optional.empty(),
            excerpt.truncated() ? Optional.of(true) : Optional.empty(),
            note);
    if (process.status() != ProcessState.Status.UNKNOWN) {
      return ToolResult.of(answer);
    }
    ToolResult unknown =
        ToolResult.error(
            "The command was started, but how it ended cannot be known (its wrapper was killed, or the machine restarted). Look at what it left before you repeat it.",
            answer);
    unknown.output().put("outcome", "unknown");
    return unknown;
  }

  @Override
  public ToolResult cancel(ToolContext context, Input input) throws InterruptedException {
    Optional<Outcome> outcome = Cancellation.cancel(daemons, context);
    if (outcome.isEmpty()) {
      return Cancellation.storeLost();
    }
    if (outcome.get().process().isEmpty()) {
      return ToolResult.error("The user interrupted before the command was started.");
    }
    ProcessOutput output =
        WorkspaceCall.begin(daemons, context)
            .read(daemon -> daemon.output(context.callId(), Optional.empty(), Duration.ZERO));
    String message =
        running(output)
            ? "The user interrupted; the command could not be ended and may still be running."
            : "The user interrupted; the command was ended.";
    return ToolResult.error(message, new Interrupted(Excerpt.of(output).text()));
  }

  /// What an interrupted command had written.
  record Interrupted(String output) {}

  /// Shows what is new of a growing output.
  private static final class Preview {
    private final ToolContext context;
    private int shown;

    Preview(ToolContext context) {
      this.context = context;
    }

    void show(ProcessOutput output) {
      String head = output.head();
      if (head.length() > shown) {
        context.preview(head.substring(shown));
        shown = head.length();
      }
    }
  }
}
