package dev.warren.e2e.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.e2e.kit.Eventually;
import dev.warren.server.tool.ToolFailure;
import dev.warren.server.tool.ToolResult;
import dev.warren.server.tool.workspace.Execute;
import dev.warren.server.tool.workspace.ReadProcess;
import dev.warren.server.tool.workspace.WriteFile;
import dev.warren.server.workspace.daemon.DaemonClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Calls whose workspace changes under them: rebuilt, without its disk, stopped, or asked by an
/// owner of the chat who is owner no longer. Each takes effect once or not at all, and where that
/// cannot be known the model is told so.
class LostStoreTest {
  private static final String RUN = "echo ran >> ~/ran; sleep ";
  private static final Duration WITHIN = Duration.ofSeconds(40);

  @TempDir Path folder;
  private DaemonInProcess daemon;
  private Execute execute;
  private WriteFile write;

  @BeforeEach
  void start() throws IOException {
    daemon = new DaemonInProcess(folder);
    execute = new Execute(workspace -> daemon.client());
    write = new WriteFile(workspace -> daemon.client());
  }

  @AfterEach
  void stop() throws IOException {
    daemon.close();
  }

  @Test
  void aCommandOfALostStoreIsNotSaidNeverToHaveStarted() throws Exception {
    CallContext call = CallContext.fresh();
    execute.execute(call, command(1));
    daemon.loseStore();
    ToolResult cancelled = execute.cancel(call, command(1));
    assertThat(cancelled.unknown()).isTrue();
    assertThat(cancelled.output().get("error").asString()).contains("rebuilt or lost its disk");
  }

  @Test
  void aChangeOfFilesOnALostStoreIsNotSaidToBeUndone() throws Exception {
    CallContext call = CallContext.fresh();
    WriteFile.Input input = new WriteFile.Input("~/a", "text");
    write.execute(call, input);
    daemon.loseStore();
    assertThat(write.cancel(call, input).unknown()).isTrue();
  }

  @Test
  void aCallThatRunsWhenTheDiskIsLostHasAnUnknownOutcomeAndRunsOnce() throws Exception {
    CallContext call = CallContext.fresh();
    FutureTask<ToolResult> running = new FutureTask<>(() -> execute.execute(call, command(3)));
    Thread.ofVirtual().start(running);
    Eventually.holds("the command runs", WITHIN, () -> Files.exists(ran()));
    daemon.loseDisk();
    assertThatThrownBy(() -> running.get(WITHIN.toSeconds(), TimeUnit.SECONDS))
        .hasCauseInstanceOf(ToolFailure.class)
        .hasMessageContaining("lost its disk")
        .extracting(Throwable::getCause)
        .satisfies(LostStoreTest::unknown);
    assertThatThrownBy(() -> execute.execute(call.takenOver(), command(3)))
        .satisfies(LostStoreTest::unknown);
    assertThat(Files.readAllLines(ran())).hasSize(1);
  }

  @Test
  void outputThatIsFollowedWhenTheDiskIsLostEndsAsUnknown() throws Exception {
    CallContext call = CallContext.fresh();
    execute.execute(call, new Execute.Input(RUN + 3, none(), none(), Optional.of(true)));
    ReadProcess.Input asked = new ReadProcess.Input(call.callId().toString(), Optional.of(20));
    ReadProcess read = new ReadProcess(workspace -> daemon.client());
    FutureTask<ToolResult> following =
        new FutureTask<>(() -> read.execute(CallContext.fresh(), asked));
    Thread.ofVirtual().start(following);
    daemon.loseDisk();
    assertThatThrownBy(() -> following.get(WITHIN.toSeconds(), TimeUnit.SECONDS))
        .extracting(Throwable::getCause)
        .satisfies(LostStoreTest::unknown);
  }

  @Test
  void aCallThatNeverReachedTheLostStoreStartsOnTheNewOne() throws Exception {
    CallContext call = CallContext.fresh();
    daemon.loseStore();
    ToolResult done = execute.execute(call.takenOver(), command(0));
    assertThat(done.error()).isFalse();
    assertThat(Files.readAllLines(ran())).hasSize(1);
  }

  @Test
  void aCallThatIsTakenOverWhileTheWorkspaceIsStoppedHasAnUnknownOutcome() throws Exception {
    CallContext call = CallContext.fresh();
    execute.execute(call, command(0));
    Execute down =
        new Execute(workspace ->
            new DaemonClient(within -> {
              throw new ToolFailure("the workspace is stopped");
            }));
    assertThatThrownBy(() -> down.execute(call.takenOver(), command(0)))
        .satisfies(LostStoreTest::unknown)
        .hasMessageContaining("stopped");
    assertThatThrownBy(() -> down.execute(CallContext.fresh(), command(0)))
        .as("nothing was begun")
        .isInstanceOfSatisfying(
            ToolFailure.class, failed -> assertThat(failed.result().unknown()).isFalse());
  }

  @Test
  void anOwnerThatWakesUpLateStartsNothingTwice() throws Exception {
    CallContext asleep = CallContext.fresh();
    CallContext next = asleep.takenOver();
    execute.execute(next, command(0));
    assertThatThrownBy(() -> execute.execute(asleep, command(0)))
        .isInstanceOf(ToolFailure.class)
        .hasMessageContaining("lease");
    assertThat(Files.readAllLines(ran())).hasSize(1);
  }

  @Test
  void aCallThatWasCancelledBeforeItBeganNeverStartsLater() throws Exception {
    CallContext call = CallContext.fresh();
    CallContext reconciler = call.takenOver();
    daemon.restart();
    execute.cancel(reconciler, command(0));
    assertThatThrownBy(() -> execute.execute(call, command(0))).isInstanceOf(ToolFailure.class);
    daemon.restart();
    assertThatThrownBy(() -> execute.execute(reconciler, command(0)))
        .isInstanceOf(ToolFailure.class)
        .hasMessageContaining("cancelled");
    assertThat(ran()).doesNotExist();
  }

  private Path ran() {
    return daemon.home().resolve("ran");
  }

  private static void unknown(Throwable failed) {
    assertThat(failed)
        .isInstanceOfSatisfying(
            ToolFailure.class, told -> assertThat(told.result().unknown()).isTrue());
  }

  private static Execute.Input command(int seconds) {
    return new Execute.Input(
        RUN + seconds, none(), Optional.of(seconds == 1 ? 2 : 25), Optional.empty());
  }

  private static <T> Optional<T> none() {
    return Optional.empty();
  }
}
