package dev.warren.server.tool.workspace;

import dev.warren.protocol.Problem;
import dev.warren.protocol.daemon.DaemonProblems;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolFailure;
import dev.warren.server.tool.ToolResult;
import dev.warren.server.workspace.WorkspaceId;
import dev.warren.server.workspace.daemon.DaemonCallException;
import dev.warren.server.workspace.daemon.DaemonClient;
import dev.warren.server.workspace.daemon.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// One call of a workspace tool on its way to the daemon: finds the workspace, reserves the store,
/// repeats what was not answered, and turns what goes wrong into what the model can act on.
final class WorkspaceCall {
  /// Between two tries of an unanswered request.
  private static final Duration RETRY_PAUSE = Duration.ofMillis(250);

  private static final Duration RETRY_PAUSE_MAX = Duration.ofSeconds(3);

  /// What is left for the answer when waiting is given up.
  private static final Duration RESERVE = Duration.ofSeconds(2);

  /// How long a daemon that was there may be away: its supervisor restarts it within seconds.
  private static final Duration AWAY_MAX = Duration.ofSeconds(90);

  private static final String HOW_FAR = " How far it got is not known: look before you repeat it.";

  private final ToolContext context;
  private final WorkspaceId workspace;
  private final DaemonClient daemon;

  /// Whether the daemon has answered this call before.
  private boolean met;

  /// Whether something was begun, so that a loss of contact leaves its outcome open.
  private boolean begun;

  private WorkspaceCall(ToolContext context, WorkspaceId workspace, DaemonClient daemon) {
    this.context = context;
    this.workspace = workspace;
    this.daemon = daemon;
    this.begun = context.resumed() && context.reservedStore().isPresent();
  }

  static WorkspaceCall begin(Daemons daemons, ToolContext context) {
    WorkspaceId workspace =
        context
            .workspaceId()
            .orElseThrow(() ->
                new ToolFailure(
                    "This chat has no workspace yet. Make one with create_workspace"
                        + " (list_templates shows from what), then call again."));
    return new WorkspaceCall(context, workspace, daemons.of(workspace));
  }

  /// A request that changes nothing.
  @FunctionalInterface
  interface Reading<T> {
    T of(DaemonClient daemon) throws InterruptedException;
  }

  /// A request that changes something, once.
  @FunctionalInterface
  interface Change<T> {
    T of(DaemonClient daemon, Effect effect) throws InterruptedException;
  }

  <T> T read(Reading<T> reading) throws InterruptedException {
    return repeated(() -> reading.of(daemon), false);
  }

  /// A request that changes nothing, in the chat's name.
  @FunctionalInterface
  interface ChatReading<T> {
    T of(DaemonClient daemon, String lease) throws InterruptedException;
  }

  <T> T readAsChat(ChatReading<T> reading) throws InterruptedException {
    return repeated(() -> reading.of(daemon, lease()), false);
  }

  /// Does it under the call's own id.
  <T> T change(Change<T> change) throws InterruptedException {
    return change(change, context.callId());
  }

  private <T> T change(Change<T> change, UUID id) throws InterruptedException {
    return repeated(
        () -> {
          String store = daemon.info().storeId().toString();
          context.reserveStore(workspace, store);
          return change.of(daemon, new Effect(id, store, lease()));
        },
        true);
  }

  /// For ending what this call runs: no store is reserved, since nothing is started. Absent when
  /// the call went to a store that is gone: the present one knows nothing of it.
  <T> Optional<T> end(Change<T> change) throws InterruptedException {
    String store = read(DaemonClient::info).storeId().toString();
    if (context.reservedStore().filter(earlier -> !earlier.equals(store)).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(change.of(daemon, new Effect(context.callId(), store, lease())));
  }

  private String lease() {
    return context.chatId().value() + "/" + context.lease();
  }

  @FunctionalInterface
  private interface Try<T> {
    T make() throws InterruptedException;
  }

  private <T> T repeated(Try<T> request, boolean changes) throws InterruptedException {
    Duration pause = RETRY_PAUSE;
    Instant giveUp = earlier(Instant.now().plus(AWAY_MAX), context.deadline().minus(RESERVE));
    while (true) {
      try {
        T answer = request.make();
        met = true;
        begun |= changes;
        return answer;
      } catch (DaemonCallException failed) {
        boolean arrived = failed.kind() == DaemonCallException.Kind.UNANSWERED;
        begun |= changes && arrived;
        boolean hopeless = !failed.worthRetrying() || !(met || arrived || context.resumed());
        if (hopeless || Instant.now().plus(pause).isAfter(giveUp)) {
          throw new ToolFailure(changes ? result(failed) : resultOfReading(failed));
        }
      } catch (ToolFailure stopped) {
        throw begun && !stopped.result().unknown() ? open(stopped) : stopped;
      }
      Thread.sleep(pause);
      pause = pause.multipliedBy(2);
      if (pause.compareTo(RETRY_PAUSE_MAX) > 0) {
        pause = RETRY_PAUSE_MAX;
      }
    }
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /// The workspace was stopped, or the call cancelled, after something was begun.
  private static ToolFailure open(ToolFailure stopped) {
    String message = stopped.result().output().path("error").asString("");
    return new ToolFailure(ToolResult.unknown(message + HOW_FAR));
  }

  /// What was begun and is not there any more went with the store on which it was.
  private ToolResult resultOfReading(DaemonCallException failed) {
    boolean gone = failed.problem().filter(problem -> problem.status() == 404).isPresent();
    return begun && gone
        ? ToolResult.unknown(
            "The workspace was rebuilt or lost its disk while the call ran." + HOW_FAR)
        : result(failed);
  }

  private ToolResult result(DaemonCallException failed) {
    String message = String.valueOf(failed.getMessage());
    if (failed.is(DaemonProblems.UNKNOWN) || failed.is(DaemonProblems.EXPIRED)) {
      return ToolResult.unknown(message + ". Look at what is there before you go on.");
    }
    if (failed.kind() == DaemonCallException.Kind.REFUSED) {
      return ToolResult.error(failed.problem().map(WorkspaceCall::told).orElse(message));
    }
    return begun || context.resumed()
        ? ToolResult.unknown(message + "." + HOW_FAR)
        : ToolResult.error(message + ". Nothing was done.");
  }

  /// A problem in words: its detail, and each error that is not the detail again.
  private static String told(Problem problem) {
    String errors =
        problem.errors().stream()
            .map(error -> error.field() + ": " + error.detail())
            .filter(line -> !line.equals(problem.detail()))
            .collect(Collectors.joining("\n"));
    return errors.isEmpty() ? problem.detail() : problem.detail() + "\n" + errors;
  }
}
