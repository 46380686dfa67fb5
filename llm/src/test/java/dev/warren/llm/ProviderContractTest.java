package dev.warren.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warren.llm.ProviderException.Kind;
import dev.warren.scripted.RecordedRequest;
import dev.warren.scripted.Script;
import dev.warren.scripted.ScriptedModel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What holds for every provider, over real sockets, against a server that checks requests as the
/// real ones do.
@ParameterizedClass
@EnumSource
class ProviderContractTest {
  private static final String KEY = "sk-very-secret-0123456789";

  private final Dialect dialect;
  private final List<AutoCloseable> open = new ArrayList<>();
  private ScriptedModel model;

  ProviderContractTest(Dialect dialect) {
    this.dialect = dialect;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : open.reversed()) {
      closeable.close();
    }
  }

  private Provider provider(String script) {
    return provider(script, Duration.ofSeconds(20));
  }

  private Provider provider(String script, Duration silence) {
    model = new ScriptedModel(Script.parse(script));
    open.add(model);
    model.start();
    return connect(model.anthropicUrl(), silence);
  }

  private Provider connect(String url, Duration silence) {
    Provider provider = Providers.create(dialect.settings(url, KEY, silence));
    open.add(provider);
    return provider;
  }

  private ModelRequest request(Message... messages) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    schema.putObject("properties").putObject("path").put("type", "string");
    return new ModelRequest(
        dialect.model(),
        "You are careful.",
        List.of(new ToolSpec("read_file", "Reads a file.", schema), new ToolSpec("ls", "", schema)),
        List.of(messages),
        Optional.of(500),
        JsonNodeFactory.instance.objectNode(),
        "chat-1");
  }

  private static Message user(String text) {
    return new Message(Message.Role.USER, List.of(Part.Text.of(text)));
  }

  private static String one(String steps) {
    return "{\"rules\": [{\"turns\": [[" + steps + "]]}]}";
  }

  private ProviderException failure(String script) {
    Provider provider = provider(script);
    return failure(provider, request(user("hi")));
  }

  private static ProviderException failure(Provider provider, ModelRequest request) {
    ProviderException e =
        catchThrowableOfType(ProviderException.class, () -> provider.stream(request, event -> {}));
    assertThat(e).isNotNull();
    assertThat(e.toString()).doesNotContain(KEY).doesNotContain("upstream says");
    return e;
  }

  @Test
  void textReasoningUsageAndStopArrive() throws Exception {
    Provider provider =
        provider(
            one(
                """
                {"reasoning": "Let me think, über 1 + 1 …"},
                {"text": "It is 2. 🎉"},
                {"usage": {"input_tokens": 100, "output_tokens": 20, "cache_read_tokens": 60,
                           "reasoning_tokens": 8}}
                """));
    List<StreamEvent> events = new ArrayList<>();
    Completion completion = provider.stream(request(user("1 + 1?")), events::add);
    assertThat(completion.parts())
        .extracting(p -> p instanceof Part.Text t ? t.text() : ((Part.Reasoning) p).text())
        .containsExactly("Let me think, über 1 + 1 …", "It is 2. 🎉");
    assertThat(completion.usage())
        .isEqualTo(new Usage(100, 20, 60, 0, dialect.countsReasoning() ? 8 : 0));
    assertThat(completion.stopReason()).isEqualTo(Completion.StopReason.STOP);
    assertThat(events.getFirst()).isEqualTo(new StreamEvent.Started());
    assertThat(model.requests()).hasSize(1);
  }

  @Test
  void parallelCallsArriveAndTheirResultsAreTakenBack() throws Exception {
    Provider provider =
        provider(
            """
            {"wire": {"split_bytes": 3, "crlf": true},
             "pace": {"chunk_chars": 2, "delay_ms": 0},
             "rules": [{"turns": [
               [{"reasoning": "two at once"}, {"text": "I look."},
                {"call": {"name": "read_file", "raw": "{\\"path\\" : \\"ä 🎉.txt\\", \\"n\\": 1.50}"}},
                {"call": {"name": "ls"}},
                {"call": {"name": "made up!", "raw": "BROKEN"}}],
               [{"text": "{{tool_result.read_file.content}} and {{tool_result.ls.files.0}}"}]]}]}
            """
                .replace("BROKEN", dialect.rawArguments() ? "{\\\"path\\\": " : "{}"));
    Completion first = provider.stream(request(user("look")), e -> {});
    assertThat(first.stopReason()).isEqualTo(Completion.StopReason.TOOL_USE);
    List<Part.ToolCall> calls =
        first.parts().stream()
            .filter(Part.ToolCall.class::isInstance)
            .map(Part.ToolCall.class::cast)
            .toList();
    assertThat(calls)
        .extracting(Part.ToolCall::name)
        .containsExactly("read_file", "ls", "made up!");
    assertThat(calls.get(0).input().path("path").asString()).isEqualTo("ä 🎉.txt");
    if (dialect.rawArguments()) {
      assertThat(calls.get(0).rawInput()).isEqualTo("{\"path\" : \"ä 🎉.txt\", \"n\": 1.50}");
      assertThat(calls.get(2).input().isString()).isTrue();
    }
    ObjectNode content = JsonNodeFactory.instance.objectNode().put("content", "hello");
    ObjectNode files = JsonNodeFactory.instance.objectNode();
    files.putArray("files").add("a.txt");
    ObjectNode error = JsonNodeFactory.instance.objectNode().put("nothing", "no such tool");
    Message results =
        new Message(
            Message.Role.TOOL,
            List.of(
                result(calls.get(0), content),
                result(calls.get(1), files),
                result(calls.get(2), error)));
    Completion second =
        provider.stream(
            request(user("look"), new Message(Message.Role.ASSISTANT, first.parts()), results),
            e -> {});
    assertThat(second.parts()).containsExactly(Part.Text.of("hello and a.txt"));
  }

  private static Part.ToolResult result(Part.ToolCall call, ObjectNode output) {
    return new Part.ToolResult(call.id(), call.name(), output, false, Optional.empty());
  }

  @Test
  void headersAndKeyAreSent() throws Exception {
    Provider provider = provider(one("{\"text\": \"x\"}"));
    provider.stream(request(user("hi")), e -> {});
    RecordedRequest sent = model.requests().getFirst();
    assertThat(sent.headers()).containsEntry("x-team", "blue");
    assertThat(sent.headers().values()).anyMatch(value -> value.contains(KEY));
    assertThat(provider.toString()).doesNotContain(KEY);
    assertThat(new Secret(KEY).toString()).isEqualTo("***");
  }

  @Test
  void refusalsAreClassified() {
    assertThat(failure(one("{\"status\": 429, \"retry_after_s\": 7}")))
        .returns(Kind.RATE_LIMIT, ProviderException::kind)
        .returns(429, ProviderException::status)
        .returns(Optional.of(Duration.ofSeconds(7)), ProviderException::retryAfter);
    assertThat(failure(one("{\"status\": 429, \"retry_after_ms\": 250}")).retryAfter())
        .contains(Duration.ofMillis(250));
    assertThat(failure(one("{\"status\": 429}")).retryAfter()).isEmpty();
    assertThat(failure(one("{\"status\": 429, \"type\": \"insufficient_quota\"}")).kind())
        .isEqualTo(Kind.QUOTA);
    assertThat(failure(one("{\"status\": 529, \"message\": \"upstream says\"}")).kind())
        .isEqualTo(Kind.OVERLOADED);
    assertThat(failure(one("{\"status\": 500}")).kind()).isEqualTo(Kind.SERVER);
    assertThat(failure(one("{\"status\": 413}")).kind()).isEqualTo(Kind.CONTEXT_TOO_LONG);
    assertThat(failure(one("{\"status\": 400, \"message\": \"prompt is too long: 9 > 8\"}")).kind())
        .isEqualTo(Kind.CONTEXT_TOO_LONG);
    assertThat(failure(one("{\"status\": 400, \"message\": \"upstream says no\"}")).kind())
        .isEqualTo(Kind.INVALID_REQUEST);
    assertThat(failure(one("{\"status\": 302}")).kind()).isEqualTo(Kind.INVALID_REQUEST);
  }

  @Test
  void aWrongKeyAndAWrongModelSayWhatTheyAre() {
    String text = "\"rules\": [{\"turns\": [[{\"text\": \"x\"}]]}]}";
    ProviderException key = failure("{\"api_key\": \"other\", " + text);
    assertThat(key.kind()).isEqualTo(Kind.AUTH);
    assertThat(key).hasMessageContaining("refused the API key").hasMessageContaining("127.0.0.1");
    ProviderException name = failure("{\"models\": [\"other\"], " + text);
    assertThat(name.kind()).isEqualTo(Kind.MODEL_NOT_FOUND);
  }

  @Test
  void brokenStreamsAreErrorsEvenAfterText() {
    assertThat(failure(one("{\"text\": \"half\"}, {\"fault\": {\"kind\": \"cut\"}}")).kind())
        .isEqualTo(Kind.TRUNCATED);
    assertThat(failure(one("{\"text\": \"half\"}, {\"fault\": {\"kind\": \"end\"}}")).kind())
        .isEqualTo(Kind.TRUNCATED);
    assertThat(failure(one("{\"text\": \"half\"}, {\"fault\": {\"kind\": \"malformed\"}}")).kind())
        .isEqualTo(Kind.SERVER);
    String error = "{\"text\": \"half\"}, {\"fault\": {\"kind\": \"error\", \"type\": \"%s\"}}";
    assertThat(failure(one(error.formatted("overloaded_error"))).kind()).isEqualTo(Kind.OVERLOADED);
    assertThat(failure(one(error.formatted("rate_limit_error"))).kind()).isEqualTo(Kind.RATE_LIMIT);
  }

  @Test
  void deadHostsAndUnknownNamesSayWhichTheyAre() {
    assertThat(failure(connect("http://127.0.0.1:1", Duration.ofSeconds(5)), request(user("hi"))))
        .hasMessageContaining("127.0.0.1:1")
        .returns(Kind.NETWORK, ProviderException::kind);
    assertThat(
            failure(connect("http://no-such.invalid", Duration.ofSeconds(5)), request(user("hi"))))
        .hasMessageContaining("no-such.invalid")
        .returns(Kind.NETWORK, ProviderException::kind);
  }

  @Test
  void silenceEndsAStream() {
    Provider provider =
        provider(
            one("{\"text\": \"half\"}, {\"fault\": {\"kind\": \"stall\"}}"),
            Duration.ofMillis(300));
    assertThat(failure(provider, request(user("hi"))).kind()).isEqualTo(Kind.SILENCE);
    await(() -> model.disconnects() == 1);
  }

  @Test
  void anInterruptClosesTheSocket() throws Exception {
    Provider provider = provider(one("{\"text\": \"half\"}, {\"fault\": {\"kind\": \"stall\"}}"));
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread reader =
        Thread.ofVirtual()
            .start(() -> {
              try {
                provider.stream(
                    request(user("hi")),
                    event -> {
                      if (event instanceof StreamEvent.Delta) {
                        begun.countDown();
                      }
                    });
              } catch (InterruptedException | RuntimeException e) {
                thrown.set(e);
              }
            });
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    reader.interrupt();
    assertThat(reader.join(Duration.ofSeconds(20))).isTrue();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    await(() -> model.disconnects() == 1 && model.openStreams() == 0);
  }

  @Test
  void threeHundredStreamsRunAtOnce() throws Exception {
    Provider provider =
        provider(
            one(
                "{\"wait_ms\": 300}, {\"text\": \"for {{last_user}}\"},"
                    + " {\"repeat\": {\"count\": 20, \"text\": \"!\", \"per_second\": 100}}"));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Completion>> answers = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        int number = i;
        answers.add(
            threads.submit(() -> provider.stream(request(user("number " + number)), e -> {})));
      }
      for (int i = 0; i < 300; i++) {
        assertThat(answers.get(i).get(60, TimeUnit.SECONDS).parts())
            .containsExactly(Part.Text.of("for number " + i + "!".repeat(20)));
      }
    }
  }

  @Test
  void filesAreSent() throws Exception {
    Provider provider = provider(one("{\"text\": \"seen\"}"));
    byte[] bytes = "hello".getBytes(StandardCharsets.UTF_8);
    Message message =
        new Message(
            Message.Role.USER,
            List.of(
                Part.Text.of("look at these"),
                new Part.File("a.png", "image/png", bytes),
                new Part.File("b.pdf", "application/pdf", bytes),
                new Part.File("c.txt", "text/plain", bytes),
                new Part.File("d.zip", "application/zip", bytes)));
    assertThat(provider.stream(request(message), e -> {}).parts())
        .containsExactly(Part.Text.of("seen"));
    String sent = model.requests().getFirst().body().toString();
    assertThat(sent).contains("aGVsbG8=", "png", "pdf", "c.txt", "hello", "d.zip");
  }

  /// Waits for a condition; fails after 20 s.
  private static void await(java.util.function.BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.onSpinWait();
      Thread.yield();
    }
  }
}
