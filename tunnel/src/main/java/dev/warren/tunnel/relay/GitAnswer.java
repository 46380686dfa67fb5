package dev.warren.tunnel.relay;

import dev.warren.protocol.tunnel.GitLogin;

/// What a node hears that asks for its owner's login at a git host.
public sealed interface GitAnswer {
  record Given(GitLogin login) implements GitAnswer {}

  /// @param reason for the person who runs git
  record Refused(String reason) implements GitAnswer {}
}
