package dev.warren.scripted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScriptTest {
  @Test
  void theDemosScriptIsRight() {
    assertThat(Script.demo().rules()).hasSizeGreaterThan(4);
  }

  @Test
  void eachKindOfStepShowsByItsMembers() {
    Script script =
        Script.parse(
            """
            {"rules": [{"turns": [[
              {"text": "a"},
              {"text": "b", "pace": {"chunk_chars": 1, "delay_ms": 2}},
              {"reasoning": "c", "signature": "s"},
              {"redacted_reasoning": "d"},
              {"call": {"name": "e", "raw": "{"}},
              {"repeat": {"count": 3, "stamp": true}},
              {"wait_ms": 5},
              {"stop": "length"},
              {"usage": {"input_tokens": 7}},
              {"status": 429, "retry_after_s": 1.5},
              {"fault": {"kind": "cut"}},
              {"choose": [{"when": {"round": 1}, "steps": [{"text": "f"}]}]}
            ]]}]}
            """);
    assertThat(script.rules().getFirst().turns().getFirst())
        .extracting(Step::getClass)
        .isEqualTo(
            List.of(
                Step.Text.class,
                Step.Text.class,
                Step.Reasoning.class,
                Step.Redacted.class,
                Step.Call.class,
                Step.Repeat.class,
                Step.Wait.class,
                Step.Stop.class,
                Step.Billed.class,
                Step.Status.class,
                Step.Fault.class,
                Step.Choose.class));
    assertThat(script.rules().getFirst().turns().getFirst().get(1))
        .isEqualTo(new Step.Text("b", Optional.of(new Script.Pace(1, 2))));
  }

  @Test
  void aMistakeIsNamedByItsPlace() {
    assertThatThrownBy(() -> Script.parse("{\"rules\": [{\"turns\": [[{\"txt\": \"a\"}]]}]}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Script$Rule[\"turns\"]");
    assertThatThrownBy(() -> Script.parse("{\"rules\": []}"))
        .hasMessageContaining("at least one rule");
  }
}
