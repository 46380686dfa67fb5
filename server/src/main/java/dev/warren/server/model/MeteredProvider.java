package dev.warren.server.model;

import dev.warren.llm.Completion;
import dev.warren.llm.ModelRequest;
import dev.warren.llm.Provider;
import dev.warren.llm.ProviderException;
import dev.warren.llm.StreamEvent;
import java.util.Locale;
import java.util.function.Consumer;

/// A provider whose answers are counted.
record MeteredProvider(Provider provider, ModelMetrics metrics, String name) implements Provider {

  @Override
  public Completion stream(ModelRequest request, Consumer<StreamEvent> events)
      throws InterruptedException {
    String outcome = "failed";
    try {
      Completion completion = provider.stream(request, events);
      outcome = completion.stopReason().name();
      metrics.used(name, request.model(), completion.usage());
      return completion;
    } catch (ProviderException e) {
      outcome = e.kind().name();
      throw e;
    } catch (InterruptedException e) {
      outcome = "interrupted";
      throw e;
    } finally {
      metrics.ended(name, request.model(), outcome.toLowerCase(Locale.ROOT));
    }
  }

  @Override
  public void close() {
    provider.close();
  }

  @Override
  public String toString() {
    return provider.toString();
  }
}
