package dev.warren.tunnel;

import dev.warren.protocol.tunnel.NodeKey;
import dev.warren.tunnel.path.PathSelector;
import dev.warren.tunnel.path.ProbeKeys;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The peers of a UDP socket, by what a datagram shows: whose probe it is, and where from. On the
/// event loop.
final class PathTable {
  private final Map<NodeKey, DirectPath> paths = new HashMap<>();
  private final Map<Long, DirectPath> byTag = new HashMap<>();
  private final Map<InetSocketAddress, DirectPath> byAddress = new HashMap<>();

  @Nullable DirectPath find(NodeKey peer) {
    return paths.get(peer);
  }

  List<DirectPath> all() {
    return List.copyOf(paths.values());
  }

  /// The peer that has proved to be there.
  @Nullable DirectPath at(InetSocketAddress address) {
    return byAddress.get(address);
  }

  /// The peer whose probes carry this tag.
  Optional<DirectPath> tagged(long tag) {
    return Optional.ofNullable(byTag.get(tag));
  }

  DirectPath add(Peer peer, PathSelector selector) {
    DirectPath path = new DirectPath(peer, selector);
    paths.put(peer.key, path);
    return path;
  }

  /// The peer has another key: it is another process, and nothing of before counts.
  void rekey(DirectPath path, KeyPair own, byte[] key, long now) {
    ProbeKeys before = path.keys;
    if (before != null) {
      byTag.remove(before.openingTag(), path);
      path.selector.reset(now);
    }
    forgetAddresses(path);
    path.keys = ProbeKeys.of(own, key).orElse(null);
    if (path.keys != null) {
      byTag.put(path.keys.openingTag(), path);
    }
  }

  /// Something that only this peer can have sealed came from there.
  void authentic(DirectPath path, InetSocketAddress from) {
    if (path.authentic.size() >= PathSelector.CANDIDATES_MAX && !path.authentic.contains(from)) {
      forgetAddresses(path);
    }
    path.authentic.add(from);
    byAddress.put(from, path);
  }

  void forgetAddresses(DirectPath path) {
    path.authentic.forEach(address -> byAddress.remove(address, path));
    path.authentic.clear();
  }

  void remove(DirectPath path) {
    paths.remove(path.peer.key, path);
    if (path.keys != null) {
      byTag.remove(path.keys.openingTag(), path);
    }
    forgetAddresses(path);
  }

  void clear() {
    paths.clear();
    byTag.clear();
    byAddress.clear();
  }
}
