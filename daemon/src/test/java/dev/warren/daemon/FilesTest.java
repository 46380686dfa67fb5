package dev.warren.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.UuidV7;
import dev.warren.protocol.daemon.DaemonProblems;
import dev.warren.protocol.daemon.FileEdits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class FilesTest {
  @TempDir Path folder;
  private Path home;
  private SocketDaemon daemon;
  private Caller caller;

  @BeforeEach
  void start() throws IOException {
    daemon = new SocketDaemon(folder, Clock.systemUTC());
    caller = SocketDaemon.caller(folder);
    home = folder.resolve("home");
  }

  @AfterEach
  void stop() throws IOException {
    daemon.close();
    try (var left = Files.walk(home)) {
      assertThat(left.map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.startsWith(".warren-"));
    }
  }

  @Test
  void putCreatesFoldersAndKeepsModeAndSymlink() throws IOException {
    assertThat(put("~/a/b/new", "x").json().get("created").asBoolean()).isTrue();
    Path script = Files.writeString(home.resolve("run.sh"), "old");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-x--x"));
    Path link = Files.createSymbolicLink(home.resolve("link"), Path.of("run.sh"));
    assertThat(put("~/link", "new").json().get("created").asBoolean()).isFalse();
    assertThat(link).isSymbolicLink();
    assertThat(script).hasContent("new");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(script)))
        .isEqualTo("rwxr-x--x");
  }

  @Test
  void sameIdAnswersTheSameAndTakesEffectOnce() throws IOException {
    Path file = Files.writeString(home.resolve("f"), "a\nb\n");
    UUID id = UuidV7.next();
    FileEdits edits = edits(edit("~/f", "a", "a\na"));
    Caller.Answer first = caller.post("/v1/files/edits", id, edits);
    Caller.Answer again = caller.post("/v1/files/edits", id, edits);
    assertThat(again.text()).isEqualTo(first.text());
    assertThat(file).hasContent("a\na\nb\n");
    assertThat(
            caller
                .post("/v1/files/edits", id, edits(edit("~/f", "b", "c")))
                .json()
                .get("type")
                .asString())
        .isEqualTo(DaemonProblems.INPUT);
    JsonNode outcome = caller.get("/v1/outcomes/" + id).json();
    assertThat(outcome.get("state").asString()).isEqualTo("done");
    assertThat(outcome.get("answer")).isEqualTo(first.json());
    assertThat(caller.send("DELETE", "/v1/outcomes/" + id, caller.fences(id), new byte[0]).status())
        .isEqualTo(204);
    assertThat(caller.get("/v1/outcomes/" + id).json().get("state").asString()).isEqualTo("absent");
  }

  @Test
  void decidedChangeIsFinishedAfterACrashAndAnUndecidedOneIsSwept() throws IOException {
    Path done = Files.writeString(home.resolve("done"), "old");
    Path undecided = Files.writeString(home.resolve("undecided"), "old");
    UUID decidedId = UuidV7.next();
    put("~/done", "new", decidedId);
    daemon.close();
    // The state in which a kill between record and rename leaves the disk.
    Files.writeString(done, "old");
    Files.writeString(home.resolve(".warren-" + decidedId + "-0.tmp"), "new");
    UUID staged = UuidV7.next();
    Path orphan = Files.writeString(home.resolve(".warren-" + staged + "-0.tmp"), "half");
    Files.writeString(folder.resolve("state/effects/" + staged + ".staging"), orphan.toString());
    daemon = new SocketDaemon(folder, Clock.systemUTC());
    assertThat(done).hasContent("new");
    assertThat(undecided).hasContent("old");
    assertThat(orphan).doesNotExist();
    assertThat(caller.get("/v1/outcomes/" + staged).json().get("state").asString())
        .isEqualTo("absent");
  }

  @Test
  void oneEditThatDoesNotFitLeavesAllFilesAlone() throws IOException {
    Path a = Files.writeString(home.resolve("a"), "one\n");
    Path b = Files.writeString(home.resolve("b"), "two\n");
    Caller.Answer answer =
        caller.post(
            "/v1/files/edits",
            UuidV7.next(),
            edits(edit("~/a", "one", "1"), edit("~/b", "three", "3"), edit("~/none", "x", "y")));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().get("errors")).hasSize(2);
    assertThat(a).hasContent("one\n");
    assertThat(b).hasContent("two\n");
  }

  @Test
  void editsKeepLineEndsMarkAndForeignBytes() throws IOException {
    Path windows = home.resolve("w");
    Files.writeString(windows, "\ufeffone\r\ntwo\r\nthree");
    caller.post("/v1/files/edits", UuidV7.next(), edits(edit("~/w", "one\ntwo\n", "1\n2\n2b\n")));
    assertThat(Files.readString(windows)).isEqualTo("\ufeff1\r\n2\r\n2b\r\nthree");
    Path latin = home.resolve("l");
    Files.write(latin, "caf\u00e9 one\ntwo\n".getBytes(StandardCharsets.ISO_8859_1));
    caller.post("/v1/files/edits", UuidV7.next(), edits(edit("~/l", "two", "2")));
    assertThat(Files.readAllBytes(latin))
        .isEqualTo("caf\u00e9 one\n2\n".getBytes(StandardCharsets.ISO_8859_1));
    JsonNode lines = caller.get("/v1/files/lines?path=~/l").json().get("lines");
    assertThat(lines.get(0).asString()).isEqualTo("caf\ufffd one");
  }

  @Test
  void editsOfOneFileApplyInOrderThroughItsSymlinkToo() throws IOException {
    Path file = Files.writeString(home.resolve("f"), "a\n");
    Files.createSymbolicLink(home.resolve("link"), Path.of("f"));
    Caller.Answer answer =
        caller.post(
            "/v1/files/edits",
            UuidV7.next(),
            edits(edit("~/f", "a", "b"), edit("~/link", "b", "c")));
    assertThat(answer.json().get("files")).hasSize(1);
    assertThat(file).hasContent("c\n");
  }

  @Test
  void textIsReadByLinesAndBinaryAndHugeFilesAreRefused() throws IOException {
    Files.writeString(home.resolve("t"), "a\r\n\nc");
    JsonNode lines = caller.get("/v1/files/lines?path=~/t&offset=1&limit=9").json();
    assertThat(lines.get("lines").toString()).isEqualTo("[\"a\",\"\",\"c\"]");
    assertThat(lines.get("total_lines").asInt()).isEqualTo(3);
    Files.write(home.resolve("b"), new byte[] {'a', 0});
    assertThat(caller.get("/v1/files/lines?path=~/b").status()).isEqualTo(415);
    Files.write(home.resolve("h"), new byte[1024 * 1024 + 1]);
    assertThat(caller.get("/v1/files/lines?path=~/h").status()).isEqualTo(413);
    assertThat(caller.get("/v1/files/lines?path=~").status()).isEqualTo(400);
    assertThat(caller.get("/v1/files/lines?path=/dev/zero").status()).isEqualTo(400);
    assertThat(caller.get("/v1/files/lines?path=~/none").status()).isEqualTo(404);
  }

  @Test
  void foldersAreListedByNameWithTheirKinds() throws IOException {
    Files.createDirectory(home.resolve("d"));
    Files.writeString(home.resolve("a"), "x");
    Files.createSymbolicLink(home.resolve("l"), Path.of("nowhere"));
    JsonNode entries = caller.get("/v1/files/list?path=~").json().get("entries");
    assertThat(entries.findValuesAsString("kind")).containsExactly("file", "directory", "symlink");
    assertThat(entries.get(2).get("target").asString()).isEqualTo("nowhere");
    assertThat(entries.get(0).get("mode").asString()).isEqualTo("0644");
  }

  @Test
  void hundredFilesChangeTogether() throws IOException {
    FileEdits.Edit[] edits = new FileEdits.Edit[100];
    for (int i = 0; i < edits.length; i++) {
      Files.writeString(home.resolve("f" + i), "old " + i + "\n");
      edits[i] = edit("~/f" + i, "old", "new");
    }
    assertThat(caller.post("/v1/files/edits", UuidV7.next(), edits(edits)).status()).isEqualTo(200);
    assertThat(home.resolve("f99")).hasContent("new 99\n");
  }

  @Test
  void fullDiskIsToldAndChangesNothing() throws Exception {
    Path mount = Files.createDirectory(folder.resolve("small"));
    Process made =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", mount.toString())
            .redirectErrorStream(true)
            .start();
    org.junit.jupiter.api.Assumptions.assumeTrue(
        made.waitFor() == 0, "only root may mount a small file system");
    try {
      Files.writeString(mount.resolve("f"), "kept");
      Caller.Answer answer =
          caller.put(mount.resolve("f").toString(), UuidV7.next(), new byte[200_000]);
      assertThat(answer.status()).as(answer.text()).isEqualTo(507);
      assertThat(mount.resolve("f")).hasContent("kept");
      try (var left = Files.list(mount)) {
        assertThat(left).hasSize(1);
      }
    } finally {
      new ProcessBuilder("umount", mount.toString()).start().waitFor();
    }
  }

  @Test
  void listeningPortsNameTheirProcess() throws Exception {
    try (java.net.ServerSocket socket =
        new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      JsonNode ports = caller.get("/v1/ports").json().get("ports");
      List<JsonNode> ours =
          ports
              .valueStream()
              .filter(port -> port.get("port").asInt() == socket.getLocalPort())
              .toList();
      assertThat(ours).hasSize(1);
      assertThat(ours.getFirst().get("process").asString()).isEqualTo("java");
    }
  }

  private Caller.Answer put(String path, String content) throws IOException {
    return put(path, content, UuidV7.next());
  }

  private Caller.Answer put(String path, String content, UUID id) throws IOException {
    Caller.Answer answer = caller.put(path, id, content.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer;
  }

  private static FileEdits edits(FileEdits.Edit... edits) {
    return new FileEdits(List.of(edits));
  }

  private static FileEdits.Edit edit(String path, String oldText, String newText) {
    return new FileEdits.Edit(path, oldText, newText, Optional.empty());
  }
}
