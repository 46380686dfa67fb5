package dev.warren.server.chat.events;

import dev.warren.server.chat.ChatId;
import dev.warren.server.replica.ReplicaId;
import java.io.IOException;
import java.io.InputStream;

/// A control plane without others.
public final class NoOtherReplica implements LiveSource {
  @Override
  public boolean isHere(ReplicaId replica) {
    return true;
  }

  @Override
  public InputStream open(ReplicaId owner, ChatId chat) throws IOException {
    throw new IOException("there is no other replica");
  }
}
