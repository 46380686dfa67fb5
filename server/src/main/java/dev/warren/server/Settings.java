package dev.warren.server;

import dev.warren.llm.Secret;
import dev.warren.server.db.PostgresUrl;
import dev.warren.server.workspace.sandbox.LocalMount;
import java.io.IOException;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/// What an operator has set: by flags, else by environment variables, else in the data folder's
/// `warren.properties`.
///
/// @param accessUrl as set; see [#accessUrl(int)] for the one in force
/// @param encryptionKeys as set, not yet checked
/// @param localMounts as set; that they keep out of workspaces' folders is not yet checked
/// @param environment of the process, for the providers' own variables
/// @param throwAway whether the data is gone with the server, so that its disk need not be waited
///   for
public record Settings(
    InetSocketAddress address,
    Optional<URI> accessUrl,
    Optional<PostgresUrl> postgresUrl,
    Path dataFolder,
    Optional<FirstAdmin> firstAdmin,
    Optional<Secret> encryptionKeys,
    Optional<URI> replicaUrl,
    boolean direct,
    Optional<String> appsUrl,
    String localMounts,
    boolean localUnisolated,
    Map<String, String> environment,
    boolean throwAway) {
  private static final String ADDRESS_DEFAULT = "127.0.0.1:7080";
  private static final String FILE = "warren.properties";

  public Settings {
    environment = Map.copyOf(environment);
  }

  /// The administrator who is made at the first start.
  public record FirstAdmin(String username, String email, Secret password) {}

  /// Reads and checks all of them.
  ///
  /// @param flags that were given on the command line
  /// @throws SettingException when one is wrong
  static Settings read(Map<Setting, String> flags, Map<String, String> environment) {
    Path data = dataFolder(flags, environment);
    Map<Setting, String> values = new EnumMap<>(Setting.class);
    values.putAll(file(data.resolve(FILE)));
    for (Setting setting : Setting.values()) {
      String value = environment.get(setting.variable());
      if (value != null) {
        values.put(setting, value);
      }
    }
    values.putAll(flags);
    values.values().removeIf(String::isBlank);
    return new Settings(
        address(values.getOrDefault(Setting.ADDRESS, ADDRESS_DEFAULT)),
        url(values, Setting.ACCESS_URL),
        postgres(values),
        data,
        firstAdmin(values),
        Optional.ofNullable(values.get(Setting.ENCRYPTION_KEYS)).map(Secret::new),
        url(values, Setting.REPLICA_URL),
        flag(values, Setting.DIRECT, true),
        Optional.ofNullable(values.get(Setting.APPS_URL)),
        localMounts(values, data),
        flag(values, Setting.LOCAL_UNISOLATED, false),
        environment,
        false);
  }

  /// The same with data that is gone with the server.
  Settings forThrowAwayData() {
    return new Settings(
        address,
        accessUrl,
        postgresUrl,
        dataFolder,
        firstAdmin,
        encryptionKeys,
        replicaUrl,
        direct,
        appsUrl,
        localMounts,
        localUnisolated,
        environment,
        true);
  }

  private static Path dataFolder(Map<Setting, String> flags, Map<String, String> environment) {
    String value = flags.get(Setting.DATA_DIR);
    if (value == null) {
      value = environment.get(Setting.DATA_DIR.variable());
    }
    if (value == null || value.isBlank()) {
      return Path.of(System.getProperty("user.home"), ".local", "share", "warren");
    }
    try {
      return Path.of(value).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new SettingException(Setting.DATA_DIR, value, "it is not a folder's path");
    }
  }

  private static Map<Setting, String> file(Path file) {
    Map<Setting, String> values = new EnumMap<>(Setting.class);
    if (!Files.exists(file)) {
      return values;
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingException("cannot read " + file + ": " + e.getMessage());
    }
    for (String name : properties.stringPropertyNames()) {
      values.put(setting(name, file), properties.getProperty(name).strip());
    }
    return values;
  }

  private static Setting setting(String name, Path file) {
    for (Setting setting : Setting.values()) {
      if (setting.variable().equals(name) && setting != Setting.DATA_DIR) {
        return setting;
      }
    }
    throw new SettingException(file + " sets " + name + ", which is no setting that can be there");
  }

  private static InetSocketAddress address(String value) {
    int colon = value.lastIndexOf(':');
    String host = colon < 0 ? "" : value.substring(0, colon).replaceAll("^\\[|]$", "");
    try {
      int port = Integer.parseInt(value.substring(colon + 1));
      if (!host.isEmpty() && port >= 0 && port <= 65_535) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (!address.isUnresolved()) {
          return address;
        }
      }
    } catch (NumberFormatException e) {
      throw wrongAddress(value);
    }
    throw wrongAddress(value);
  }

  private static SettingException wrongAddress(String value) {
    return new SettingException(
        Setting.ADDRESS, value, "it must be HOST:PORT of this machine, such as " + ADDRESS_DEFAULT);
  }

  private static Optional<URI> url(Map<Setting, String> values, Setting setting) {
    String value = values.get(setting);
    if (value == null) {
      return Optional.empty();
    }
    String right = "it must be a URL such as https://warren.example.org";
    try {
      URI url = new URI(value.replaceAll("/+$", ""));
      boolean known = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (!known || url.getHost() == null || url.getQuery() != null || url.getUserInfo() != null) {
        throw new SettingException(setting, value, right);
      }
      return Optional.of(url);
    } catch (URISyntaxException e) {
      throw new SettingException(setting, value, right);
    }
  }

  private static Optional<PostgresUrl> postgres(Map<Setting, String> values) {
    String value = values.get(Setting.POSTGRES_URL);
    if (value == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(PostgresUrl.parse(value));
    } catch (IllegalArgumentException e) {
      throw new SettingException(
          Setting.POSTGRES_URL,
          value,
          e.getMessage() + "; it must be postgresql://user:password@host:port/database");
    }
  }

  private static Optional<FirstAdmin> firstAdmin(Map<Setting, String> values) {
    String username = values.get(Setting.ADMIN_USERNAME);
    String email = values.get(Setting.ADMIN_EMAIL);
    String password = values.get(Setting.ADMIN_PASSWORD);
    if (username == null && email == null && password == null) {
      return Optional.empty();
    }
    if (username == null || email == null || password == null) {
      throw new SettingException(
          "WARREN_ADMIN_USERNAME, WARREN_ADMIN_EMAIL and WARREN_ADMIN_PASSWORD are set together or"
              + " not at all");
    }
    return Optional.of(new FirstAdmin(username, email, new Secret(password)));
  }

  private static String localMounts(Map<Setting, String> values, Path data) {
    String value = values.getOrDefault(Setting.LOCAL_MOUNTS, "");
    try {
      LocalMount.parse(value, List.of(data));
      return value;
    } catch (IllegalArgumentException e) {
      throw new SettingException(Setting.LOCAL_MOUNTS, value, String.valueOf(e.getMessage()));
    }
  }

  private static boolean flag(Map<Setting, String> values, Setting setting, boolean absent) {
    String value = values.get(setting);
    if (value == null) {
      return absent;
    }
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new SettingException(setting, value, "it must be true or false");
    };
  }

  /// Where PostgreSQL's programs are unpacked: those of throw-away data where the next one finds
  /// them.
  Path programsFolder() {
    Path cache = Path.of(System.getProperty("user.home"), ".cache", "warren");
    if (throwAway) {
      try {
        return Files.createDirectories(cache);
      } catch (IOException e) {
        // A home that cannot be written to: they are unpacked each time.
        return dataFolder.resolve("programs");
      }
    }
    return dataFolder.resolve("programs");
  }

  /// What the embedded PostgreSQL is told.
  Map<String, String> postgresSettings() {
    return throwAway ? Map.of("fsync", "off", "full_page_writes", "off") : Map.of();
  }

  /// Whether only this machine reaches the server.
  boolean isLoopback() {
    return address.getAddress().isLoopbackAddress();
  }

  /// What browsers and daemons use, once it is known which port is listened on.
  URI accessUrl(int port) {
    if (accessUrl.isPresent()) {
      return accessUrl.get();
    }
    // The wildcard address is nowhere to go to.
    String host = address.getAddress().isAnyLocalAddress() ? "127.0.0.1" : address.getHostString();
    return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
  }
}
