package dev.warren.protocol.daemon;

/// The `type`s of the daemon's problems that a caller acts on; all others are told by their status.
public final class DaemonProblems {
  /// 409: `Warren-Store` names another store; the answer's `Warren-Store` header has the right one.
  public static final String STORE = "/problems/store";

  /// 409: a newer owner of the chat has been here.
  public static final String LEASE = "/problems/lease";

  /// 409: the id is known with another input.
  public static final String INPUT = "/problems/input";

  /// 409: the id was cancelled before it started.
  public static final String CANCELLED = "/problems/cancelled";

  /// 409: the effect was accepted before, and how far it got cannot be known.
  public static final String UNKNOWN = "/problems/unknown";

  /// 410: the id is older than what the store remembers.
  public static final String EXPIRED = "/problems/expired";

  /// 422: edits that do not fit the files; `errors` has one entry an edit.
  public static final String EDIT = "/problems/edit";

  /// 422: somebody else changed the file since the chat saw it.
  public static final String STALE = "/problems/stale";

  /// 415: the file is not text.
  public static final String BINARY = "/problems/binary";

  /// 413: the file is over the limit of its operation.
  public static final String TOO_LARGE = "/problems/too-large";

  /// 507: the disk is full.
  public static final String DISK_FULL = "/problems/disk-full";

  private DaemonProblems() {}
}
