package dev.warren.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.UuidV7;
import dev.warren.protocol.daemon.DaemonProblems;
import dev.warren.protocol.daemon.FileEdits;
import dev.warren.protocol.daemon.ProcessStart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A chat and somebody else change the same files.
class StaleFilesTest {
  private static final String BEFORE = "one\ntwo\nthree\nfour\nfive\n";
  private static final String BY_ANOTHER = "one\ntwo\nthree\nfour\nFIVE\n";

  @TempDir Path folder;
  private SocketDaemon daemon;
  private Caller chat;
  private Path file;

  @BeforeEach
  void start() throws IOException {
    daemon = new SocketDaemon(folder, Clock.systemUTC());
    chat = SocketDaemon.caller(folder);
    file = Files.writeString(folder.resolve("home/f"), BEFORE);
  }

  @AfterEach
  void stop() throws IOException {
    daemon.close();
  }

  @Test
  void editOfAFileThatAnotherChangedIsRefusedWithItsLinesUntilItIsReadAgain() throws IOException {
    read(chat);
    Files.writeString(file, BY_ANOTHER);
    Caller.Answer refused = edit(chat, "two", "2");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().get("errors").get(0).get("detail").asString())
        .contains("changed by somebody else", "\n2\ttwo", "\n5\tFIVE");
    assertThat(file).hasContent(BY_ANOTHER);
    read(chat);
    assertThat(edit(chat, "two", "2").status()).isEqualTo(200);
    assertThat(file).hasContent("one\n2\nthree\nfour\nFIVE\n");
  }

  @Test
  void fileThatAnotherChangedIsNotReplacedUntilItIsReadAgain() throws IOException {
    read(chat);
    Files.writeString(file, BY_ANOTHER);
    Caller.Answer refused = write(chat, "mine");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().get("type").asString()).isEqualTo(DaemonProblems.STALE);
    assertThat(file).hasContent(BY_ANOTHER);
    read(chat);
    assertThat(write(chat, "mine").status()).isEqualTo(200);
  }

  @Test
  void lenientMatchAndReplaceAllAreRefusedInAStaleFileAndAnExactTextOfTwoLinesIsNot()
      throws IOException {
    read(chat);
    Files.writeString(file, BY_ANOTHER);
    assertThat(edit(chat, "two  \nthree", "2\n3").status()).isEqualTo(422);
    FileEdits.Edit all = new FileEdits.Edit("~/f", "two\nthree", "2\n3", Optional.of(true));
    assertThat(chat.post("/v1/files/edits", UuidV7.next(), new FileEdits(List.of(all))).status())
        .isEqualTo(422);
    assertThat(edit(chat, "four\nfive", "4\n5").status()).isEqualTo(422);
    assertThat(file).hasContent(BY_ANOTHER);
    Caller.Answer sure = edit(chat, "two\nthree", "2\n3");
    assertThat(sure.status()).isEqualTo(200);
    assertThat(sure.json().get("files").get(0).get("notes").get(0).asString())
        .contains("somebody else changed other lines");
    assertThat(file).hasContent("one\n2\n3\nfour\nFIVE\n");
  }

  @Test
  void ownWritesAndEditsAndTheSameContentAgainAreNotStale() throws IOException {
    assertThat(write(chat, BEFORE).status()).isEqualTo(200);
    assertThat(edit(chat, "two", "2").status()).isEqualTo(200);
    assertThat(edit(chat, "three", "3").status()).isEqualTo(200);
    Files.writeString(file, BY_ANOTHER);
    Files.writeString(file, "one\n2\n3\nfour\nfive\n");
    assertThat(edit(chat, "four", "4").status()).isEqualTo(200);
    assertThat(write(chat, "all").status()).isEqualTo(200);
  }

  @Test
  void unseenFileIsNotGuardedAndADeletedOneMayBeMadeAgain() throws IOException {
    assertThat(edit(chat, "two", "2").status()).isEqualTo(200);
    Files.delete(file);
    assertThat(write(chat, "new").status()).isEqualTo(200);
  }

  @Test
  void subAgentsChangeIsAnothersToItsParent() throws IOException {
    Caller child = SocketDaemon.caller(folder);
    read(chat);
    read(child);
    assertThat(edit(child, "five", "FIVE").status()).isEqualTo(200);
    assertThat(edit(child, "FIVE", "5").status()).isEqualTo(200);
    assertThat(edit(chat, "two", "2").status()).isEqualTo(422);
  }

  @Test
  void whatADeadReplicaReadGuardsTheOneThatGoesOnWithItsChat() throws IOException {
    read(chat);
    Files.writeString(file, BY_ANOTHER);

    Caller next = chat.successor();
    assertThat(edit(next, "two", "2").json().get("errors").get(0).get("detail").asString())
        .contains("changed by somebody else", "\n5\tFIVE");
    assertThat(write(next, "mine").json().get("type").asString()).isEqualTo(DaemonProblems.STALE);
    read(next);
    assertThat(edit(next, "two", "2").status()).isEqualTo(200);

    // The one that was believed dead finds itself replaced.
    assertThat(edit(chat, "three", "3").status()).isEqualTo(409);
    assertThat(file).hasContent("one\n2\nthree\nfour\nFIVE\n");
  }

  @Test
  void sameFileByASymbolicLinkIsTheSameFile() throws IOException {
    Files.createSymbolicLink(folder.resolve("home/link"), Path.of("f"));
    assertThat(chat.lines("~/link").status()).isEqualTo(200);
    Files.writeString(file, BY_ANOTHER);
    assertThat(edit(chat, "two", "2").status()).isEqualTo(422);
  }

  @Test
  void viewsSurviveARestartOfTheDaemonAndATornLine() throws IOException {
    Path odd = Files.writeString(folder.resolve("home/a b\n%"), BEFORE);
    read(chat);
    assertThat(chat.lines("~/a b\n%").status()).isEqualTo(200);
    daemon.close();
    Path views = folder.resolve("state/views");
    Files.writeString(views, Files.readString(views) + "saw 0198");
    Files.writeString(file, BY_ANOTHER);
    Files.writeString(odd, BY_ANOTHER);
    daemon = new SocketDaemon(folder, Clock.systemUTC());
    assertThat(write(chat, "mine").status()).isEqualTo(422);
    assertThat(
            chat.put("~/a b\n%", UuidV7.next(), "mine".getBytes(StandardCharsets.UTF_8)).status())
        .isEqualTo(422);
    read(chat);
    assertThat(write(chat, "mine").status()).isEqualTo(200);
  }

  @Test
  void whatAnOwnCommandChangedIsNoSurprise() throws IOException {
    read(chat);
    run(chat, "sed -i s/five/FIVE/ ~/f");
    assertThat(edit(chat, "two", "2").status()).isEqualTo(200);
    run(chat, "echo six >> ~/f");
    assertThat(write(chat, "mine").status()).isEqualTo(200);
    run(SocketDaemon.caller(folder), "echo theirs >> ~/f");
    assertThat(write(chat, "mine").status()).isEqualTo(422);
  }

  @Test
  void repeatedRequestAnswersAsBeforeAlsoWhenTheFileIsStaleNow() throws IOException {
    read(chat);
    UUID id = UuidV7.next();
    byte[] content = "mine".getBytes(StandardCharsets.UTF_8);
    Caller.Answer first = chat.put("~/f", id, content);
    Files.writeString(file, BY_ANOTHER);
    assertThat(chat.put("~/f", id, content).text()).isEqualTo(first.text());
    assertThat(file).hasContent(BY_ANOTHER);
    assertThat(write(chat, "again").status()).isEqualTo(422);
  }

  private static void read(Caller caller) throws IOException {
    assertThat(caller.lines("~/f").status()).isEqualTo(200);
  }

  private static Caller.Answer write(Caller caller, String content) throws IOException {
    return caller.put("~/f", UuidV7.next(), content.getBytes(StandardCharsets.UTF_8));
  }

  private static Caller.Answer edit(Caller caller, String oldText, String newText)
      throws IOException {
    FileEdits.Edit edit = new FileEdits.Edit("~/f", oldText, newText, Optional.empty());
    return caller.post("/v1/files/edits", UuidV7.next(), new FileEdits(List.of(edit)));
  }

  private static void run(Caller caller, String command) throws IOException {
    UUID id = UuidV7.next();
    caller.post(
        "/v1/processes", id, new ProcessStart(id, command, Optional.empty(), Optional.empty()));
    assertThat(
            caller.get("/v1/processes/" + id + "/output?wait_ms=10000&seen_bytes=1000000").text())
        .contains("\"exit_code\":0");
  }
}
