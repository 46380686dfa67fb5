package dev.warren.server.db;

/// The database could not be reached or broke off; nothing is known to be committed. Trying again
/// later may succeed.
public final class DatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseException(String message, Throwable cause) {
    super(message, cause);
  }
}
