package dev.warren.server.chat.events;

import dev.warren.server.http.EventOutlet;
import dev.warren.server.http.EventSource;
import dev.warren.server.http.Frame;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A chat's events as one reader of HTTP takes them.
public final class SubscriptionSource implements EventSource {
  private final ChatSubscription subscription;

  public SubscriptionSource(ChatSubscription subscription) {
    this.subscription = subscription;
  }

  @Override
  public void outlet(EventOutlet outlet) {
    subscription.outlet(outlet);
  }

  @Override
  public Optional<List<Frame>> next(Duration wait) throws InterruptedException {
    List<Frame> frames = subscription.take(wait);
    return frames.isEmpty() && subscription.ended() ? Optional.empty() : Optional.of(frames);
  }

  @Override
  public void close() {
    subscription.close();
  }
}
