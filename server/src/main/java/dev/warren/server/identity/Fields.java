package dev.warren.server.identity;

import dev.warren.server.http.Problems;
import java.util.regex.Pattern;

/// What the fields of a user may be.
public final class Fields {
  private static final Pattern EMAIL = Pattern.compile("[^\\s@<>\"]{1,64}@[^\\s@<>\"]{1,190}");
  private static final Pattern USERNAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,31}");

  private Fields() {}

  /// @throws dev.warren.server.http.ProblemException when it is not one
  public static String email(String email) {
    if (!EMAIL.matcher(email).matches()) {
      throw Problems.badInput("email", "is not an email address");
    }
    return email;
  }

  /// @throws dev.warren.server.http.ProblemException when it is not one
  public static String username(String username) {
    if (!USERNAME.matcher(username).matches()) {
      throw Problems.badInput(
          "username",
          "is not 1 to 32 letters, digits, dots, dashes and underscores, the first a letter or digit");
    }
    return username;
  }

  /// @throws dev.warren.server.http.ProblemException when it is not one
  public static String password(String password) {
    if (password.length() < Passwords.LENGTH_MIN || password.length() > Passwords.LENGTH_MAX) {
      throw Problems.badInput(
          "password",
          "is not " + Passwords.LENGTH_MIN + " to " + Passwords.LENGTH_MAX + " characters long");
    }
    return password;
  }
}
