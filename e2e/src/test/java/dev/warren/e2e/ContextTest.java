package dev.warren.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.e2e.kit.ApiClient;
import dev.warren.e2e.kit.ChatEvent;
import dev.warren.e2e.kit.ChatFeed;
import dev.warren.e2e.kit.WarrenProcess;
import dev.warren.scripted.Script;
import dev.warren.scripted.ScriptedModel;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A chat's context as a client sees it: titles, summaries, budgets, and what a stalled provider
/// looks like.
@Timeout(300)
final class ContextTest {
  private static final Script SCRIPT =
      Script.parse(
          """
          {"rules": [
            {"when": {"aside": "title"}, "turns": [[{"text": "Title: \\"About primes\\""}]]},
            {"when": {"aside": "summary"}, "turns": [[{"text": "The user asked about primes."}]]},
            {"when": {"last_user": "^please stall"}, "times": 1,
             "turns": [[{"text": "I beg"}, {"fault": {"kind": "stall"}}]]},
            {"when": {"last_user": "^come back in an hour"}, "times": 1,
             "turns": [[{"status": 429, "retry_after_s": 3600}]]},
            {"when": {"last_user": "^fill the window"},
             "turns": [[{"text": "Full."}, {"usage": {"input_tokens": 150000}}]]},
            {"turns": [[{"text": "Some answer."}, {"usage": {"input_tokens": 5000}}]]}]}
          """);

  @TempDir private Path folder;

  @Test
  void aClientSeesTitlesSummariesBudgetsAndRetries() {
    try (ScriptedModel model = new ScriptedModel(SCRIPT)) {
      model.start();
      try (WarrenProcess warren = new WarrenProcess(folder, Map.of())) {
        ApiClient api = warren.signIn();
        String provider = addModel(api, model);
        aTitleComesAfterTheFirstTurn(api);
        aSummaryOnRequestIsTwoChangesAndAWaitingChat(api);
        aFullWindowIsSummarisedAndTheTurnGoesOn(api, model);
        aBudgetStopsAChatUntilItIsRaised(api);
        aSilentProviderIsAskedAgain(api, provider);
        aWishToWaitForAnHourIsAnError(api);
      }
    }
  }

  private static String addModel(ApiClient api, ScriptedModel model) {
    api.addModel("anthropic", model.anthropicUrl(), "key", "scripted");
    return api.get("/admin/providers").path("items").path(0).path("id").asString();
  }

  private static void aTitleComesAfterTheFirstTurn(ApiClient api) {
    String chat = api.createChat("tell me about primes");
    try (ChatFeed feed = ChatFeed.sse(api, chat, "")) {
      until(
          feed,
          event ->
              event.text("title").equals("About primes")
                  || event.data().path("chat").path("title").asString("").equals("About primes"));
    }
    assertThat(api.get("/chats/" + chat).path("title").asString()).isEqualTo("About primes");
  }

  private static void aSummaryOnRequestIsTwoChangesAndAWaitingChat(ApiClient api) {
    String chat = api.createChat("never use floats");
    api.awaitIdle(chat);
    try (ChatFeed feed = ChatFeed.sse(api, chat, "")) {
      assertThat(feed.next().orElseThrow().is("snapshot")).isTrue();
      JsonNode asked = api.post("/chats/" + chat + "/compact", Map.of());
      assertThat(asked.path("status").asString()).isEqualTo("pending");
      List<ChatEvent> events =
          until(feed, event -> event.is("message") && event.text("role").equals("summary"));
      assertThat(events.stream().filter(event -> event.is("message")))
          .extracting(event -> event.data().path("compressed").booleanValue())
          .containsExactly(true, true, false);
      until(feed, event -> event.is("status") && event.text("status").equals("waiting"));
    }
    List<JsonNode> messages = api.messages(chat);
    assertThat(messages)
        .extracting(m -> m.path("role").asString())
        .containsExactly("user", "assistant", "summary");
    assertThat(messages.getLast().path("parts").path(0).path("text").asString())
        .contains("The user asked about primes.", "never use floats");
    var refused =
        api.send(api.request("/chats/" + chat + "/compact").POST(BodyPublishers.noBody()));
    assertThat(refused.statusCode()).as("nothing to compact").isEqualTo(409);
  }

  private static void aFullWindowIsSummarisedAndTheTurnGoesOn(ApiClient api, ScriptedModel model) {
    String chat = api.createChat("fill the window");
    assertThat(api.awaitIdle(chat).path("context").path("used_tokens").asLong())
        .isGreaterThan(150_000);
    int before = model.requests().size();
    api.sendMessage(chat, "and now this");
    JsonNode after = api.awaitIdle(chat);
    assertThat(after.path("status").asString()).isEqualTo("waiting");
    assertThat(after.path("context").path("used_tokens").asLong()).isBetween(5_000L, 6_000L);
    assertThat(api.messages(chat))
        .extracting(m -> m.path("role").asString())
        .containsExactly("user", "assistant", "user", "summary", "assistant");
    assertThat(model.requests().subList(before, model.requests().size()))
        .singleElement()
        .satisfies(request ->
            assertThat(request.body().path("messages").toString())
                .contains("The user asked about primes.", "and now this")
                .doesNotContain("Full."));
  }

  private static void aBudgetStopsAChatUntilItIsRaised(ApiClient api) {
    String chat = api.createChat("hello");
    api.awaitIdle(chat);
    JsonNode budget =
        api.patch("/chats/" + chat, Map.of("budget", Map.of("tokens", 5_100))).path("budget");
    assertThat(budget.path("warning").booleanValue()).isTrue();
    api.sendMessage(chat, "more");
    assertThat(api.awaitIdle(chat).path("status").asString()).isEqualTo("waiting");
    api.sendMessage(chat, "even more");
    JsonNode stopped = api.awaitIdle(chat);
    assertThat(stopped.path("status").asString()).isEqualTo("error");
    assertThat(stopped.path("last_error").asString()).contains("budget", "of 5100 tokens");
    api.patch("/chats/" + chat, Map.of("budget", Map.of()));
    api.sendMessage(chat, "on");
    assertThat(api.awaitIdle(chat).path("status").asString()).isEqualTo("waiting");
  }

  private static void aSilentProviderIsAskedAgain(ApiClient api, String provider) {
    api.patch("/admin/providers/" + provider, Map.of("options", Map.of("silence_s", 1)));
    String chat = api.createChat("please stall");
    try (ChatFeed feed = ChatFeed.sse(api, chat, "")) {
      List<ChatEvent> events =
          until(feed, event -> event.is("message") && event.text("role").equals("assistant"));
      assertThat(events)
          .filteredOn(event -> event.is("retry"))
          .singleElement()
          .satisfies(retry -> assertThat(retry.text("reason")).contains("sent nothing for 1 s"));
      assertThat(events).filteredOn(event -> event.is("reset")).hasSize(1);
    }
    assertThat(api.awaitIdle(chat).path("status").asString()).isEqualTo("waiting");
  }

  private static void aWishToWaitForAnHourIsAnError(ApiClient api) {
    String chat = api.createChat("come back in an hour");
    JsonNode after = api.awaitIdle(chat);
    assertThat(after.path("status").asString()).isEqualTo("error");
    assertThat(after.path("last_error").asString()).contains("It asks to wait 60 minutes");
    api.sendMessage(chat, "hello again");
    assertThat(api.awaitIdle(chat).path("status").asString()).isEqualTo("waiting");
  }

  private static List<ChatEvent> until(ChatFeed feed, Predicate<ChatEvent> last) {
    List<ChatEvent> events = new ArrayList<>();
    while (events.isEmpty() || !last.test(events.getLast())) {
      events.add(feed.next().orElseThrow(() -> new AssertionError("the stream ended: " + events)));
    }
    return events;
  }
}
