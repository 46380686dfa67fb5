package dev.warren.llm.cloud;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import dev.warren.llm.ProviderException;
import dev.warren.llm.Secret;
import dev.warren.llm.http.Credentials;
import dev.warren.llm.wire.WireJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Access tokens of Google's cloud: of a service account whose key file, in Base64, is the API key,
/// else of the machine's application-default credentials. Thread-safe; Google's library keeps the
/// token until shortly before its end.
final class GoogleToken implements Credentials {
  private static final List<String> SCOPES =
      List.of("https://www.googleapis.com/auth/cloud-platform");

  private final Optional<String> accountFile;
  private volatile @Nullable GoogleCredentials credentials;

  GoogleToken(Optional<Secret> key) {
    this.accountFile = key.flatMap(GoogleToken::accountFile);
  }

  private static Optional<String> accountFile(Secret key) {
    try {
      String json = new String(Base64.getDecoder().decode(key.reveal()), StandardCharsets.UTF_8);
      return WireJson.object(json)
          .filter(file -> WireJson.string(file, "type").equals("service_account"))
          .map(file -> json);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// Whether the API key is a service account's key file.
  boolean isAccountFile() {
    return accountFile.isPresent();
  }

  /// The project that the service account belongs to.
  Optional<String> project() {
    return accountFile
        .flatMap(WireJson::object)
        .map(file -> WireJson.string(file, "project_id"))
        .filter(project -> !project.isEmpty());
  }

  @Override
  public Map<String, String> headers(URI uri, byte[] body) throws InterruptedException {
    try {
      GoogleCredentials known = credentials();
      known.refreshIfExpired();
      AccessToken token = known.getAccessToken();
      if (token == null) {
        throw new IOException("no token");
      }
      return Map.of("Authorization", "Bearer " + token.getTokenValue());
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while Google was asked for a token");
      }
      // Not chained: the library's message may quote what the authority said.
      throw new ProviderException(
          ProviderException.Kind.AUTH,
          0,
          Optional.empty(),
          "Google gave no access token; check the service account, or the machine's"
              + " application-default credentials (GOOGLE_APPLICATION_CREDENTIALS).");
    }
  }

  /// Two threads may make them at once; both are good.
  private GoogleCredentials credentials() throws IOException {
    GoogleCredentials known = credentials;
    if (known == null) {
      known =
          accountFile.isPresent()
              ? ServiceAccountCredentials.fromStream(
                  new ByteArrayInputStream(accountFile.get().getBytes(StandardCharsets.UTF_8)))
              : GoogleCredentials.getApplicationDefault();
      known = known.createScoped(SCOPES);
      credentials = known;
    }
    return known;
  }
}
