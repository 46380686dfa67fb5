package dev.warren.server.model;

import dev.warren.llm.Message;
import dev.warren.llm.ModelRequest;
import dev.warren.llm.Part;
import dev.warren.llm.Provider;
import dev.warren.llm.ProviderException;
import dev.warren.protocol.Json;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks a provider for one token, and says what is wrong when there is none. What the provider
/// answered stays inside: it may be anything that listens there.
final class ProviderProbe {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private ProviderProbe() {}

  /// @param model that was asked
  /// @param detail what is wrong and what would help; absent when it works
  record Result(boolean ok, String model, long latencyMs, Optional<String> detail) {}

  static Result run(Provider provider, String model) throws InterruptedException {
    ModelRequest request =
        new ModelRequest(
            model,
            "",
            List.of(),
            List.of(
                new Message(
                    Message.Role.USER, List.of(new Part.Text("Say ok.", Optional.empty())))),
            Optional.of(1),
            Json.STRICT.createObjectNode(),
            "test");
    long began = System.nanoTime();
    Optional<String> wrong = ask(() -> provider.stream(request, event -> {}));
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    return new Result(wrong.isEmpty(), model, tookMs, wrong);
  }

  private static Optional<String> ask(Callable<?> call) throws InterruptedException {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> answer = executor.submit(call);
      try {
        answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        return Optional.empty();
      } catch (TimeoutException e) {
        answer.cancel(true);
        return Optional.of("no answer in " + PATIENCE.toSeconds() + " s");
      } catch (ExecutionException e) {
        if (e.getCause() instanceof ProviderException refused) {
          return Optional.of(reason(refused));
        }
        throw new IllegalStateException("the test of a provider failed", e);
      } catch (InterruptedException e) {
        answer.cancel(true);
        throw e;
      }
    }
  }

  /// What a provider's refusal says to people.
  static String reason(ProviderException e) {
    return Objects.requireNonNullElse(e.getMessage(), e.kind().name());
  }
}
