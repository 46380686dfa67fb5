package dev.warren.protocol.daemon;

/// Headers of a mutating request to the daemon: all three, or it is answered 400 and changes
/// nothing. People act through `ssh` and `terminal` streams, which carry none.
public final class DaemonHeaders {
  /// The `store_id` that the caller believes in; another one is answered 409.
  public static final String STORE = "Warren-Store";

  /// `CHAT_ID/LEASE`: the fencing number of the chat's owner; lower than the highest seen is
  /// answered 409. On `GET /v1/files/lines` it says which chat reads; there it is not needed.
  public static final String LEASE = "Warren-Lease";

  /// The id of the effect, a UUID: the same id never takes effect twice.
  public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  private DaemonHeaders() {}
}
