package dev.warren.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.UuidV7;
import dev.warren.protocol.daemon.DaemonHeaders;
import dev.warren.protocol.daemon.DaemonProblems;
import dev.warren.protocol.daemon.ProcessSignal;
import dev.warren.protocol.daemon.ProcessStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class CommandsTest {
  @TempDir Path folder;
  private SocketDaemon daemon;
  private Caller caller;

  @BeforeEach
  void start() throws IOException {
    daemon = new SocketDaemon(folder, Clock.systemUTC());
    caller = SocketDaemon.caller(folder);
  }

  @AfterEach
  void stop() throws IOException {
    for (JsonNode process : caller.get("/v1/processes").json().get("processes")) {
      UUID id = UUID.fromString(process.get("id").asString());
      caller.post("/v1/outcomes/" + id + "/cancel", id, Map.of());
    }
    daemon.close();
  }

  @Test
  void commandRunsWithDefaultSignalsItsOwnSessionAndNoDescriptors() throws Exception {
    String output =
        run(
            "grep -E 'SigIgn|SigBlk' /proc/self/status; ls /proc/self/fd | wc -l; ps -o sid= -p $$");
    assertThat(output)
        .contains("SigBlk:\t0000000000000000")
        .contains("SigIgn:\t0000000000000000")
        // 0, 1, 2 and the folder that ls reads.
        .contains("\n4\n");
  }

  @Test
  void commandNeverWaitsForAPersonAndKnowsNothingOfTheDaemon() throws Exception {
    String output =
        run(
            "env | sort; cat; git -c core.editor=true --version >/dev/null;"
                + " $EDITOR x; echo editor $?");
    assertThat(output)
        .contains("PAGER=cat\n")
        .contains("GIT_TERMINAL_PROMPT=0\n")
        .contains("no editor here")
        .doesNotContain("JAVA_")
        .doesNotContain("WARREN_TOKEN");
  }

  @Test
  void commandCommitsAsTheOwner() throws Exception {
    daemon.daemon().gitIdentity(new dev.warren.daemon.process.GitIdentity("Ada", "ada@x.org"));
    String output =
        run(
            "git init -q r && cd r && git commit -q --allow-empty -m m && git log --format='%an %ae %cn %ce'");
    assertThat(output).contains("Ada ada@x.org Ada ada@x.org\n");
  }

  @Test
  void sameIdAttachesAndAnotherCommandWithItIsRefused() throws Exception {
    UUID id = UuidV7.next();
    ProcessStart start = start(id, "echo x >> ~/ran; sleep 0.3");
    assertThat(caller.post("/v1/processes", id, start).status()).isEqualTo(200);
    assertThat(caller.post("/v1/processes", id, start).status()).isEqualTo(200);
    Caller.Answer other = caller.post("/v1/processes", id, start(id, "echo y"));
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.json().get("type").asString()).isEqualTo(DaemonProblems.INPUT);
    end(id);
    assertThat(folder.resolve("home/ran")).hasContent("x");
  }

  @Test
  void cancelledIdNeverStarts() throws Exception {
    UUID id = UuidV7.next();
    JsonNode outcome = caller.post("/v1/outcomes/" + id + "/cancel", id, Map.of()).json();
    assertThat(outcome.get("state").asString()).isEqualTo("cancelled");
    Caller.Answer refused = caller.post("/v1/processes", id, start(id, "echo x >> ~/ran"));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().get("type").asString()).isEqualTo(DaemonProblems.CANCELLED);
    assertThat(folder.resolve("home/ran")).doesNotExist();
  }

  @Test
  void lowerLeaseAndOtherStoreAreRefusedAlsoAfterARestart() throws Exception {
    UUID chat = UuidV7.next();
    UUID id = UuidV7.next();
    assertThat(
            caller
                .post(
                    "/v1/processes",
                    id,
                    start(id, "true"),
                    Map.of(DaemonHeaders.LEASE, chat + "/7"))
                .status())
        .isEqualTo(200);
    restart();
    UUID late = UuidV7.next();
    Caller.Answer fenced =
        caller.post(
            "/v1/processes", late, start(late, "true"), Map.of(DaemonHeaders.LEASE, chat + "/6"));
    assertThat(fenced.status()).isEqualTo(409);
    assertThat(fenced.json().get("type").asString()).isEqualTo(DaemonProblems.LEASE);
    Caller.Answer wrongStore =
        caller.post(
            "/v1/processes",
            late,
            start(late, "true"),
            Map.of(DaemonHeaders.STORE, UUID.randomUUID().toString()));
    assertThat(wrongStore.json().get("type").asString()).isEqualTo(DaemonProblems.STORE);
    assertThat(wrongStore.headers().one(DaemonHeaders.STORE))
        .contains(daemon.daemon().storeId().toString());
  }

  @Test
  void idOlderThanTheStoreRemembersIsGone() throws Exception {
    UUID old = UuidV7.at(Instant.now().minus(Duration.ofDays(8)).toEpochMilli());
    assertThat(caller.post("/v1/processes", old, start(old, "true")).status()).isEqualTo(410);
    UUID random = UUID.randomUUID();
    assertThat(caller.post("/v1/processes", random, start(random, "true")).status()).isEqualTo(400);
  }

  @Test
  void outcomeIsForgottenAfterSevenDays() throws Exception {
    UUID id = UuidV7.next();
    caller.post("/v1/processes", id, start(id, "true"));
    end(id);
    daemon.close();
    Instant later = Instant.now().plus(Duration.ofDays(7)).plusSeconds(60);
    daemon = new SocketDaemon(folder, Clock.fixed(later, ZoneOffset.UTC));
    assertThat(caller.get("/v1/processes/" + id).status()).isEqualTo(410);
    try (var left = Files.list(folder.resolve("state/effects"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void runningCommandIsFoundAgainAfterARestart() throws Exception {
    UUID id = UuidV7.next();
    caller.post("/v1/processes", id, start(id, "echo a; sleep 1; echo b; exit 4"));
    restart();
    JsonNode output = end(id);
    assertThat(output.get("head").asString()).isEqualTo("a\nb\n");
    assertThat(output.get("process").get("exit_code").asInt()).isEqualTo(4);
  }

  @Test
  void acceptedCommandThatDidNotBeginIsStartedByTheNextDaemonOnce() throws Exception {
    UUID id = UuidV7.next();
    caller.post("/v1/processes", id, start(id, "echo ran >> ~/ran"));
    end(id);
    daemon.close();
    // The state in which a kill between the acceptance and the start leaves the disk.
    Path effect = folder.resolve("state/effects/" + id);
    Files.delete(effect.resolve("lock"));
    byte[] empty = (" ".repeat(63) + "\n").getBytes();
    Files.write(effect.resolve("pid"), empty);
    Files.write(effect.resolve("code"), empty);
    Files.delete(folder.resolve("home/ran"));
    daemon = new SocketDaemon(folder, Clock.systemUTC());
    assertThat(end(id).get("process").get("exit_code").asInt()).isZero();
    restart();
    assertThat(end(id).get("process").get("exit_code").asInt()).isZero();
    assertThat(folder.resolve("home/ran")).hasContent("ran");
  }

  @Test
  void commandWhoseWrapperIsKilledHasAnUnknownOutcomeAndLeavesNothing() throws Exception {
    UUID id = UuidV7.next();
    caller.post("/v1/processes", id, start(id, "echo $PPID; sleep 97.1"));
    String pid =
        caller
            .get("/v1/processes/" + id + "/output?wait_ms=5000&seen_bytes=0")
            .json()
            .get("head")
            .asString()
            .strip();
    ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
    assertThat(end(id).get("process").get("status").asString()).isEqualTo("unknown");
    assertThat(sleepers("97.1")).isZero();
    restart();
    assertThat(caller.get("/v1/outcomes/" + id).json().get("state").asString())
        .isEqualTo("unknown");
  }

  @Test
  void killEndsTheWholeTree() throws Exception {
    UUID id = UuidV7.next();
    String stubborn = "trap '' TERM HUP INT; sleep 96.2 & sleep 96.2";
    caller.post(
        "/v1/processes",
        id,
        start(
            id,
            "setsid sh -c \"%s\" & (setsid setsid sleep 96.2 &) ; env -i setsid sleep 96.2 & trap '' TERM; echo up; sleep 96.2"
                .formatted(stubborn)));
    caller.get("/v1/processes/" + id + "/output?wait_ms=5000&seen_bytes=0");
    awaitSleepers("96.2", 5);
    JsonNode state =
        caller
            .post(
                "/v1/processes/" + id + "/signal",
                UuidV7.next(),
                new ProcessSignal(ProcessSignal.Signal.SIGKILL))
            .json();
    assertThat(state.get("status").asString()).isEqualTo("killed");
    assertThat(state.get("exit_code").asInt()).isEqualTo(137);
    assertThat(sleepers("96.2")).isZero();
  }

  @Test
  void hugeOutputKeepsItsEndsAndLittleDisk() throws Exception {
    UUID id = UuidV7.next();
    caller.post(
        "/v1/processes",
        id,
        start(
            id, "echo first; head -c 200000000 /dev/zero | tr '\\0' 'x' | fold -w 99; echo last"));
    JsonNode output = end(id);
    assertThat(output.get("head").asString()).startsWith("first\nxxx").hasSize(16 * 1024);
    assertThat(output.get("tail").asString()).endsWith("last\n");
    long omitted = output.get("omitted_bytes").asLong();
    long total = output.get("process").get("output_bytes").asLong();
    assertThat(omitted)
        .isEqualTo(
            total
                - output.get("head").asString().length()
                - output.get("tail").asString().length());
    Path file = Path.of(output.get("process").get("output_path").asString());
    long blocks = ((Number) Files.getAttribute(file, "unix:size")).longValue();
    assertThat(blocks).isEqualTo(total);
    Process du = new ProcessBuilder("du", "-k", file.toString()).start();
    long onDiskKib = Long.parseLong(new String(du.getInputStream().readAllBytes()).split("\t")[0]);
    System.out.printf("output of %d bytes takes %d KiB on the disk%n", total, onDiskKib);
    assertThat(onDiskKib).isLessThan(16 * 1024);
  }

  @Test
  void outputIsTextWhateverBytesTheCommandWrites() throws Exception {
    String output = run("printf 'a\\000b\\377c\\303'");
    assertThat(output).isEqualTo("a\ufffdb\ufffdc\ufffd");
  }

  @Test
  void longCommandRunsFromAFile() throws Exception {
    String output = run("x='" + "y".repeat(200_000) + "'; echo ${#x}");
    assertThat(output).isEqualTo("200000\n");
  }

  @Test
  void badCommandsAreRefusedPlainly() throws Exception {
    UUID id = UuidV7.next();
    Caller.Answer noFolder =
        caller.post(
            "/v1/processes",
            id,
            new ProcessStart(id, "true", Optional.of("/no/such"), Optional.empty()));
    assertThat(noFolder.status()).isEqualTo(400);
    assertThat(noFolder.json().get("errors").get(0).get("field").asString()).isEqualTo("workdir");
    Caller.Answer missing = caller.post("/v1/processes", id, Map.of("id", id));
    assertThat(missing.json().get("errors").get(0).get("field").asString()).isEqualTo("command");
    assertThat(caller.get("/v1/outcomes/" + id).json().get("state").asString()).isEqualTo("absent");
  }

  private void restart() throws IOException {
    daemon.close();
    daemon = new SocketDaemon(folder, Clock.systemUTC());
  }

  private String run(String command) throws IOException {
    UUID id = UuidV7.next();
    Caller.Answer started = caller.post("/v1/processes", id, start(id, command));
    assertThat(started.status()).as(started.text()).isEqualTo(200);
    JsonNode output = end(id);
    return output.get("head").asString() + output.get("tail").asString();
  }

  private JsonNode end(UUID id) throws IOException {
    for (int i = 0; i < 10; i++) {
      JsonNode output = caller.get("/v1/processes/" + id + "/output?wait_ms=10000").json();
      if (!output.get("process").get("status").asString().equals("running")) {
        return output;
      }
    }
    throw new AssertionError("process " + id + " does not end");
  }

  private static ProcessStart start(UUID id, String command) {
    return new ProcessStart(id, command, Optional.empty(), Optional.empty());
  }

  private static long sleepers(String seconds) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").endsWith("sleep " + seconds))
        .count();
  }

  private static void awaitSleepers(String seconds, int count) {
    Instant deadline = Instant.now().plusSeconds(10);
    while (sleepers(seconds) < count && Instant.now().isBefore(deadline)) {
      Thread.onSpinWait();
    }
    assertThat(sleepers(seconds)).isGreaterThanOrEqualTo(count);
  }
}
