package dev.warren.daemon.git;

import dev.warren.protocol.tunnel.GitLogin;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What git says to its askpass program: `Username for 'https://host': `, then `Password for
/// 'https://user@host': ` (credential.c, `credential_ask_one`; it is not translated).
///
/// @param host in lower case, with `:port` where that is not the scheme's own
record GitPrompt(Wanted wanted, boolean encrypted, String host) {
  private static final Pattern FORM =
      Pattern.compile(
          "(Username|Password) for '(https?)://(?:[^/]*@)?([^/@']+)(?:/[^']*)?': ?",
          Pattern.CASE_INSENSITIVE);

  /// Hosts whose connections do not leave the machine.
  private static final Pattern LOOPBACK =
      Pattern.compile("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d+)?");

  /// Which part of a login.
  enum Wanted {
    USERNAME,
    PASSWORD;

    String of(GitLogin login) {
      return switch (this) {
        case USERNAME -> login.username();
        case PASSWORD -> login.password();
      };
    }
  }

  static Optional<GitPrompt> parse(String text) {
    Matcher match = FORM.matcher(text);
    return match.matches()
        ? Optional.of(
            new GitPrompt(
                Wanted.valueOf(match.group(1).toUpperCase(Locale.ROOT)),
                match.group(2).equalsIgnoreCase("https"),
                match.group(3).toLowerCase(Locale.ROOT)))
        : Optional.empty();
  }

  /// Whether a password may go there: nobody on the way can read it.
  boolean isPrivate() {
    return encrypted || LOOPBACK.matcher(host).matches();
  }
}
