package dev.warren.cli.account;

import dev.warren.cli.client.Api;
import dev.warren.cli.client.Console;
import dev.warren.cli.client.Failure;
import dev.warren.cli.client.Login;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Signs in once and keeps a token of its own.
@Command(
    name = "login",
    mixinStandardHelpOptions = true,
    description = {
      "Sign in to a control plane and keep a token.",
      "Without --token, asks for email and password; from a pipe, reads them from two lines."
    })
public final class SignIn implements Runnable {
  @Parameters(paramLabel = "URL", description = "such as http://127.0.0.1:7080")
  private String url = "";

  @Option(names = "--token", description = "a token made before, instead of email and password")
  private @Nullable String token;

  @Override
  public void run() {
    String at = Login.checkedUrl(url);
    Login login = token == null ? withPassword(at) : new Login(at, token.strip(), Optional.empty());
    try (Api api = new Api(login)) {
      JsonNode me = api.get("/users/me");
      login.save(System.getenv());
      Console.standard()
          .line(
              "Signed in to "
                  + at
                  + " as "
                  + Console.at(me.has("user") ? me.path("user") : me, "username"));
    }
  }

  private static Login withPassword(String url) {
    String[] answers = ask();
    JsonNode session;
    try (Api nobody = new Api(new Login(url, "", Optional.empty()))) {
      session = nobody.post("/sessions", Map.of("email", answers[0], "password", answers[1]));
    }
    Login signedIn = new Login(url, Console.at(session, "token"), Optional.empty());
    try (Api api = new Api(signedIn)) {
      JsonNode token = api.post("/tokens", Map.of("name", "warren login on " + host()));
      api.delete("/sessions/current");
      return new Login(url, Console.at(token, "token"), token.path("id").asStringOpt());
    }
  }

  private static String[] ask() {
    Optional<java.io.Console> keyboard = Console.keyboard();
    if (keyboard.isPresent()) {
      java.io.Console console = keyboard.get();
      String email = console.readLine("Email: ");
      char[] password = console.readPassword("Password: ");
      if (email != null && password != null) {
        return new String[] {email.strip(), new String(password)};
      }
      throw new Failure("no email and password given");
    }
    try {
      var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String email = lines.readLine();
      String password = lines.readLine();
      if (email != null && password != null) {
        return new String[] {email.strip(), password};
      }
    } catch (IOException e) {
      throw new Failure("cannot read email and password from standard input", e);
    }
    throw new Failure("give --token, or email and password on two lines of standard input");
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "this machine";
    }
  }
}
