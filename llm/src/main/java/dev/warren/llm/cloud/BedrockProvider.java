package dev.warren.llm.cloud;

import dev.warren.llm.ProviderException;
import dev.warren.llm.ProviderSettings;
import dev.warren.llm.anthropic.Anthropic;
import dev.warren.llm.bedrock.Converse;
import dev.warren.llm.http.Credentials;
import dev.warren.llm.http.Service;
import dev.warren.llm.wire.Endpoint;
import dev.warren.llm.wire.Formats;
import dev.warren.protocol.UuidV7;
import java.net.URI;

/// Models of many makers on AWS Bedrock, by ConverseStream; Anthropic's by their own format where
/// the settings ask for it.
public final class BedrockProvider {
  private BedrockProvider() {}

  public static Service service(ProviderSettings settings) {
    ProviderSettings.Aws aws = settings.cloud().aws();
    String region = AwsSignature.region(aws);
    if (!region.matches("[a-z0-9-]{1,40}")) {
      throw ProviderException.settings("The region " + region + " is none of AWS.");
    }
    URI usual = URI.create("https://bedrock-runtime." + region + ".amazonaws.com");
    Endpoint endpoint = Endpoint.of(settings.baseUrl().orElse(usual));
    boolean messages = settings.api("converse", "messages").filter("messages"::equals).isPresent();
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
    return new Service(endpoint, formats, credentials);
  }
}
