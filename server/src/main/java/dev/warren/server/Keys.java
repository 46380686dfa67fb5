package dev.warren.server;

import dev.warren.server.sealing.KeyStore;
import dev.warren.server.sealing.Keyring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// Finds the keys that seal what is secret in the database, and checks that they are the right
/// ones.
final class Keys {
  private static final String FILE = "encryption.keys";

  private Keys() {}

  /// @throws SettingException when the database's values are sealed with keys that are not here
  static Keyring open(Settings settings, Path data, KeyStore store) throws IOException {
    Keyring keyring = keyring(settings, data.resolve(FILE), store);
    Set<String> missing = store.enter(keyring);
    if (!missing.isEmpty()) {
      throw new SettingException(
          "WARREN_ENCRYPTION_KEYS is wrong: the database is sealed with the keys "
              + missing
              + ", but there are only "
              + keyring.ids()
              + "; add the missing ones behind");
    }
    return keyring;
  }

  private static Keyring keyring(Settings settings, Path file, KeyStore store) throws IOException {
    if (settings.encryptionKeys().isPresent()) {
      try {
        return Keyring.parse(settings.encryptionKeys().get().reveal());
      } catch (IllegalArgumentException e) {
        throw new SettingException(
            Setting.ENCRYPTION_KEYS,
            "",
            e.getMessage() + "; make one with: head -c 32 /dev/urandom | base64");
      }
    }
    if (!Files.exists(file) && !store.needed().isEmpty()) {
      throw new SettingException(
          "WARREN_ENCRYPTION_KEYS must be set: the database is sealed with the keys "
              + store.needed()
              + ", and "
              + file
              + " is not there");
    }
    try {
      return Keyring.loadOrCreate(file);
    } catch (IllegalArgumentException e) {
      throw new SettingException(file + " holds no good keys: " + e.getMessage());
    }
  }
}
