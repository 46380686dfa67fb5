package dev.warren.server.tool;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// Something that a model can have done. Implementations are stateless and thread-safe: calls of
/// many chats run at once, each on a virtual thread of its own.
///
/// The same call (same [ToolContext#callId()]) may be executed again by the next owner of the chat
/// after a crash. The effect must then not happen a second time: pass the call's id down as the
/// idempotency key, and answer [ToolResult#unknown] where the outcome cannot be known.
///
/// @param <I> the input: a record whose components are the fields that the model fills. `Optional`
///   ones may be left out; strings, numbers, booleans, enums, lists and records are understood, and
///   [Field] says more. Names are snake_case for the model.
public interface Tool<I extends Record> {

  /// How long a call may take when the tool does not say otherwise.
  Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

  /// 1 to 64 of `[a-z0-9_]`.
  String name();

  Family family();

  Effect effect();

  Class<I> inputType();

  /// What the model reads: the text of `NAME.md` beside the implementing class.
  default String description() {
    String resource = name() + ".md";
    try (InputStream in = getClass().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(
            "the tool "
                + name()
                + " has no description: add the resource "
                + resource
                + " beside "
                + getClass().getName());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the description of the tool " + name(), e);
    }
  }

  /// Runs the call and blocks until its result is there. The thread is interrupted when the chat
  /// moves to another owner or the call is cancelled: stop waiting at once and let the interruption
  /// through; what runs in a workspace goes on (ending it is [#cancel]'s work).
  ///
  /// Expected failures are error results that say what to do next, or a [ToolFailure]; any other
  /// exception is a fault of ours, is logged, and becomes a plain error result.
  ToolResult execute(ToolContext context, I input) throws InterruptedException;

  /// Ends what the call runs, after a user interrupted it and [#execute] was left. Must come back
  /// within a few seconds, and is interrupted when it does not. The answer is the call's result.
  default ToolResult cancel(ToolContext context, I input) throws InterruptedException {
    return ToolResult.error("The call was interrupted by the user.");
  }

  /// How long this call may take until the engine gives it up.
  default Duration timeout(I input) {
    return DEFAULT_TIMEOUT;
  }

  /// Whether equal calls in a row are how the tool is meant to be used: it asks how something goes.
  default boolean polls() {
    return false;
  }

  /// The text that the call hands to a shell, for the rules of approval to read.
  default Optional<String> shellCommand(I input) {
    return Optional.empty();
  }

  /// Whether a call does nothing but wait, perhaps for long, for what happens elsewhere: a chat
  /// whose calls all do holds no slot meanwhile.
  default boolean waits() {
    return false;
  }

  /// Who carries the call out, and so how its outcome is found again after a crash.
  enum Family {
    /// The daemon of the chat's workspace, which remembers outcomes by call id.
    WORKSPACE,
    /// The control plane, idempotent by call id and chat.
    PLATFORM,
    /// The chat engine itself.
    ORCHESTRATION
  }

  /// What a call changes, and so which calls of one message must not overlap. A call waits only for
  /// the calls before it that are named here.
  enum Effect {
    /// Nothing: runs at once, may be repeated.
    NONE,
    /// Which workspace there is, or whether it runs: later workspace calls wait for it.
    LIFECYCLE,
    /// Files: runs in call order with other `FILES` calls.
    FILES,
    /// Anything: waits for earlier `FILES` calls, runs beside other commands.
    COMMAND
  }
}
