package dev.warren.server;

import java.net.URI;
import java.util.function.Supplier;

/// What browsers and daemons use; its port may be known only once the server listens.
final class AccessUrl implements Supplier<URI> {
  private volatile URI url;

  AccessUrl(URI url) {
    this.url = url;
  }

  @Override
  public URI get() {
    return url;
  }

  void set(URI known) {
    url = known;
  }
}
