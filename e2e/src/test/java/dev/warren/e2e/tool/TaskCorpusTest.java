package dev.warren.e2e.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warren.protocol.daemon.ProcessSignal.Signal;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolFailure;
import dev.warren.server.tool.ToolResult;
import dev.warren.server.tool.workspace.Daemons;
import dev.warren.server.tool.workspace.EditFiles;
import dev.warren.server.tool.workspace.Execute;
import dev.warren.server.tool.workspace.ListProcesses;
import dev.warren.server.tool.workspace.ReadFile;
import dev.warren.server.tool.workspace.SignalProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Programming tasks from a corpus that lies beside the repository (`WARREN_CORPUS`, else
/// `../shared/corpus`), solved through the tools as an agent would, with its detours; what a task's
/// own `verify.sh` says of the result decides. Skipped without the corpus.
class TaskCorpusTest {
  @TempDir Path folder;
  private DaemonInProcess daemon;
  private Daemons daemons;
  private CallContext chat = CallContext.fresh();

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
  void everyTaskIsSolvedThroughTheTools() throws Exception {
    String named = System.getenv("WARREN_CORPUS");
    Path root = Path.of("").toAbsolutePath().getParent();
    Path tasks =
        (named == null ? root.resolve("../shared/corpus") : Path.of(named)).resolve("tasks");
    assumeTrue(Files.isDirectory(tasks), "no corpus of tasks; WARREN_CORPUS names its folder");
    List<String> solved = new ArrayList<>();
    try (Stream<Path> all = Files.list(tasks)) {
      for (Path task : all.filter(Files::isDirectory).sorted().toList()) {
        solve(new Task(task.toRealPath(), daemon.home().resolve(task.getFileName())));
        solved.add(task.getFileName().toString());
      }
    }
    System.out.println("solved through the tools: " + solved);
    assertThat(solved).isNotEmpty();
  }

  /// @param source its folder in the corpus
  /// @param work where it is worked on
  private record Task(Path source, Path work) {
    String file() throws IOException {
      try (Stream<Path> oracle = Files.list(source.resolve("oracle"))) {
        return oracle.findFirst().orElseThrow().getFileName().toString();
      }
    }

    String oracle() throws IOException {
      return Files.readString(source.resolve("oracle").resolve(file()));
    }

    String tests() throws IOException {
      return "python3 -m unittest -q " + file().replace(".py", "_test");
    }

    /// A command line of one of its scripts.
    String script(String name) {
      return "bash '%s' '%s'".formatted(source.resolve(name), work);
    }
  }

  private void solve(Task task) throws Exception {
    chat = CallContext.fresh();
    String path = task.work().resolve(task.file()).toString();
    assertThat(exitCode("mkdir '%s' && %s".formatted(task.work(), task.script("setup.sh"))))
        .isZero();
    assertThat(exitCode(task.script("verify.sh"))).isNotZero();

    // A folder that is not there, and a helper that is left running.
    assertThat(failure(new Execute(daemons), command(task.tests(), Optional.of("~/nowhere"))))
        .contains("nowhere");
    String helper =
        ok(
                new Execute(daemons),
                new Execute.Input(
                    "sleep 600", Optional.empty(), Optional.empty(), Optional.of(true)))
            .path("process_id")
            .asString();

    // An edit of what is not there shows what is.
    String stub = Files.readString(Path.of(path));
    String first = stub.lines().findFirst().orElseThrow();
    assertThat(failure(new EditFiles(daemons), edit(path, first + "  # to do\n    raise", "x")))
        .contains("1\t" + first);
    JsonNode read =
        ok(new ReadFile(daemons), new ReadFile.Input(path, Optional.empty(), Optional.empty()));
    assertThat(read.path("content").asString()).startsWith("1\t" + first);

    // A first try with one line missing: the tests say so, at the end of much other output.
    String oracle = task.oracle();
    List<String> lines = oracle.lines().toList();
    int wrong =
        IntStream.range(0, lines.size())
            .filter(i -> isWholeReturn(lines.get(i)))
            .reduce((_, last) -> last)
            .orElseThrow();
    String right = lines.get(wrong);
    String later = right.replaceAll("\\S.*", "raise NotImplementedError('later')");
    List<String> unfinished = new ArrayList<>(lines);
    unfinished.set(wrong, later);
    ok(new EditFiles(daemons), edit(path, stub.strip(), String.join("\n", unfinished)));
    JsonNode failed =
        ok(
            new Execute(daemons),
            command("seq 1 30000; " + task.tests(), Optional.of(task.work().toString())));
    assertThat(failed.path("exit_code").asInt(-1)).isNotZero();
    assertThat(failed.path("truncated").asBoolean()).isTrue();
    assertThat(failed.path("output").asString()).contains("NotImplementedError: later");

    // The line in its place, copied with blanks behind it and too far left.
    int above =
        IntStream.range(0, wrong)
            .filter(i -> !lines.get(i).isBlank())
            .reduce((_, last) -> last)
            .orElseThrow();
    ok(
        new EditFiles(daemons),
        edit(
            path,
            farLeft(unfinished.subList(above, wrong + 1)).replace("\n", "  \n"),
            farLeft(lines.subList(above, wrong + 1))));
    assertThat(Files.readString(Path.of(path)).strip()).isEqualTo(oracle.strip());
    JsonNode passed =
        ok(new Execute(daemons), command(task.tests(), Optional.of(task.work().toString())));
    assertThat(passed.path("exit_code").asInt(-1)).as(passed.toString()).isZero();

    assertThat(
            ok(new ListProcesses(daemons), new ListProcesses.Input())
                .at("/processes/0/process_id")
                .asString())
        .isEqualTo(helper);
    ok(new SignalProcess(daemons), new SignalProcess.Input(helper, Signal.SIGTERM));
    assertThat(exitCode(task.script("verify.sh"))).isZero();
  }

  /// Lines without the indentation that they have in common.
  private static String farLeft(List<String> lines) {
    return String.join("\n", lines).stripIndent();
  }

  private static boolean isWholeReturn(String line) {
    return line.matches("\\s+return .*")
        && line.replaceAll("[^(\\[{]", "").length() == line.replaceAll("[^)\\]}]", "").length();
  }

  private int exitCode(String command) throws InterruptedException {
    return ok(new Execute(daemons), command(command, Optional.empty())).path("exit_code").asInt(-1);
  }

  private static Execute.Input command(String command, Optional<String> workdir) {
    return new Execute.Input(command, workdir, Optional.of(60), Optional.empty());
  }

  private static EditFiles.Input edit(String path, String oldText, String newText) {
    return new EditFiles.Input(
        List.of(new EditFiles.Edit(path, oldText, newText, Optional.empty())));
  }

  private <I extends Record> JsonNode ok(Tool<I> tool, I input) throws InterruptedException {
    ToolResult result = run(tool, input);
    assertThat(result.error()).as(result.output().toString()).isFalse();
    return result.output();
  }

  private <I extends Record> String failure(Tool<I> tool, I input) throws InterruptedException {
    ToolResult result = run(tool, input);
    assertThat(result.error()).as(result.output().toString()).isTrue();
    return result.output().path("error").asString();
  }

  private <I extends Record> ToolResult run(Tool<I> tool, I input) throws InterruptedException {
    try {
      chat = chat.next();
      return tool.execute(chat, input);
    } catch (ToolFailure failure) {
      return failure.result();
    }
  }
}
