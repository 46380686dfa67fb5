package dev.warren.tunnel;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// From which of this machine's addresses packets go to the relay: a connection that began at
/// another one leads nowhere, or soon will.
final class RelayRoute {
  /// What has happened since it was looked at last.
  enum Change {
    NONE,

    /// Packets would leave from elsewhere now, or there was no way for a while.
    SUSPECT,

    /// The address at which the connection began is not this machine's any more.
    LOST
  }

  private final Supplier<Optional<InetAddress>> source;
  private final Predicate<InetAddress> isOurs;
  private final Optional<InetAddress> began;
  private Optional<InetAddress> last;

  /// @param source from where a packet to the relay would leave now, when there is a way
  /// @param isOurs whether this machine has an address
  RelayRoute(Supplier<Optional<InetAddress>> source, Predicate<InetAddress> isOurs) {
    this.source = source;
    this.isOurs = isOurs;
    this.began = source.get();
    this.last = began;
  }

  /// As this machine's routing table has it.
  static RelayRoute to(InetSocketAddress relay) {
    return new RelayRoute(() -> source(relay), RelayRoute::isOurs);
  }

  Change look() {
    Optional<InetAddress> now = source.get();
    boolean changed = !now.equals(last);
    last = now;
    if (!changed || now.isEmpty()) {
      return Change.NONE;
    }
    return now.equals(began) || began.filter(isOurs).isPresent() ? Change.SUSPECT : Change.LOST;
  }

  /// Connecting a UDP socket sends nothing: it only asks the kernel for the way.
  private static Optional<InetAddress> source(InetSocketAddress relay) {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(relay);
      return Optional.ofNullable(socket.getLocalAddress())
          .filter(address -> !address.isAnyLocalAddress());
    } catch (IOException | java.io.UncheckedIOException e) {
      return Optional.empty();
    }
  }

  private static boolean isOurs(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return true;
    }
  }
}
