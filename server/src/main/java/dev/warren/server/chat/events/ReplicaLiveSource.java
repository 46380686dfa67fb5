package dev.warren.server.chat.events;

import dev.warren.server.chat.ChatId;
import dev.warren.server.replica.Peer;
import dev.warren.server.replica.PeerClient;
import dev.warren.server.replica.Replica;
import dev.warren.server.replica.ReplicaId;
import java.io.IOException;
import java.io.InputStream;

/// Text in flight from other replicas by their own HTTP.
public final class ReplicaLiveSource implements LiveSource {
  private final Replica self;
  private final PeerClient client;

  public ReplicaLiveSource(Replica self, PeerClient client) {
    this.self = self;
    this.client = client;
  }

  @Override
  public boolean isHere(ReplicaId replica) {
    return self.is(replica);
  }

  @Override
  public InputStream open(ReplicaId owner, ChatId chat) throws IOException, InterruptedException {
    Peer peer =
        self.peers()
            .find(owner)
            .orElseThrow(() -> new IOException("replica " + owner + " is not known to live"));
    return client.get(peer, LiveRoutes.path(chat));
  }
}
