package dev.warren.server.chat.events;

import dev.warren.server.chat.ChatId;
import dev.warren.server.replica.ReplicaId;
import java.io.IOException;
import java.io.InputStream;

/// Where the text in flight of other replicas' chats comes from.
public interface LiveSource {
  /// Whether this replica has that id.
  boolean isHere(ReplicaId replica);

  /// Opens the lines of a chat's [LiveUpdate]s at its owner. The stream lasts until either side
  /// ends it; an empty line means nothing.
  ///
  /// @throws IOException when the owner cannot be reached
  InputStream open(ReplicaId owner, ChatId chat) throws IOException, InterruptedException;
}
