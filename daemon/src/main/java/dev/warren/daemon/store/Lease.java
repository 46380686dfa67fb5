package dev.warren.daemon.store;

import dev.warren.daemon.DaemonException;
import dev.warren.protocol.daemon.DaemonHeaders;
import java.util.UUID;

/// The right of one owner of a chat to act: a later owner has a higher number.
public record Lease(UUID chat, long number) {
  /// Reads the header `CHAT_ID/LEASE`.
  public static Lease parse(String header) {
    int slash = header.indexOf('/');
    try {
      String number = header.substring(slash + 1);
      if (slash == 36 && !number.isEmpty() && number.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return new Lease(UUID.fromString(header.substring(0, slash)), Long.parseLong(number));
      }
    } catch (IllegalArgumentException malformed) {
      // Told below.
    }
    throw DaemonException.badInput(DaemonHeaders.LEASE, "CHAT_ID/LEASE, such as 0198…/7");
  }
}
