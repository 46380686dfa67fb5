package dev.warren.e2e.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.protocol.daemon.ProcessSignal.Signal;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolFailure;
import dev.warren.server.tool.ToolRegistry;
import dev.warren.server.tool.ToolResult;
import dev.warren.server.tool.workspace.Daemons;
import dev.warren.server.tool.workspace.EditFiles;
import dev.warren.server.tool.workspace.Execute;
import dev.warren.server.tool.workspace.ListProcesses;
import dev.warren.server.tool.workspace.ReadFile;
import dev.warren.server.tool.workspace.ReadProcess;
import dev.warren.server.tool.workspace.SignalProcess;
import dev.warren.server.tool.workspace.WorkspaceTools;
import dev.warren.server.tool.workspace.WriteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class WorkspaceToolsTest {
  @TempDir Path folder;
  private DaemonInProcess daemon;
  private Daemons daemons;

  @BeforeEach
  void start() throws IOException {
    daemon = new DaemonInProcess(folder);
    daemons = workspace -> daemon.client();
  }

  @AfterEach
  void stop() throws IOException {
    daemon.close();
  }

  @Test
  void writtenFileIsReadWithLineNumbersAndPages() throws Exception {
    JsonNode written =
        ok(new WriteFile(daemons), new WriteFile.Input("~/a/b.txt", "one\ntwo\nthree\n"));
    assertThat(written.get("created").asBoolean()).isTrue();
    JsonNode page =
        ok(new ReadFile(daemons), new ReadFile.Input("~/a/b.txt", Optional.of(2), Optional.of(1)));
    assertThat(page.get("content").asString()).isEqualTo("2\ttwo\n");
    assertThat(page.get("next_offset").asInt()).isEqualTo(3);
    assertThat(page.get("total_lines").asInt()).isEqualTo(3);
  }

  @Test
  void readingTooMuchSaysHowToPage() throws Exception {
    Files.writeString(daemon.home().resolve("big"), "x".repeat(99).concat("\n").repeat(2000));
    ToolResult result =
        run(new ReadFile(daemons), new ReadFile.Input("~/big", Optional.empty(), Optional.empty()));
    assertThat(result.error()).isTrue();
    assertThat(result.output().get("error").asString()).contains("offset 1 and limit 3");
  }

  @Test
  void missingAndBinaryFilesAreErrorsThatSaySo() throws Exception {
    Files.write(daemon.home().resolve("bin"), new byte[] {1, 0, 2});
    assertThat(
            failure(
                new ReadFile(daemons),
                new ReadFile.Input("~/none", Optional.empty(), Optional.empty())))
        .contains("there is no file " + daemon.home() + "/none");
    assertThat(
            failure(
                new ReadFile(daemons),
                new ReadFile.Input("~/bin", Optional.empty(), Optional.empty())))
        .contains("binary");
    assertThat(
            failure(
                new ReadFile(daemons),
                new ReadFile.Input("rel", Optional.empty(), Optional.empty())))
        .contains("absolute path");
  }

  @Test
  void editsAreAllOrNothingAndErrorsNameEachEdit() throws Exception {
    Path a = Files.writeString(daemon.home().resolve("a"), "alpha\nbeta\n");
    Path b = Files.writeString(daemon.home().resolve("b"), "beta\nbeta\n");
    String error =
        failure(
            new EditFiles(daemons),
            new EditFiles.Input(
                List.of(edit("~/a", "alpha", "ALPHA"), edit("~/b", "beta", "BETA"))));
    assertThat(error).contains("edits[1]").contains("2 times").contains("lines 1, 2");
    assertThat(a).hasContent("alpha\nbeta\n");
    JsonNode done =
        ok(
            new EditFiles(daemons),
            new EditFiles.Input(
                List.of(
                    edit("~/a", "alpha", "ALPHA"),
                    new EditFiles.Edit("~/b", "beta", "BETA", Optional.of(true)))));
    assertThat(done.get("files").get(0).get("diff").asString()).contains("-alpha\n+ALPHA\n");
    assertThat(b).hasContent("BETA\nBETA\n");
  }

  @Test
  void fileThatSomebodyElseChangedIsChangedOnlyAfterItIsReadAgain() throws Exception {
    CallContext chat = CallContext.fresh();
    Path file = Files.writeString(daemon.home().resolve("shared"), "alpha\nbeta\n");
    ReadFile.Input reading = new ReadFile.Input("~/shared", Optional.empty(), Optional.empty());
    EditFiles.Input editing = new EditFiles.Input(List.of(edit("~/shared", "alpha", "ALPHA")));
    WriteFile.Input writing = new WriteFile.Input("~/shared", "mine\n");
    ok(new ReadFile(daemons), reading, chat.next());
    Files.writeString(file, "alpha\ngamma\n");
    assertThat(failure(new EditFiles(daemons), editing, chat.next()))
        .contains("changed by somebody else", "2\tgamma");
    assertThat(failure(new WriteFile(daemons), writing, chat.next()))
        .contains("changed by somebody else");
    assertThat(file).hasContent("alpha\ngamma\n");
    ok(new ReadFile(daemons), reading, chat.next());
    ok(new EditFiles(daemons), editing, chat.next());
    ok(new WriteFile(daemons), writing, chat.next());
    assertThat(file).hasContent("mine\n");
  }

  @Test
  void commandAnswersExitCodeAndOutput() throws Exception {
    JsonNode done = ok(new Execute(daemons), command("echo out; echo err >&2; exit 3"));
    assertThat(done.get("exit_code").asInt()).isEqualTo(3);
    assertThat(done.get("output").asString()).isEqualTo("out\nerr\n");
    assertThat(done.has("process_id")).isFalse();
    assertThat(done.has("truncated")).isFalse();
  }

  @Test
  void commandOverItsTimeoutGoesOnInTheBackground() throws Exception {
    JsonNode started =
        ok(
            new Execute(daemons),
            new Execute.Input(
                "echo begun; sleep 30", Optional.empty(), Optional.of(1), Optional.empty()));
    assertThat(started.get("output").asString()).isEqualTo("begun\n");
    String id = started.get("process_id").asString();
    JsonNode listed = ok(new ListProcesses(daemons), new ListProcesses.Input());
    assertThat(listed.get("processes").get(0).get("process_id").asString()).isEqualTo(id);
    JsonNode ended = ok(new SignalProcess(daemons), new SignalProcess.Input(id, Signal.SIGTERM));
    assertThat(ended.get("running").asBoolean()).isFalse();
    assertThat(ended.get("exit_code").asInt()).isEqualTo(143);
    JsonNode output = ok(new ReadProcess(daemons), new ReadProcess.Input(id, Optional.of(0)));
    assertThat(output.get("running").asBoolean()).isFalse();
  }

  @Test
  void unknownProcessIsAnUnknownOutcome() throws Exception {
    ToolResult result =
        run(
            new ReadProcess(daemons),
            new ReadProcess.Input(dev.warren.protocol.UuidV7.next().toString(), Optional.empty()));
    assertThat(result.error()).isTrue();
    assertThat(result.output().get("outcome").asString()).isEqualTo("unknown");
  }

  @Test
  void longOutputKeepsHeadTailAndErrors() throws Exception {
    JsonNode done =
        ok(
            new Execute(daemons),
            command(
                "echo first; seq 1 60000; echo 'main.c:7: error: broken'; seq 1 60000; echo last"));
    String output = done.get("output").asString();
    assertThat(done.get("truncated").asBoolean()).isTrue();
    assertThat(output).startsWith("first\n").endsWith("last\n").contains("main.c:7: error: broken");
    assertThat(output.length()).isLessThan(18_000);
    String path = output.replaceAll("(?s).*all of it: (\\S+)].*", "$1");
    assertThat(Files.readString(Path.of(path))).contains("\n33333\n");
  }

  @Test
  void callThatIsExecutedAgainRunsOnce() throws Exception {
    CallContext first = CallContext.fresh();
    Execute tool = new Execute(daemons);
    Execute.Input input = command("echo ran >> ~/ran; echo done");
    tool.execute(first, input);
    daemon.restart();
    ToolResult again = tool.execute(first.takenOver(), input);
    assertThat(again.output().get("output").asString()).isEqualTo("done\n");
    assertThat(daemon.home().resolve("ran")).hasContent("ran\n");
  }

  @Test
  void callIsNotStartedAgainOnAnotherStore() throws Exception {
    CallContext first = CallContext.fresh();
    Execute tool = new Execute(daemons);
    Execute.Input input = command("echo ran >> ~/ran");
    tool.execute(first, input);
    daemon.loseStore();
    assertThatThrownBy(() -> tool.execute(first.takenOver(), input))
        .isInstanceOfSatisfying(
            ToolFailure.class,
            failure ->
                assertThat(failure.result().output().get("outcome").asString())
                    .isEqualTo("unknown"));
    assertThat(daemon.home().resolve("ran")).hasContent("ran\n");
  }

  @Test
  void formerOwnerOfTheChatIsRefused() throws Exception {
    CallContext old = CallContext.fresh();
    CallContext later = old.takenOver();
    ok(new WriteFile(daemons), new WriteFile.Input("~/x", "new"), later);
    assertThat(failure(new WriteFile(daemons), new WriteFile.Input("~/x", "old"), old))
        .contains("lease");
  }

  @Test
  void cancelEndsTheCommandWithAllItStarted() throws Exception {
    CallContext context = CallContext.fresh();
    Execute tool = new Execute(daemons);
    Execute.Input input =
        new Execute.Input(
            "(trap '' TERM; sleep 31.7) & sleep 31.7",
            Optional.empty(),
            Optional.of(1),
            Optional.empty());
    tool.execute(context, input);
    ToolResult cancelled = tool.cancel(context, input);
    assertThat(cancelled.output().get("error").asString()).contains("was ended");
    long left =
        ProcessHandle.allProcesses()
            .filter(process ->
                process
                    .info()
                    .arguments()
                    .filter(a -> a.length > 0 && a[0].equals("31.7"))
                    .isPresent())
            .count();
    assertThat(left).isZero();
  }

  @Test
  void cancelBeforeTheStartKeepsItFromStarting() throws Exception {
    CallContext context = CallContext.fresh();
    Execute tool = new Execute(daemons);
    Execute.Input input = command("echo ran >> ~/ran");
    assertThat(tool.cancel(context, input).output().get("error").asString()).contains("before");
    assertThat(failure(tool, input, context)).contains("cancelled");
    assertThat(daemon.home().resolve("ran")).doesNotExist();
  }

  @Test
  void outputIsPreviewedWhileTheCommandRuns() throws Exception {
    CallContext context = CallContext.fresh();
    new Execute(daemons).execute(context, command("for i in 1 2 3; do echo $i; sleep 0.4; done"));
    assertThat(context.previews().toString()).startsWith("1\n");
  }

  @Test
  void descriptionsAndSchemasAreSmall() {
    ToolRegistry registry = new ToolRegistry(WorkspaceTools.all(daemons));
    int total = 0;
    for (var spec : registry.specs(java.util.Set.of())) {
      int chars = spec.description().length();
      total += chars + spec.inputSchema().toString().length();
      System.out.printf(
          "%-16s description %4d, schema %4d characters%n",
          spec.name(), chars, spec.inputSchema().toString().length());
      assertThat(chars).as(spec.name()).isLessThan(1_000);
    }
    assertThat(registry.names()).hasSize(7);
    // About four characters a token.
    assertThat(total).isLessThan(7 * 250 * 4);
  }

  private static EditFiles.Edit edit(String path, String oldText, String newText) {
    return new EditFiles.Edit(path, oldText, newText, Optional.empty());
  }

  private static Execute.Input command(String command) {
    return new Execute.Input(command, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static <I extends Record> ToolResult run(Tool<I> tool, I input)
      throws InterruptedException {
    return run(tool, input, CallContext.fresh());
  }

  private static <I extends Record> ToolResult run(Tool<I> tool, I input, ToolContext context)
      throws InterruptedException {
    try {
      return tool.execute(context, input);
    } catch (ToolFailure failure) {
      return failure.result();
    }
  }

  private static <I extends Record> JsonNode ok(Tool<I> tool, I input) throws InterruptedException {
    return ok(tool, input, CallContext.fresh());
  }

  private static <I extends Record> JsonNode ok(Tool<I> tool, I input, ToolContext context)
      throws InterruptedException {
    ToolResult result = run(tool, input, context);
    assertThat(result.error()).as(result.output().toString()).isFalse();
    return result.output();
  }

  private static <I extends Record> String failure(Tool<I> tool, I input)
      throws InterruptedException {
    return failure(tool, input, CallContext.fresh());
  }

  private static <I extends Record> String failure(Tool<I> tool, I input, ToolContext context)
      throws InterruptedException {
    ToolResult result = run(tool, input, context);
    assertThat(result.error()).as(result.output().toString()).isTrue();
    return result.output().get("error").asString();
  }
}
