package dev.warren.daemon;

import dev.warren.daemon.http.Request;
import dev.warren.daemon.store.Lease;
import dev.warren.daemon.store.Leases;
import dev.warren.daemon.store.StateFolder;
import dev.warren.protocol.daemon.DaemonHeaders;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/// What every request that changes something passes first: it is meant for this very store, it
/// comes from the newest owner of its chat, and it has an id. A request that does not say so is bad
/// input and changes nothing.
final class Fence {
  private final StateFolder state;
  private final Leases leases;

  Fence(StateFolder state, Leases leases) {
    this.state = state;
    this.leases = leases;
  }

  /// @param id the request's own, under which its effect is remembered
  /// @param chat for which it acts
  record Passed(UUID id, UUID chat) {}

  /// Lets the request pass or throws.
  Passed pass(Request request) throws IOException {
    String store = required(request.header(DaemonHeaders.STORE), DaemonHeaders.STORE, STORE);
    Lease lease =
        Lease.parse(required(request.header(DaemonHeaders.LEASE), DaemonHeaders.LEASE, LEASE));
    UUID id =
        required(
            request.uuidHeader(DaemonHeaders.IDEMPOTENCY_KEY), DaemonHeaders.IDEMPOTENCY_KEY, ID);
    state.check(store);
    leases.check(lease);
    return new Passed(id, lease.chat());
  }

  private static final String STORE = "the store_id of GET /v1/info";
  private static final String LEASE = "CHAT_ID/LEASE, such as 0198…/7";
  private static final String ID = "a UUID of version 7";

  private static <T> T required(Optional<T> value, String header, String what) {
    return value.orElseThrow(
        () -> DaemonException.badInput(header, "the header is missing: " + what));
  }
}
