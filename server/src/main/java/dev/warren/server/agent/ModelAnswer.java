package dev.warren.server.agent;

import dev.warren.llm.Completion;
import dev.warren.llm.ModelRequest;
import dev.warren.llm.ProviderException;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.StoredPart;
import dev.warren.server.chat.events.ChatEvents;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks a model for one answer, as often as its provider's failures ask for, and shows it while it
/// grows. Driven by the run's thread.
final class ModelAnswer {
  /// How long a thread that was told to leave a stream may take.
  private static final Duration LEAVE_MAX = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(ModelAnswer.class);

  private final ChatEvents events;
  private final ChatId chat;
  private final Mailbox<RunEvent> mailbox;
  private final Supplier<Optional<StopReason>> stop;
  private final RetryPlan retries;

  ModelAnswer(
      ChatEvents events,
      ChatId chat,
      Mailbox<RunEvent> mailbox,
      Supplier<Optional<StopReason>> stop,
      RetryPlan retries) {
    this.events = events;
    this.chat = chat;
    this.mailbox = mailbox;
    this.stop = stop;
    this.retries = retries;
  }

  /// @param begin opens the live message of an attempt
  Outcome ask(AgentModel model, ModelRequest request, Supplier<Attempt> begin) {
    for (int attempt = 1; ; attempt++) {
      Attempt writing = begin.get();
      Outcome outcome = once(model, request, writing);
      if (!(outcome instanceof Outcome.Failed failed)) {
        return outcome;
      }
      writing.writing().abandon();
      Optional<Duration> pause =
          failed.cause() instanceof ProviderException cause
              ? retries.pause(attempt, cause)
              : Optional.empty();
      if (pause.isEmpty()) {
        return failed;
      }
      log.info(
          "chat {}: attempt {} failed, next in {} ms: {}",
          chat,
          attempt,
          pause.get().toMillis(),
          failed.cause().getMessage());
      events.retry(chat, attempt, pause.get().toMillis(), message(failed.cause()));
      Optional<StopReason> stopped = pauseFor(pause.get());
      if (stopped.isPresent()) {
        return new Outcome.Stopped(stopped.get(), writing, List.of());
      }
    }
  }

  private Outcome once(AgentModel model, ModelRequest request, Attempt attempt) {
    Thread asker =
        Thread.ofVirtual()
            .name("model-" + chat)
            .start(() -> {
              try {
                mailbox.put(
                    new RunEvent.Answered(
                        model.provider().stream(request, attempt.writing()::accept)));
              } catch (InterruptedException | CancellationException e) {
                mailbox.put(new RunEvent.AskFailed(e));
              } catch (RuntimeException | Error e) {
                mailbox.put(new RunEvent.AskFailed(e));
              }
            });
    while (true) {
      Optional<RunEvent> event = mailbox.take(Duration.ofSeconds(1));
      Optional<StopReason> stopped = stop.get();
      switch (event.orElse(new RunEvent.Stop())) {
        case RunEvent.Answered(Completion completion) -> {
          return new Outcome.Done(completion, attempt);
        }
        case RunEvent.AskFailed(Throwable cause) when stopped.isEmpty() -> {
          return new Outcome.Failed(cause);
        }
        case RunEvent.AskFailed failed -> {
          return stopped(stopped.orElseThrow(), attempt);
        }
        case RunEvent.Stop wake -> {
          if (stopped.isPresent()) {
            return leave(asker, stopped.get(), attempt);
          }
        }
        case RunEvent.CallDone stray -> {}
        case RunEvent.CallLeft stray -> {}
      }
    }
  }

  /// Nothing may be written to the message any more when this returns; an answer that was complete
  /// before it heard of the stop counts.
  private Outcome leave(Thread asker, StopReason reason, Attempt attempt) {
    asker.interrupt();
    long deadline = System.nanoTime() + LEAVE_MAX.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<RunEvent> event = mailbox.take(Duration.ofMillis(100));
      if (event.isPresent() && event.get() instanceof RunEvent.Answered(Completion completion)) {
        return new Outcome.Done(completion, attempt);
      }
      if (event.isPresent() && event.get() instanceof RunEvent.AskFailed) {
        break;
      }
    }
    return stopped(reason, attempt);
  }

  private static Outcome stopped(StopReason reason, Attempt attempt) {
    if (reason == StopReason.INTERRUPTED) {
      return new Outcome.Stopped(reason, attempt, attempt.writing().partial());
    }
    attempt.writing().abandon();
    return new Outcome.Stopped(reason, attempt, List.of());
  }

  private Optional<StopReason> pauseFor(Duration pause) {
    long deadline = System.nanoTime() + pause.toNanos();
    while (stop.get().isEmpty()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return Optional.empty();
      }
      mailbox.take(Duration.ofNanos(left));
    }
    return stop.get();
  }

  /// For people.
  static String message(Throwable cause) {
    if (!(cause instanceof ProviderException failure) || cause.getMessage() == null) {
      return "The control plane failed while it asked the model; the fault was logged.";
    }
    return failure
        .retryAfter()
        .filter(asked -> asked.compareTo(RetryPlan.RETRY_AFTER_MAX) > 0)
        .map(asked ->
            cause.getMessage()
                + " It asks to wait "
                + (asked.toMinutes() + (asked.toSecondsPart() > 0 ? 1 : 0))
                + " minutes: send a message then, or choose another model now.")
        .orElse(cause.getMessage());
  }

  /// An attempt, with the id that its message is to have.
  record Attempt(dev.warren.server.chat.MessageId message, ChatEvents.Writing writing) {}

  /// What came of asking.
  sealed interface Outcome {
    /// The message is still to be committed or abandoned.
    record Done(Completion completion, Attempt attempt) implements Outcome {}

    record Failed(Throwable cause) implements Outcome {}

    /// With an interruption the message is still to be committed or abandoned.
    record Stopped(StopReason reason, Attempt attempt, List<StoredPart> partial)
        implements Outcome {}
  }
}
