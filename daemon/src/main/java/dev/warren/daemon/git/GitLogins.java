package dev.warren.daemon.git;

import dev.warren.protocol.tunnel.GitLogin;
import java.io.IOException;

/// Where logins come from.
@FunctionalInterface
public interface GitLogins {
  /// @param host with `:port` where that is not the scheme's own
  /// @throws IOException when there is none; its message is for who runs git
  GitLogin at(String host) throws IOException, InterruptedException;
}
