package dev.warren.server.chat;

import dev.warren.server.access.UserId;
import dev.warren.server.chat.ChatSignals.Signal;
import dev.warren.server.chat.ChatSignals.State;
import dev.warren.server.db.Notifications;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// Carries signals of changed chats between replicas: what is committed here is published, what
/// another publishes is heard here. A note is `CHAT OWNER VERSION [STATUS LEASE]`.
public final class ChatNotices implements ChatSignals.Listener {
  private static final String TOPIC = "chat";

  private final Notifications notifications;
  private final ChatSignals signals;

  public ChatNotices(Notifications notifications, ChatSignals signals) {
    this.notifications = notifications;
    this.signals = signals;
  }

  /// From now on both ways.
  public void start() {
    signals.add(this);
    notifications.listen(TOPIC, note -> signals.heard(signal(note)));
  }

  @Override
  public void changed(Signal signal, boolean here) {
    if (here) {
      notifications.publish(TOPIC, note(signal));
    }
  }

  static String note(Signal signal) {
    String note = signal.chat() + " " + signal.owner() + " " + signal.version();
    return signal
        .state()
        .map(state -> note + " " + state.status() + " " + state.lease())
        .orElse(note);
  }

  static Signal signal(String note) {
    String[] words = note.split(" ");
    Optional<State> state =
        words.length < 5
            ? Optional.empty()
            : Optional.of(
                new State(
                    ChatStatus.valueOf(words[3].toUpperCase(Locale.ROOT)),
                    Long.parseLong(words[4])));
    return new Signal(
        new ChatId(UUID.fromString(words[0])),
        new UserId(UUID.fromString(words[1])),
        Long.parseLong(words[2]),
        state);
  }
}
