package dev.warren.server.db;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/// Where a PostgreSQL database is: `postgresql://user:password@host:port/database?sslmode=…`. Its
/// `toString` leaves the password out.
///
/// @param parameters of the connection, in libpq's names
public record PostgresUrl(
    String host,
    int port,
    String database,
    String user,
    String password,
    Map<String, String> parameters) {
  private static final int PORT_DEFAULT = 5432;
  private static final String LOGIN_S_MAX = "5";

  /// libpq's names that mean the same to the driver, and the driver's name of each.
  private static final Map<String, String> DRIVER_NAMES =
      Map.of(
          "sslmode", "sslmode",
          "sslrootcert", "sslrootcert",
          "sslcert", "sslcert",
          "sslkey", "sslkey",
          "sslpassword", "sslpassword",
          "channel_binding", "channelBinding",
          "target_session_attrs", "targetServerType",
          "connect_timeout", "connectTimeout",
          "options", "options");

  public PostgresUrl {
    parameters = Map.copyOf(parameters);
    Set<String> unknown =
        parameters.keySet().stream()
            .filter(name -> !DRIVER_NAMES.containsKey(name))
            .collect(Collectors.toSet());
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "unknown parameters " + unknown + "; known are " + DRIVER_NAMES.keySet());
    }
  }

  /// @throws IllegalArgumentException with a message that says what is wrong, without the password
  public static PostgresUrl parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      // The exception's own message would quote the password.
      throw new IllegalArgumentException(
          "not a URL, at character " + e.getIndex() + "; percent-encode special characters");
    }
    String scheme = uri.getScheme();
    if (!"postgresql".equals(scheme) && !"postgres".equals(scheme)) {
      throw new IllegalArgumentException("the scheme is " + scheme + ", not postgresql");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("the host is missing");
    }
    String path = uri.getRawPath();
    if (path == null || path.length() < 2) {
      throw new IllegalArgumentException("the database is missing after the host");
    }
    String info = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
    int colon = info.indexOf(':');
    String user = decode(colon < 0 ? info : info.substring(0, colon));
    if (user.isEmpty()) {
      throw new IllegalArgumentException("the user is missing before the host");
    }
    return new PostgresUrl(
        uri.getHost(),
        uri.getPort() < 0 ? PORT_DEFAULT : uri.getPort(),
        decode(path.substring(1)),
        user,
        colon < 0 ? "" : decode(info.substring(colon + 1)),
        query(uri.getRawQuery() == null ? "" : uri.getRawQuery()));
  }

  private static Map<String, String> query(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&")) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        parameters.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1)));
      }
    }
    return parameters;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /// The same server, another database.
  public PostgresUrl withDatabase(String other) {
    return new PostgresUrl(host, port, other, user, password, parameters);
  }

  String jdbcUrl() {
    String bracketed = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    return "jdbc:postgresql://" + bracketed + ":" + port + "/" + encode(database);
  }

  Properties driverProperties() {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("ApplicationName", "warren");
    properties.setProperty("tcpKeepAlive", "true");
    // A server that takes the connection and then says nothing is not there.
    properties.setProperty("loginTimeout", LOGIN_S_MAX);
    parameters.forEach((name, value) ->
        properties.setProperty(
            DRIVER_NAMES.getOrDefault(name, name),
            name.equals("target_session_attrs") ? value.replace("read-write", "primary") : value));
    return properties;
  }

  private static String encode(String text) {
    return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return "postgresql://" + user + "@" + host + ":" + port + "/" + database;
  }
}
