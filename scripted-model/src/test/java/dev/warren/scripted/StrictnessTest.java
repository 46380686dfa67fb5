package dev.warren.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Requests that the providers refuse are refused, with the providers' own error shapes.
class StrictnessTest {
  private static final Script HELLO =
      Script.parse("{\"rules\": [{\"turns\": [[{\"text\": \"hello\"}], [{\"text\": \"done\"}]]}]}");

  private final ScriptedModel model = new ScriptedModel(HELLO);

  @BeforeEach
  void start() {
    model.start();
  }

  @AfterEach
  void close() {
    model.close();
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          java.net.http.HttpRequest.newBuilder(URI.create(model.anthropicUrl() + path))
              .header("anthropic-version", "2023-06-01")
              .header("content-type", "application/json")
              .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
              .build(),
          HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }
  }

  private static final String CALL =
      "{'role':'user','content':'go'},{'role':'assistant','content':[{'type':'tool_use','id':'t1',"
          + "'name':'ls','input':{}}]}";

  private static String anthropic(String messages, String more) {
    return ("{'model':'m','max_tokens':10,'stream':true" + more + ",'messages':[" + messages + "]}")
        .replace('\'', '"');
  }

  @Test
  void wellFormedAnthropicRequestsAreAnswered() throws Exception {
    String result =
        ",{'role':'user','content':[{'type':'tool_result','tool_use_id':'t1','content':'x'}]}";
    assertThat(post("/v1/messages", anthropic("{'role':'user','content':'hi'}", "")).body())
        .contains("event: message_start", "\"text\":\"hello\"", "event: message_stop");
    assertThat(post("/v1/messages", anthropic(CALL + result, "")).body())
        .contains("\"text\":\"done\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'role':'assistant','content':'hi'}                                     | | roles must alternate
          {'role':'user','content':'a'},{'role':'user','content':'b'}             | | roles must alternate
          {'role':'user','content':' '}                                           | | non-whitespace text
          {'role':'user','content':[]}                                            | | non-empty
          {'role':'system','content':'x'}                                         | | role should be
          {'role':'user','content':[{'type':'tool_result','tool_use_id':'zz'}]}   | | unexpected `tool_use_id`
          {'role':'user','content':'a'} | ,'nonsense':1                             | Extra inputs are not permitted
          {'role':'user','content':'a'} | ,'tools':[{'name':'a b','input_schema':{'type':'object'}}] | should match pattern
          {'role':'user','content':'a'} | ,'tools':[{'name':'a','input_schema':{'type':'array'}}]    | should be 'object'
          {'role':'user','content':'a'} | ,'thinking':{'type':'enabled','budget_tokens':2000}        | must be greater than
          """)
  void badAnthropicRequestsGet400(String messages, String more, String message) throws Exception {
    HttpResponse<String> answer =
        post("/v1/messages", anthropic(messages, more == null ? "" : more));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .contains("\"type\":\"error\"", "\"type\":\"invalid_request_error\"", message);
  }

  @Test
  void unansweredCallsGet400() throws Exception {
    HttpResponse<String> open = post("/v1/messages", anthropic(CALL, ""));
    assertThat(open.statusCode()).isEqualTo(400);
    HttpResponse<String> skipped =
        post("/v1/messages", anthropic(CALL + ",{'role':'user','content':'and?'}", ""));
    assertThat(skipped.statusCode()).isEqualTo(400);
    assertThat(skipped.body()).contains("without `tool_result` blocks");
  }

  @Test
  void moreThanFourBreakpointsGet400() throws Exception {
    String block = "{'type':'text','text':'a','cache_control':{'type':'ephemeral'}}";
    String five = String.join(",", block, block, block, block, block);
    HttpResponse<String> answer =
        post("/v1/messages", anthropic("{'role':'user','content':[" + five + "]}", ""));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("maximum of 4 blocks");
  }

  private static String chat(String messages, String more) {
    return ("{'model':'m','stream':true" + more + ",'messages':[" + messages + "]}")
        .replace('\'', '"');
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'role':'assistant','tool_calls':[{'id':'c','type':'function','function':{'name':'ls','arguments':'{}'}}]} | | must be followed by tool messages
          {'role':'tool','tool_call_id':'c','content':'x'}    | | must be a response
          {'role':'user'}                                     | | expected a string
          {'role':'robot','content':'x'}                      | | Invalid value
          {'role':'assistant','content':null,'tool_calls':[{'id':'c','function':{'name':'ls','arguments':'nope'}}]} | | not a JSON object
          {'role':'user','content':'a'} | ,'nonsense':1       | Unrecognized request argument
          {'role':'user','content':'a'} | ,'max_tokens':1,'max_completion_tokens':1 | at the same time
          """)
  void badChatRequestsGet400(String messages, String more, String message) throws Exception {
    HttpResponse<String> answer =
        post("/v1/chat/completions", chat(messages, more == null ? "" : more));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"error\":{\"message\":", message);
  }

  @Test
  void whatIsNoJsonGets400AndUnknownPathsGet404() throws Exception {
    assertThat(post("/v1/messages", "{").statusCode()).isEqualTo(400);
    assertThat(post("/v1/chat/completions", "[]").statusCode()).isEqualTo(400);
    assertThat(post("/v2/messages", "{}").statusCode()).isEqualTo(404);
  }

  @Test
  void keysAndModelsAreCheckedWhenTheScriptNamesThem() throws Exception {
    model.use(
        Script.parse(
            """
            {"api_key": "right", "models": ["m2"], "rules": [{"turns": [[{"text": "x"}]]}]}
            """));
    HttpResponse<String> answer =
        post("/v1/messages", anthropic("{'role':'user','content':'hi'}", ""));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("authentication_error");
    model.use(
        Script.parse("{\"models\": [\"m2\"], \"rules\": [{\"turns\": [[{\"text\": \"x\"}]]}]}"));
    answer = post("/v1/chat/completions", chat("{'role':'user','content':'hi'}", ""));
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("model_not_found");
  }
}
