package dev.warren.cli.client;

import dev.warren.protocol.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/// Where the control plane is and the token that opens it.
///
/// @param url without a trailing slash
/// @param tokenId names the token, so that a logout can revoke it; absent for a given token
public record Login(String url, String token, Optional<String> tokenId) {
  private static final String FILE = "login.json";

  public Login {
    url = url.replaceFirst("/+$", "");
  }

  @Override
  public String toString() {
    return "Login[" + url + "]";
  }

  /// A URL as a user types it, checked.
  public static String checkedUrl(String given) {
    String url = given.contains("://") ? given : "http://" + given;
    try {
      URI parsed = URI.create(url);
      boolean http = "http".equals(parsed.getScheme()) || "https".equals(parsed.getScheme());
      if (http && parsed.getHost() != null) {
        return url.replaceFirst("/+$", "");
      }
    } catch (IllegalArgumentException e) {
      throw new Failure("'" + given + "' is no URL; it looks like http://127.0.0.1:7080", e);
    }
    throw new Failure("'" + given + "' is no URL; it looks like http://127.0.0.1:7080");
  }

  /// The login of this run: `WARREN_URL` and `WARREN_TOKEN` before what was saved.
  public static Login current(Map<String, String> environment) {
    Optional<Login> saved = saved(environment);
    Optional<String> url = setting(environment, "WARREN_URL").map(Login::checkedUrl);
    Optional<String> token = setting(environment, "WARREN_TOKEN");
    if (url.isEmpty() && saved.isEmpty()) {
      throw new Failure(
          "not signed in: run "
              + ThisProgram.line("login URL")
              + ", or set WARREN_URL and WARREN_TOKEN");
    }
    String at = url.orElseGet(() -> saved.orElseThrow().url());
    if (token.isPresent()) {
      return new Login(at, token.get(), Optional.empty());
    }
    return saved
        .filter(login -> login.url().equals(at))
        .orElseThrow(() ->
            new Failure("not signed in at " + at + ": run " + ThisProgram.line("login " + at)));
  }

  public static Optional<Login> saved(Map<String, String> environment) {
    Path file = folder(environment).resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.LENIENT.readValue(Files.readString(file), Login.class));
    } catch (IOException | JacksonException e) {
      throw new Failure(
          "cannot read " + file + ": sign in again with " + ThisProgram.line("login URL"), e);
    }
  }

  /// Writes the login readable by its owner only, whole or not at all.
  public void save(Map<String, String> environment) {
    Path folder = folder(environment);
    try {
      Files.createDirectories(folder);
      boolean posix = Files.getFileStore(folder).supportsFileAttributeView("posix");
      Path draft =
          posix
              ? Files.createTempFile(
                  folder,
                  FILE,
                  null,
                  PosixFilePermissions.asFileAttribute(
                      PosixFilePermissions.fromString("rw-------")))
              : Files.createTempFile(folder, FILE, null);
      Files.writeString(draft, Json.STRICT.writeValueAsString(this) + "\n");
      Files.move(draft, folder.resolve(FILE), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new Failure("cannot write the login to " + folder + ": is it yours to write?", e);
    }
  }

  public static void forget(Map<String, String> environment) {
    Path file = folder(environment).resolve(FILE);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new Failure("cannot delete " + file + ": is it yours to delete?", e);
    }
  }

  public static Path folder(Map<String, String> environment) {
    Optional<String> given = setting(environment, "WARREN_CONFIG_DIR");
    if (given.isPresent()) {
      return Path.of(given.get());
    }
    Path home = Path.of(System.getProperty("user.home"));
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (os.contains("mac")) {
      return home.resolve("Library/Application Support/warren");
    }
    if (os.contains("windows")) {
      return setting(environment, "APPDATA").map(Path::of).orElse(home).resolve("warren");
    }
    return setting(environment, "XDG_CONFIG_HOME")
        .map(Path::of)
        .orElse(home.resolve(".config"))
        .resolve("warren");
  }

  private static Optional<String> setting(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }
}
