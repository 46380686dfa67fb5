package dev.warren.cli.account;

import dev.warren.cli.client.Api;
import dev.warren.cli.client.Console;
import dev.warren.cli.client.Failure;
import dev.warren.cli.client.Login;
import java.util.Optional;
import picocli.CommandLine.Command;

/// Revokes the token that a login made, and forgets it.
@Command(
    name = "logout",
    mixinStandardHelpOptions = true,
    description = "Revoke and forget the token that 'login' keeps.")
public final class SignOut implements Runnable {
  @Override
  public void run() {
    Optional<Login> saved = Login.saved(System.getenv());
    Login login = saved.orElseThrow(() -> new Failure("not signed in"));
    Login.forget(System.getenv());
    if (login.tokenId().isPresent()) {
      try (Api api = new Api(login)) {
        api.delete("/tokens/" + login.tokenId().get());
      }
    }
    Console.standard().line("Signed out of " + login.url());
  }
}
