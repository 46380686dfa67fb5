package dev.warren.llm;

import dev.warren.protocol.UuidV7;
import java.net.URI;

/// Models of many makers on AWS Bedrock, by ConverseStream; Anthropic's by their own format where
/// the settings ask for it.
final class BedrockProvider {
  private BedrockProvider() {}

  static Providers.Parts parts(ProviderSettings settings) {
    ProviderSettings.Aws aws = settings.cloud().aws();
    String region = AwsSignature.region(aws);
    if (!region.matches("[a-z0-9-]{1,40}")) {
      throw Providers.wrong("The region " + region + " is none of AWS.");
    }
    URI usual = URI.create("https://bedrock-runtime." + region + ".amazonaws.com");
    Endpoint endpoint = Endpoint.of(settings.baseUrl().orElse(usual));
    boolean messages =
        Providers.api(settings, "converse", "messages").filter("messages"::equals).isPresent();
    Converse converse = new Converse(UuidV7::next);
    Anthropic anthropic =
        new Anthropic(
            model -> Converse.modelPath(model) + "/invoke-with-response-stream",
            Anthropic.Host.BEDROCK,
            UuidV7::next);
    Formats formats =
        Formats.byModel(model -> messages && model.contains("anthropic.") ? anthropic : converse);
    boolean bearer = settings.apiKey().isPresent() && aws.accessKeyId().isEmpty();
    Credentials credentials =
        bearer
            ? Credentials.bearer(settings.apiKey().orElseThrow())
            : new AwsSignature(aws, settings.apiKey(), region);
    return new Providers.Parts(endpoint, formats, credentials);
  }
}
