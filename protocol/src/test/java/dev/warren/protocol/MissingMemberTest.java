package dev.warren.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MissingMemberTest {
  record Inner(String oldText) {}

  record Outer(String name, List<Inner> edits, Optional<Inner> more, Map<String, String> env) {}

  @Test
  void whatJsonLeftOutIsNamedByItsPath() {
    assertThat(missing("{'edits':[],'env':{}}")).contains("name");
    assertThat(missing("{'name':'a','edits':[{'old_text':'x'},{}],'env':{}}"))
        .contains("edits[1].old_text");
    assertThat(missing("{'name':'a','edits':[null],'env':{}}")).contains("edits[0]");
    assertThat(missing("{'name':'a','edits':[],'more':{},'env':{}}")).contains("more.old_text");
    assertThat(missing("{'name':'a','edits':[],'env':{'A':null}}")).contains("env.A");
    assertThat(missing("{'name':'a','edits':[],'env':{'A':'b'}}")).isEmpty();
  }

  private static Optional<String> missing(String json) {
    return MissingMember.of(Json.STRICT.readValue(json.replace('\'', '"'), Outer.class));
  }
}
