package dev.warren.e2e.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.server.tool.ToolFailure;
import dev.warren.server.tool.ToolResult;
import dev.warren.server.tool.workspace.Execute;
import dev.warren.server.tool.workspace.WriteFile;
import dev.warren.server.workspace.daemon.DaemonClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Calls whose workspace changes under them: rebuilt, without its disk, stopped, or asked by an
/// owner of the chat who is owner no longer. Each takes effect once or not at all, and where that
/// cannot be known the model is told so.
class LostStoreTest {
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
        "echo ran >> ~/ran; sleep " + seconds,
        Optional.empty(),
        Optional.of(seconds == 1 ? 2 : 25),
        Optional.empty());
  }
}
