package dev.warren.llm.cloud;

import dev.warren.llm.ProviderException;
import dev.warren.llm.ProviderSettings.Aws;
import dev.warren.llm.http.Credentials;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// A program that signs in as its environment says, twice, and prints the headers or the failure:
/// the libraries of the clouds read the environment of their process.
final class SignInProbe {
  private SignInProbe() {}

  public static void main(String[] args) throws InterruptedException {
    Credentials credentials =
        switch (args[0]) {
          case "aws" -> aws(Optional.empty());
          case "aws profile" -> aws(Optional.of("team"));
          case "google" -> new GoogleToken(Optional.empty());
          default -> throw new IllegalArgumentException(args[0]);
        };
    for (int i = 0; i < 2; i++) {
      try {
        Map<String, String> headers =
            credentials.headers(
                URI.create("https://models.test/v1/x"), "{}".getBytes(StandardCharsets.UTF_8));
        System.out.println("headers " + headers);
      } catch (ProviderException e) {
        System.out.println("failed " + e.kind() + " " + e.getMessage());
      }
    }
  }

  private static Credentials aws(Optional<String> profile) {
    Aws aws = new Aws(Optional.of("us-east-1"), profile, Optional.empty());
    return new AwsSignature(aws, Optional.empty(), "us-east-1");
  }
}
