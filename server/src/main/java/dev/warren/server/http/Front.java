package dev.warren.server.http;

import org.eclipse.jetty.server.Handler;

/// A handler of the server's own that stands before the routes: the relay. For `http` and packages
/// below it only.
public interface Front {
  /// @param routes what answers everything that is not for this front
  Handler before(Handler routes);
}
