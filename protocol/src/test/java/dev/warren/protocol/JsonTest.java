package dev.warren.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.protocol.daemon.FileEdits;
import dev.warren.protocol.daemon.FileStat;
import dev.warren.protocol.daemon.ProcessStart;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

final class JsonTest {
  @Test
  void absentMembersAreLeftOutAndReadAsEmpty() {
    var start = new ProcessStart(new UUID(1, 2), "true", Optional.empty(), Optional.empty());
    String json = Json.STRICT.writeValueAsString(start);
    assertThat(json)
        .isEqualTo("{\"id\":\"00000000-0000-0001-0000-000000000002\",\"command\":\"true\"}");
    assertThat(Json.STRICT.readValue(json, ProcessStart.class)).isEqualTo(start);
  }

  @Test
  void namesAreSnakeCaseTimesRfc3339AndEnumsLowerCase() {
    var stat =
        new FileStat(
            "/a",
            FileStat.Kind.FILE,
            3,
            "0644",
            Instant.parse("2026-01-02T03:04:05Z"),
            Optional.empty());
    String json = Json.STRICT.writeValueAsString(stat);
    assertThat(json)
        .contains(
            "\"size_bytes\":3", "\"modified_at\":\"2026-01-02T03:04:05Z\"", "\"kind\":\"file\"");
    assertThat(Json.STRICT.readValue(json, FileStat.class)).isEqualTo(stat);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"edits\":[],\"more\":1}",
        "{\"edits\":[],\"edits\":[]}",
        "{\"edits\":[]} 1",
        "{\"edits\":[{\"path\":1,\"old_text\":\"a\",\"new_text\":\"b\"}]}",
        "{\"edits\":",
      })
  void whatIsNotDocumentedIsRefused(String json) {
    assertThatThrownBy(() -> Json.STRICT.readValue(json, FileEdits.class))
        .isInstanceOf(JacksonException.class);
  }

  @Test
  void aNewerPeersMembersAreSkippedByTheLenientMapper() {
    assertThat(Json.LENIENT.readValue("{\"edits\":[],\"more\":1}", FileEdits.class))
        .isEqualTo(new FileEdits(List.of()));
  }

  @Test
  void idsAreVersion7AndOrderedByTime() {
    UUID early = UuidV7.at(1_000);
    UUID late = UuidV7.at(2_000);
    assertThat(early.version()).isEqualTo(7);
    assertThat(early.variant()).isEqualTo(2);
    assertThat(UuidV7.unixMs(late)).isEqualTo(2_000);
    assertThat(early.toString()).isLessThan(late.toString());
  }
}
