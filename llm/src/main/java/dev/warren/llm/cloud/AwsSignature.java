package dev.warren.llm.cloud;

import dev.warren.llm.ProviderException;
import dev.warren.llm.ProviderSettings;
import dev.warren.llm.Secret;
import dev.warren.llm.http.Credentials;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;

/// Signs requests as AWS wants it (Signature Version 4), with a fixed key or with what AWS's own
/// chain finds: environment, profile, SSO, web identity (IRSA), container, instance. Thread-safe;
/// the chain keeps and renews what it found.
final class AwsSignature implements Credentials {
  private static final String SERVICE = "bedrock";

  private final AwsCredentialsProvider provider;
  private final Optional<String> profile;
  private final String region;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

  /// @param secretKey belongs to the access key id; the chain is asked without
  AwsSignature(ProviderSettings.Aws aws, Optional<Secret> secretKey, String region) {
    this.region = region;
    this.profile = aws.profile();
    this.provider =
        aws.accessKeyId().isPresent()
            ? StaticCredentialsProvider.create(
                AwsBasicCredentials.create(
                    aws.accessKeyId().get(),
                    secretKey
                        .orElseThrow(() ->
                            ProviderException.settings(
                                "An access key id needs its secret access key as the API key."))
                        .reveal()))
            : chain(aws.profile());
  }

  /// A profile that is named is meant, whatever the environment holds.
  private static AwsCredentialsProvider chain(Optional<String> profile) {
    return profile
        .<AwsCredentialsProvider>map(ProfileCredentialsProvider::create)
        .orElseGet(() -> DefaultCredentialsProvider.builder().build());
  }

  /// The region that the settings name, or the environment, or the profile. Instances are not asked
  /// for theirs, since a machine that is none would wait for the answer.
  static String region(ProviderSettings.Aws aws) {
    if (aws.region().isPresent()) {
      return aws.region().get();
    }
    try {
      return new AwsRegionProviderChain(
              new SystemSettingsRegionProvider(),
              new AwsProfileRegionProvider(
                  ProfileFile::defaultProfileFile, aws.profile().orElse(null)))
          .getRegion()
          .id();
    } catch (SdkException e) {
      throw ProviderException.settings(
          "A provider of kind bedrock needs a region; neither its settings nor AWS_REGION nor the"
              + " profile says one.");
    }
  }

  @Override
  public Map<String, String> headers(URI uri, byte[] body) throws InterruptedException {
    AwsCredentials credentials = credentials();
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(uri)
            .encodedPath(uri.getRawPath())
            .putHeader("Host", uri.getRawAuthority())
            .build();
    SignedRequest signed =
        signer.sign(sign ->
            sign.identity(credentials)
                .request(request)
                .payload(ContentStreamProvider.fromByteArray(body))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                .putProperty(AwsV4HttpSigner.REGION_NAME, region));
    Map<String, String> headers = new LinkedHashMap<>();
    signed.request().headers().forEach((name, values) -> headers.put(name, values.getFirst()));
    headers.keySet().removeIf("host"::equalsIgnoreCase);
    return headers;
  }

  private AwsCredentials credentials() throws InterruptedException {
    try {
      return provider.resolveCredentials();
    } catch (SdkException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while AWS was asked for credentials");
      }
      // Not chained: the chain's message lists what each source said.
      throw new ProviderException(
          ProviderException.Kind.AUTH,
          0,
          Optional.empty(),
          profile
              .map(name ->
                  "AWS's profile "
                      + name
                      + " gives no credentials; look for it in the server's ~/.aws/config, and sign"
                      + " in again with aws sso login --profile "
                      + name
                      + " where it wants that.")
              .orElse(
                  "AWS gave no credentials; set an access key, or a profile or role of the"
                      + " machine."));
    }
  }
}
