package dev.warren.server;

import java.util.Locale;

/// A setting of the control plane: its variable, the flag of the same name, and what it is.
enum Setting {
  ADDRESS("HOST:PORT", "where to listen", false),
  ACCESS_URL("URL", "what browsers and daemons use; http:// and the address when absent", false),
  POSTGRES_URL(
      "URL",
      "postgresql://user:password@host:port/database; an embedded PostgreSQL when absent",
      true),
  DATA_DIR("FOLDER", "where data, keys and the embedded PostgreSQL are", false),
  ADMIN_USERNAME("NAME", "the first administrator's, at the first start", false),
  ADMIN_EMAIL("EMAIL", "the first administrator's, at the first start", false),
  ADMIN_PASSWORD("PASSWORD", "the first administrator's, at the first start", true),
  ENCRYPTION_KEYS("KEYS", "base64 keys of 32 bytes, separated by commas; the first encrypts", true),
  REPLICA_URL("URL", "this replica's own address for the other replicas", false),
  DIRECT("true|false", "whether tunnels may leave the relay for a direct path", false),
  APPS_URL("URL", "where the ports of workspaces open in the browser", false),
  LOCAL_MOUNTS("FOLDER:NAME,…", "host folders that local workspaces see at /mnt/NAME", false),
  LOCAL_UNISOLATED("true|false", "whether local workspaces may run without bubblewrap", false);

  private final String form;
  private final String meaning;
  private final boolean secret;

  Setting(String form, String meaning, boolean secret) {
    this.form = form;
    this.meaning = meaning;
    this.secret = secret;
  }

  /// The environment's and the properties file's name of it.
  String variable() {
    return "WARREN_" + name();
  }

  String flag() {
    return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String form() {
    return form;
  }

  String meaning() {
    return meaning;
  }

  /// Whether its value must not be shown.
  boolean isSecret() {
    return secret;
  }
}
