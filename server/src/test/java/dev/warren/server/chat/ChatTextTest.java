package dev.warren.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.UuidV7;
import dev.warren.server.files.FileId;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ChatTextTest {
  private static final StoredPart FILE =
      new StoredPart.File(new FileId(UuidV7.next()), "report.pdf", "application/pdf");

  @Test
  void aTitleIsOfTheTextAlsoWhenAFileComesFirst() {
    assertThat(ChatText.title(List.of(FILE, StoredPart.Text.of("  what does\nit say? "))))
        .isEqualTo("what does it say?");
  }

  @Test
  void aMessageOfFilesAloneIsNamedByTheFirst() {
    assertThat(ChatText.title(List.of(FILE, StoredPart.Text.of(" \n")))).isEqualTo("report.pdf");
  }
}
