package dev.warren.server.access;

/// Who asks.
///
/// @param credential the session or token it was proved with
/// @param scope what that credential is good for
public record Caller(
    UserId id, String username, String email, Role role, CredentialId credential, Scope scope) {
  public boolean isAdmin() {
    return role == Role.ADMIN;
  }

  /// Whether this caller may look at what belongs to `owner`.
  public boolean mayRead(UserId owner) {
    return id.equals(owner) || role.readsAll();
  }

  /// Whether this caller may act on what belongs to `owner`.
  public boolean owns(UserId owner) {
    return id.equals(owner);
  }
}
