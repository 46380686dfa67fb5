package dev.warren.e2e.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warren.e2e.kit.ApiClient;
import dev.warren.e2e.kit.ChatEvent;
import dev.warren.e2e.kit.ChatFeed;
import dev.warren.e2e.kit.Eventually;
import dev.warren.e2e.kit.NginxProxy;
import dev.warren.e2e.kit.Scripts;
import dev.warren.e2e.kit.WarrenCommand;
import dev.warren.e2e.kit.WarrenProcess;
import dev.warren.scripted.ScriptedModel;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Everything that stays open, behind nginx as `docs/tunnel.md` configures it.
final class NginxTest {
  /// Longer than nginx waits for a byte (`proxy_read_timeout`).
  private static final Duration QUIET = Duration.ofSeconds(65);

  private static final Duration WITHIN = Duration.ofSeconds(90);

  @TempDir private Path folder;

  @Test
  void relayEventsAndTerminalWorkThroughNginxAndOutliveItsTimeout() throws Exception {
    assumeTrue(NginxProxy.program().isPresent(), "nginx is not installed");
    try (NginxProxy nginx = new NginxProxy(folder.resolve("nginx"));
        ScriptedModel model =
            new ScriptedModel(
                Scripts.script(Scripts.rule("hello", Scripts.round(Scripts.text("Hi there.")))));
        WarrenProcess warren =
            new WarrenProcess(
                folder, Map.of("WARREN_ACCESS_URL", nginx.plainUrl(), "WARREN_DIRECT", "false"))) {
      model.start();
      nginx.start(URI.create(warren.url()));
      ApiClient own = warren.signIn();
      own.addModel("anthropic", "http://127.0.0.1:" + model.port(), "sk-test", "scripted");
      ApiClient api = own.through(nginx.secureUrl(), nginx.client());

      // Its daemon knows no other way to the control plane than nginx's.
      String workspace = api.createLocalWorkspace("proxied");
      String chat = api.createChat("hello");
      try (TerminalSocket terminal = new TerminalSocket(api, workspace, UUID.randomUUID());
          ChatFeed feed = ChatFeed.sse(api, chat, "")) {
        terminal.type("PS1='$ '; echo first-$((1+1))\n");
        terminal.awaitText("first-2");
        awaitAnswer(feed);
        api.awaitIdle(chat);
        pings(nginx, api);

        long since = System.nanoTime();
        Eventually.holds(
            "nobody says anything for long",
            QUIET.plusSeconds(5),
            () -> System.nanoTime() - since > QUIET.toNanos());
        terminal.type("echo second-$((2+2))\n");
        terminal.awaitText("second-4");
        api.sendMessage(chat, "hello");
        awaitAnswer(feed);
        pings(nginx, api);
      }
    }
  }

  /// The next message of the agent, unless the stream ends.
  private static void awaitAnswer(ChatFeed feed) {
    while (true) {
      Optional<ChatEvent> event = feed.next();
      assertThat(event).as("the stream goes on").isPresent();
      if (event.get().is("message") && event.get().data().toString().contains("Hi there.")) {
        return;
      }
    }
  }

  /// By a node of its own, which attaches by `wss`.
  private void pings(NginxProxy nginx, ApiClient api) throws Exception {
    WarrenCommand command =
        new WarrenCommand(
            folder,
            nginx.secureUrl(),
            api.token(),
            Map.of("WARREN_CA_FILE", nginx.authority().toString()));
    Path output = folder.resolve("ping");
    Process ping =
        command.call(output, "ping", "proxied", "-c", "2", "-i", "0.1", "--json").start();
    assertThat(ping.waitFor(WITHIN.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(ping.exitValue()).as(() -> said(output)).isZero();
    assertThat(said(output)).contains("{\"path\":\"relay\",\"rtt_ms\":");
  }

  private static String said(Path output) {
    try {
      return Files.readString(output);
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }
}
