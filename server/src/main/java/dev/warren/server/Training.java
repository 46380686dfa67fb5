package dev.warren.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Starts a control plane with throw-away data, asks it this and that, and stops it: what a class
/// cache is trained on.
final class Training {
  private static final List<String> PATHS =
      List.of("/healthz", "/readyz", "/", "/api/v1/users/first", "/api/v1/users/me", "/metrics");
  private static final int ROUNDS = 20;

  private Training() {}

  static void run() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("warren-train-");
    try {
      Map<Setting, String> flags =
          Map.of(
              Setting.ADDRESS, "127.0.0.1:0", Setting.DATA_DIR, folder.resolve("data").toString());
      try (ControlPlane controlPlane =
              ControlPlane.start(Settings.read(flags, Map.of()).forThrowAwayData(), line -> {});
          HttpClient client = HttpClient.newHttpClient()) {
        for (int i = 0; i < ROUNDS; i++) {
          for (String path : PATHS) {
            URI uri = controlPlane.url().resolve(path);
            client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding());
          }
        }
      }
    } finally {
      Folders.delete(folder);
    }
  }
}
