package dev.warren.server.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.protocol.Json;
import dev.warren.protocol.Problem.FieldError;
import dev.warren.server.template.ParameterValues.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class ParameterValuesTest {
  private static final List<TemplateParameter> PARAMETERS =
      parameters(
          """
          [{"name":"region","type":"string","required":true,"mutable":false,"description":"",
            "options":["eu","us"]},
           {"name":"cores","type":"number","default":2,"required":false,"mutable":true,
            "description":"","validation":{"min":1,"max":8}},
           {"name":"gpu","type":"bool","required":false,"mutable":true,"description":""},
           {"name":"packages","type":"list","required":false,"mutable":true,"description":"",
            "validation":{"pattern":"[a-z]+","error":"only small letters"}}]
          """);

  @Test
  void takesWhatIsGivenAndDefaults() {
    assertThat(resolve("{\"region\":\"eu\",\"packages\":[\"git\"]}", Optional.empty()))
        .isEqualTo(
            new Outcome.Valid(
                new ParameterValues(
                    object("{\"region\":\"eu\",\"cores\":2,\"packages\":[\"git\"]}"))));
  }

  @Test
  void keepsWhatTheBuildBeforeHad() {
    assertThat(resolve("{\"cores\":4}", Optional.of(object("{\"region\":\"us\",\"cores\":3}"))))
        .isEqualTo(
            new Outcome.Valid(new ParameterValues(object("{\"region\":\"us\",\"cores\":4}"))));
  }

  @Test
  void namesEachMistake() {
    assertThat(
            resolve(
                "{\"cores\":9,\"gpu\":\"yes\",\"packages\":[\"Git\"],\"color\":1}",
                Optional.empty()))
        .isEqualTo(
            new Outcome.Invalid(
                List.of(
                    new FieldError("parameters.region", "is required"),
                    new FieldError("parameters.cores", "must be at most 8.0"),
                    new FieldError("parameters.gpu", "must be a bool"),
                    new FieldError("parameters.packages", "only small letters"),
                    new FieldError("parameters.color", "is no parameter"))));
  }

  @Test
  void whatIsNotMutableStays() {
    assertThat(resolve("{\"region\":\"us\"}", Optional.of(object("{\"region\":\"eu\"}"))))
        .isEqualTo(
            new Outcome.Invalid(
                List.of(
                    new FieldError(
                        "parameters.region", "cannot be changed once the workspace exists"))));
    assertThat(resolve("{\"region\":\"mars\"}", Optional.empty()))
        .isInstanceOf(Outcome.Invalid.class);
  }

  @Test
  void aParameterWhoseDefaultIsOfAnotherTypeIsRefused() {
    assertThatThrownBy(() ->
            parameters(
                "[{\"name\":\"a\",\"type\":\"bool\",\"default\":\"x\",\"required\":false,"
                    + "\"mutable\":true,\"description\":\"\"}]"))
        .isInstanceOf(JacksonException.class)
        .hasMessageContaining("the default of the parameter a is no bool");
  }

  private static Outcome resolve(String given, Optional<ObjectNode> previous) {
    Map<String, JsonNode> values =
        Json.STRICT.readValue(given, new TypeReference<Map<String, JsonNode>>() {});
    return ParameterValues.resolve(PARAMETERS, values, previous);
  }

  private static List<TemplateParameter> parameters(String json) {
    return Json.STRICT.readValue(json, new TypeReference<List<TemplateParameter>>() {});
  }

  private static ObjectNode object(String json) {
    return (ObjectNode) Json.STRICT.readTree(json);
  }
}
