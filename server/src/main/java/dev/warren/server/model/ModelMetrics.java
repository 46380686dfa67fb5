package dev.warren.server.model;

import dev.warren.llm.Usage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts what is asked of providers: answers by their outcome, and tokens by their kind. The share
/// of the input that came from a provider's prompt cache is a gauge, over the life of the process.
/// Thread-safe.
final class ModelMetrics {
  private final MeterRegistry registry;
  private final Map<String, CacheShare> shares = new ConcurrentHashMap<>();

  ModelMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  private record CacheShare(LongAdder input, LongAdder cached) {
    double ratio() {
      long all = input.sum();
      return all == 0 ? 0 : (double) cached.sum() / all;
    }
  }

  void ended(String provider, String model, String outcome) {
    Counter.builder("warren.model.answers")
        .description("Answers of models, by how they ended")
        .tags("provider", provider, "model", model, "outcome", outcome)
        .register(registry)
        .increment();
  }

  void used(String provider, String model, Usage usage) {
    CacheShare share = shares.computeIfAbsent(provider, this::share);
    share.input().add(usage.inputTokens());
    share.cached().add(usage.cacheReadTokens());
    Tags tags = Tags.of("provider", provider, "model", model);
    tokens(tags, "input", usage.inputTokens());
    tokens(tags, "output", usage.outputTokens());
    tokens(tags, "cache_read", usage.cacheReadTokens());
    tokens(tags, "cache_write", usage.cacheWriteTokens());
    tokens(tags, "reasoning", usage.reasoningTokens());
  }

  private CacheShare share(String provider) {
    CacheShare share = new CacheShare(new LongAdder(), new LongAdder());
    Gauge.builder("warren.model.input.cached.ratio", share, CacheShare::ratio)
        .description("Share of the input tokens that the provider's prompt cache had")
        .tag("provider", provider)
        .register(registry);
    return share;
  }

  private void tokens(Tags tags, String kind, long count) {
    Counter.builder("warren.model.tokens")
        .description("Tokens that providers billed; cached ones are part of the input")
        .tags(tags.and(Tag.of("kind", kind)))
        .register(registry)
        .increment((double) count);
  }
}
