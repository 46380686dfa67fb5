package dev.warren.server.instructions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SkillHeaderTest {
  private static Optional<SkillHeader> read(String text) {
    return SkillHeader.read(text.lines().toList(), "folder");
  }

  @Test
  void plainQuotedAndBlockScalarsAreRead() {
    assertThat(read("---\nname: deploy\ndescription: \"How: to\"\n---\nbody"))
        .contains(new SkillHeader("deploy", "How: to"));
    assertThat(read("---\ndescription: >-\n  two\n  lines\nname: x\n---"))
        .contains(new SkillHeader("x", "two lines"));
    assertThat(read("---\nname: x\ndescription: begins\n  goes on\nlicense: MIT\n---"))
        .contains(new SkillHeader("x", "begins goes on"));
  }

  @Test
  void theFolderNamesWhatTheHeaderDoesNot() {
    assertThat(read("# no header")).contains(new SkillHeader("folder", ""));
    assertThat(read("---\nname: never ends")).contains(new SkillHeader("folder", ""));
    assertThat(read("---\nname: ../../etc/passwd\n---")).contains(new SkillHeader("folder", ""));
    assertThat(SkillHeader.read(List.of("---", "---"), "bad name\n")).isEmpty();
  }

  @Test
  void aLongDescriptionIsCutAndPutOnOneLine() {
    String description =
        read("---\nname: x\ndescription: |\n" + "  a\u0007b 😀\n".repeat(500) + "---")
            .orElseThrow()
            .description();
    assertThat(description).isEmpty(); // the header has to end within its lines
    String kept =
        read("---\ndescription: " + "😀".repeat(500) + "\n---").orElseThrow().description();
    assertThat(kept).hasSizeLessThanOrEqualTo(SkillHeader.DESCRIPTION_CHARS_MAX).endsWith("…");
    assertThat(kept.codePoints().filter(point -> point >= 0xD800 && point < 0xE000)).isEmpty();
  }
}
