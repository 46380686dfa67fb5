package dev.warren.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.Json;
import dev.warren.protocol.Problem.FieldError;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InputTypeTest {
  enum Signal {
    SIGTERM,
    SIGKILL
  }

  record Edit(String path, Optional<Boolean> replaceAll) {}

  record Input(
      @Field("absolute path") String path,
      @Field(min = 1, max = 2000) Optional<Integer> limit,
      Optional<Signal> signal,
      Optional<List<Edit>> edits) {}

  private final InputType<Input> type = InputType.of(Input.class);

  @Test
  void theSchemaNamesEachFieldAndAllowsNoOther() {
    assertThat(type.schema().toString())
        .isEqualTo(
            Json.STRICT
                .readTree(
                    """
                    {"type":"object","properties":{
                      "path":{"type":"string","description":"absolute path"},
                      "limit":{"type":"integer","minimum":1,"maximum":2000},
                      "signal":{"type":"string","enum":["SIGTERM","SIGKILL"]},
                      "edits":{"type":"array","items":{"type":"object","properties":{
                        "path":{"type":"string"},"replace_all":{"type":"boolean"}},
                        "required":["path"],"additionalProperties":false}}},
                     "required":["path"],"additionalProperties":false}
                    """)
                .toString());
  }

  @Test
  void aRightInputBecomesTheRecord() {
    assertThat(
            type.read(
                """
                {"path":"/a","limit":7,"signal":"SIGKILL","edits":[{"path":"b","replace_all":true}]}
                """))
        .isEqualTo(
            new InputType.Reading.Valid<>(
                new Input(
                    "/a",
                    Optional.of(7),
                    Optional.of(Signal.SIGKILL),
                    Optional.of(List.of(new Edit("b", Optional.of(true)))))));
  }

  @Test
  void nullIsTakenForAnOptionalFieldThatIsLeftOut() {
    assertThat(type.read("{\"path\":\"/a\",\"limit\":null}"))
        .isEqualTo(
            new InputType.Reading.Valid<>(
                new Input("/a", Optional.empty(), Optional.empty(), Optional.empty())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{} | path | is missing",
        "{\"path\":5} | path | must be a string, and was the number 5",
        "{\"path\":null} | path | must be a string, and was null",
        "{\"path\":\"a\",\"limit\":\"5\"} | limit | must be a whole number, and was a string",
        "{\"path\":\"a\",\"limit\":5.5} | limit | must be a whole number",
        "{\"path\":\"a\",\"limit\":0} | limit | must be 1 to 2000, and was 0",
        "{\"path\":\"a\",\"file\":1} | file | is not a field of this tool",
        "{\"path\":\"a\",\"signal\":\"HUP\"} | signal | must be one of SIGTERM, SIGKILL",
        "{\"path\":\"a\",\"edits\":[{}]} | edits[0].path | is missing",
        "{\"path\":\"a\",\"edits\":{}} | edits | must be an array, and was an object",
      })
  void aWrongFieldIsNamedWithWhatWouldBeRight(String input, String field, String detail) {
    if (!(type.read(input) instanceof InputType.Reading.Invalid<Input>(List<FieldError> errors))) {
      throw new AssertionError("taken for right: " + input);
    }
    assertThat(errors).extracting(FieldError::field).containsExactly(field);
    assertThat(errors.getFirst().detail()).startsWith(detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {"{\"path\":", "[1]", "{\"path\":\"a\",\"path\":\"b\"}", "{\"path\":\"a\"} x"})
  void whatIsNoObjectOrSaysAFieldTwiceIsRefused(String input) {
    assertThat(type.read(input)).isInstanceOf(InputType.Reading.Invalid.class);
  }
}
