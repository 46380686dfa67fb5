package dev.warren.llm.cloud;

import dev.warren.llm.ProviderException;
import dev.warren.llm.ProviderSettings;
import dev.warren.llm.anthropic.Anthropic;
import dev.warren.llm.google.Gemini;
import dev.warren.llm.http.Credentials;
import dev.warren.llm.http.Service;
import dev.warren.llm.wire.Endpoint;
import dev.warren.llm.wire.Formats;
import dev.warren.protocol.UuidV7;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/// Gemini's and Anthropic's models on Google's cloud (Vertex). The project and the location stand
/// in the path; with an API key (express mode) neither is needed.
public final class VertexProvider {
  /// Hosts of locations that are no regions; a region's is made of its name (Google's page on
  /// endpoints, November 2026).
  private static final Map<String, String> HOSTS =
      Map.of(
          "global", "aiplatform.googleapis.com",
          "us", "aiplatform.us.rep.googleapis.com",
          "eu", "aiplatform.eu.rep.googleapis.com");

  private VertexProvider() {}

  public static Service service(ProviderSettings settings) {
    ProviderSettings.Google google = settings.cloud().google();
    String location = google.location().orElse("global");
    if (!location.matches("[a-z0-9-]{1,40}")) {
      throw ProviderException.settings("The location " + location + " is none of Google's cloud.");
    }
    URI usual =
        URI.create(
            "https://" + HOSTS.getOrDefault(location, location + "-aiplatform.googleapis.com"));
    Endpoint endpoint = Endpoint.of(settings.baseUrl().orElse(usual));
    GoogleToken token = new GoogleToken(settings.apiKey());
    boolean express = settings.apiKey().isPresent() && !token.isAccountFile();
    Optional<String> project = google.project().or(token::project);
    if (project.isEmpty() && !express) {
      throw ProviderException.settings("A provider of kind vertex needs a project.");
    }
    String place = project.map(name -> "/projects/" + name + "/locations/" + location).orElse("");
    String version = endpoint.base().getPath().matches(".*/v\\d\\w*/?") ? "" : "/v1";
    Gemini gemini =
        new Gemini(model -> version + place + "/publishers/google/models/" + model, UuidV7::next);
    Anthropic anthropic =
        new Anthropic(
            model ->
                version + place + "/publishers/anthropic/models/" + model + ":streamRawPredict",
            Anthropic.Host.VERTEX,
            UuidV7::next);
    Formats formats = Formats.byModel(model -> model.startsWith("claude") ? anthropic : gemini);
    Credentials credentials =
        express ? Credentials.key("x-goog-api-key", "", settings.apiKey().orElseThrow()) : token;
    return new Service(endpoint, formats, credentials);
  }
}
