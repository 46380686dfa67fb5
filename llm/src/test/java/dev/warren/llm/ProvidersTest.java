package dev.warren.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warren.llm.anthropic.Anthropic;
import dev.warren.llm.wire.Endpoint;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

class ProvidersTest {
  private static ProviderSettings settings(String kind, String url) {
    return new ProviderSettings(
        kind,
        url.isEmpty() ? Optional.empty() : Optional.of(URI.create(url)),
        Optional.empty(),
        Map.of(),
        Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://host",
        "/relative",
        "http://user:password@host/",
        "http://host/?key=secret",
        "http://host/#x"
      })
  void baseUrlsThatMakeNoSenseAreRefusedWithoutRepeatingThem(String url) {
    assertThatThrownBy(() -> Providers.create(settings("anthropic", url)))
        .isInstanceOf(ProviderException.class)
        .hasMessageContaining("base URL")
        .message()
        .doesNotContain("password")
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest",
        "http://[fe80::1]/",
        "http://[fd00:ec2::254]/",
        "http://100.100.100.200/",
        "http://[::ffff:169.254.169.254]/",
        "http://0.0.0.0:80/"
      })
  void metadataServicesAreNeverAsked(String url) {
    try (Provider provider = Providers.create(settings("openai_compatible", url))) {
      ModelRequest request =
          new ModelRequest(
              "m",
              "",
              List.of(),
              List.of(new Message(Message.Role.USER, List.of(Part.Text.of("hi")))),
              Optional.empty(),
              JsonNodeFactory.instance.objectNode(),
              "");
      ProviderException e =
          catchThrowableOfType(ProviderException.class, () -> provider.stream(request, x -> {}));
      assertThat(e.kind()).isEqualTo(ProviderException.Kind.INVALID_REQUEST);
      assertThat(e).hasMessageContaining("not allowed");
    }
  }

  @Test
  void keysAndHeadersThatCannotBeSentAreRefusedWithoutShowingThem() {
    ProviderSettings key =
        new ProviderSettings(
            "openai",
            Optional.empty(),
            Optional.of(new Secret("sk-abc\nX: y")),
            Map.of(),
            Duration.ofSeconds(5));
    assertThatThrownBy(() -> Providers.create(key)).message().doesNotContain("abc");
    ProviderSettings header =
        new ProviderSettings(
            "openai",
            Optional.empty(),
            Optional.empty(),
            Map.of("Host", "elsewhere"),
            Duration.ofSeconds(5));
    assertThatThrownBy(() -> Providers.create(header)).hasMessageContaining("Host");
  }

  @Test
  void unknownKindsAndMissingUrlsSayWhatIsThere() {
    assertThatThrownBy(() -> Providers.create(settings("bedrok", "")))
        .hasMessageContaining("bedrok")
        .hasMessageContaining("anthropic");
    assertThatThrownBy(() -> Providers.create(settings("openai_compatible", "")))
        .hasMessageContaining("needs a base URL");
    assertThatCode(() -> Providers.create(settings("openai", "")).close())
        .doesNotThrowAnyException();
  }

  @Test
  void pathsAreAddedToTheBaseUrlAsThePublicSdksDo() {
    assertThat(Replay.ENDPOINT.resolve("/chat/completions"))
        .isEqualTo(URI.create("http://provider.test/v1/chat/completions"));
    assertThat(new Endpoint(URI.create("https://x.test/")).resolve("/v1/messages"))
        .isEqualTo(URI.create("https://x.test/v1/messages"));
    Endpoint withVersion = new Endpoint(URI.create("https://x.test/v1"));
    assertThat(withVersion.resolve(Anthropic.at(withVersion, Replay.counter()).path("m")))
        .isEqualTo(URI.create("https://x.test/v1/messages"));
  }
}
