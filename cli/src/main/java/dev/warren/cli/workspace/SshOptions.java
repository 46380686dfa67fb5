package dev.warren.cli.workspace;

import dev.warren.cli.client.ThisProgram;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// The options under which OpenSSH's client reaches workspaces, in its own configuration's words.
final class SshOptions {
  private SshOptions() {}

  /// @param host the workspace, or `%h`
  static Map<String, String> of(String host, Path knownHosts) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("ProxyCommand", ThisProgram.proxyCommand(host));
    options.put("UserKnownHostsFile", "\"" + knownHosts + "\"");
    options.put("GlobalKnownHostsFile", "/dev/null");
    options.put("StrictHostKeyChecking", "yes");
    options.put("HostKeyAlgorithms", "ssh-ed25519");
    options.put("CheckHostIP", "no");
    options.put("UpdateHostKeys", "no");
    // The tunnel has its own encryption; newer clients warn of every exchange without a KEM.
    options.put("IgnoreUnknown", "WarnWeakCrypto");
    options.put("WarnWeakCrypto", "no");
    return options;
  }
}
