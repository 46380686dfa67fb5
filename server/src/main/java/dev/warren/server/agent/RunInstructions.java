package dev.warren.server.agent;

import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.Instructions;
import dev.warren.server.instructions.FoundInstructions;
import dev.warren.server.instructions.InstructionChanges;
import dev.warren.server.workspace.WorkspaceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a run's model is told of its workspace's instructions. A run looks through a workspace
/// once, before its first step there, so each turn of a chat finds what has changed since the last;
/// what is new is told behind the newest message and stays there, so that no request changes what
/// an earlier one began with.
final class RunInstructions {
  /// How long a look may take; after that the turn goes on without.
  private static final Duration LOOK_MAX = Duration.ofSeconds(3);

  /// Between two looks at whether the run was told to stop.
  private static final Duration SLICE = Duration.ofMillis(100);

  private static final Logger log = LoggerFactory.getLogger(RunInstructions.class);

  private final AgentSources.WorkspaceInstructions source;
  private final List<Instructions> told = new ArrayList<>();
  private Optional<WorkspaceId> looked = Optional.empty();
  private Optional<FoundInstructions> found = Optional.empty();

  RunInstructions(AgentSources.WorkspaceInstructions source) {
    this.source = source;
  }

  /// What is to be told now, behind the last message of a history that is about to be sent.
  Optional<Instructions> news(
      Optional<WorkspaceId> workspace, List<ChatMessage> history, BooleanSupplier stopping) {
    if (workspace.isEmpty() || history.isEmpty()) {
      return Optional.empty();
    }
    if (!looked.equals(workspace) && source.isThere(workspace.get())) {
      looked = workspace;
      found = look(workspace.get(), stopping);
    }
    if (!looked.equals(workspace)) {
      return Optional.empty();
    }
    return found.flatMap(
        now -> InstructionChanges.of(sent(history), now, workspace.get(), history.getLast().seq()));
  }

  /// It was told, now or by an earlier run.
  void add(Instructions entry) {
    told.add(entry);
  }

  /// What stands in a history: not what was told before its first message.
  List<Instructions> sent(List<ChatMessage> history) {
    long first = history.isEmpty() ? Long.MAX_VALUE : history.getFirst().seq();
    return told.stream().filter(entry -> entry.afterSeq() >= first).toList();
  }

  /// Characters of what stands in a history.
  long chars(List<ChatMessage> history) {
    return sent(history).stream().mapToLong(entry -> entry.text().length()).sum();
  }

  private Optional<FoundInstructions> look(WorkspaceId workspace, BooleanSupplier stopping) {
    FutureTask<FoundInstructions> task = new FutureTask<>(() -> source.read(workspace));
    Thread looker = Thread.ofVirtual().name("instructions-" + workspace).start(task);
    long deadline = System.nanoTime() + LOOK_MAX.toNanos();
    try {
      while (!looker.join(SLICE)) {
        if (stopping.getAsBoolean() || System.nanoTime() > deadline) {
          looker.interrupt();
          log.info("the instructions of workspace {} were not read in time", workspace);
          return Optional.empty();
        }
      }
      return Optional.of(task.get());
    } catch (InterruptedException e) {
      throw new IllegalStateException("a run's own thread was interrupted", e);
    } catch (ExecutionException e) {
      log.info("the instructions of workspace {} cannot be read", workspace, e.getCause());
      return Optional.empty();
    }
  }
}
