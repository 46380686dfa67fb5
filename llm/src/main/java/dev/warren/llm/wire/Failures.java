package dev.warren.llm.wire;

import dev.warren.llm.ProviderException;
import dev.warren.llm.ProviderException.Kind;
import dev.warren.llm.ProviderSettings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Tells from what a provider said in which way it failed. Machine-readable codes decide; where a
/// provider has none for a case (a prompt that is too long, credit that is used up) the known
/// phrases of its text do. The text itself never becomes part of the message: a base URL may point
/// anywhere, and keys are echoed in it; only words that look like codes do.
public final class Failures {
  /// A code or request id that is safe to show.
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.:-]{1,80}");

  /// Anthropic has no code of its own; OpenAI's is `context_length_exceeded`; the others are vLLM,
  /// llama.cpp, Mistral, Groq, xAI and Google, as seen in their public issues in 2026.
  private static final List<String> TOO_LONG =
      List.of(
          "context_length_exceeded",
          "context length",
          "context window",
          "context size",
          "prompt is too long",
          "prompt too long",
          "input is too long",
          "too many tokens",
          "maximum prompt length",
          "exceeds the maximum number of tokens");

  private static final List<String> NO_CREDIT =
      List.of(
          "insufficient_quota",
          "billing_error",
          "billing_hard_limit",
          "credit balance is too low",
          "insufficient balance",
          "insufficient credits",
          "exceeded your current quota");

  private static final List<String> FILTERED =
      List.of("content_filter", "content_policy_violation", "responsibleaipolicyviolation");

  /// What codes and types of errors mean, where the status does not say it: in the order OpenAI,
  /// Anthropic, Google, AWS (their references, November 2026).
  private static final Map<String, Kind> CODES =
      Map.ofEntries(
          Map.entry("model_not_found", Kind.MODEL_NOT_FOUND),
          Map.entry("DeploymentNotFound", Kind.MODEL_NOT_FOUND),
          Map.entry("invalid_api_key", Kind.AUTH),
          Map.entry("rate_limit_exceeded", Kind.RATE_LIMIT),
          Map.entry("tokens", Kind.RATE_LIMIT),
          Map.entry("requests", Kind.RATE_LIMIT),
          Map.entry("server_error", Kind.SERVER),
          Map.entry("server_is_overloaded", Kind.OVERLOADED),
          Map.entry("slow_down", Kind.OVERLOADED),
          // Groq: the model wrote a call badly; another try differs.
          Map.entry("tool_use_failed", Kind.SERVER),
          Map.entry("authentication_error", Kind.AUTH),
          Map.entry("permission_error", Kind.AUTH),
          Map.entry("not_found_error", Kind.MODEL_NOT_FOUND),
          Map.entry("request_too_large", Kind.CONTEXT_TOO_LONG),
          Map.entry("rate_limit_error", Kind.RATE_LIMIT),
          Map.entry("overloaded_error", Kind.OVERLOADED),
          Map.entry("api_error", Kind.SERVER),
          Map.entry("timeout_error", Kind.SERVER),
          Map.entry("API_KEY_INVALID", Kind.AUTH),
          Map.entry("API_KEY_EXPIRED", Kind.AUTH),
          Map.entry("UNAUTHENTICATED", Kind.AUTH),
          Map.entry("PERMISSION_DENIED", Kind.AUTH),
          Map.entry("NOT_FOUND", Kind.MODEL_NOT_FOUND),
          Map.entry("UNAVAILABLE", Kind.OVERLOADED),
          Map.entry("DEADLINE_EXCEEDED", Kind.SERVER),
          Map.entry("INTERNAL", Kind.SERVER),
          Map.entry("INVALID_ARGUMENT", Kind.INVALID_REQUEST),
          Map.entry("FAILED_PRECONDITION", Kind.INVALID_REQUEST),
          Map.entry("throttlingException", Kind.RATE_LIMIT),
          Map.entry("ThrottlingException", Kind.RATE_LIMIT),
          Map.entry("serviceUnavailableException", Kind.OVERLOADED),
          Map.entry("ServiceUnavailableException", Kind.OVERLOADED),
          Map.entry("modelNotReadyException", Kind.OVERLOADED),
          Map.entry("ModelNotReadyException", Kind.OVERLOADED),
          Map.entry("modelStreamErrorException", Kind.SERVER),
          Map.entry("ModelErrorException", Kind.SERVER),
          Map.entry("modelTimeoutException", Kind.SERVER),
          Map.entry("internalServerException", Kind.SERVER),
          Map.entry("InternalServerException", Kind.SERVER),
          Map.entry("validationException", Kind.INVALID_REQUEST),
          Map.entry("ValidationException", Kind.INVALID_REQUEST),
          Map.entry("accessDeniedException", Kind.AUTH),
          Map.entry("ResourceNotFoundException", Kind.MODEL_NOT_FOUND),
          Map.entry("ServiceQuotaExceededException", Kind.QUOTA));

  private Failures() {}

  /// What an error object holds, wherever it came from.
  ///
  /// @param status of the HTTP answer, or the one that the object names; 0 when unknown
  /// @param parameter the member of the request that is to blame, where the provider names one
  public record Detail(
      int status, String type, String code, String parameter, String message, String requestId) {

    /// Reads `{"error": {…}}`, `{"error": "…"}`, `{"message": …}` and arrays of these.
    public static Detail of(int status, JsonNode body, String requestId) {
      JsonNode root = body.isArray() && !body.isEmpty() ? body.path(0) : body;
      JsonNode error = root.has("error") ? root.path("error") : root;
      JsonNode code = error.path("code");
      int named =
          Math.toIntExact(
              Math.clamp(
                  Math.max(WireJson.number(error, "code"), WireJson.number(error, "status_code")),
                  0,
                  999));
      String message = WireJson.string(error, "message");
      String text =
          error.isString()
              ? error.stringValue()
              // AWS writes it in either case.
              : message.isEmpty() ? WireJson.string(error, "Message") : message;
      String type = WireJson.string(error, "type");
      String reason = code.isString() ? code.stringValue() : "";
      for (JsonNode detail : error.path("details")) {
        // Google's word for what is wrong beside its status.
        reason = reason.isEmpty() ? WireJson.string(detail, "reason") : reason;
      }
      return new Detail(
          status == 200 || status == 0 ? named : status,
          type.isEmpty() ? WireJson.string(error, "status") : type,
          reason,
          WireJson.string(error, "param"),
          text.isEmpty() ? WireJson.string(root, "detail") : text,
          requestId.isEmpty() ? WireJson.string(root, "request_id") : requestId);
    }

    /// With this one, unless the provider said one in its body.
    public Detail withType(String other) {
      return type.isEmpty() ? new Detail(status, other, code, parameter, message, requestId) : this;
    }

    /// Whether it has words of a provider, and is no page of something that stands in between.
    private boolean says() {
      return !(type + code + message).isEmpty();
    }

    private boolean says(List<String> phrases) {
      String all = (type + ' ' + code + ' ' + message).toLowerCase(Locale.ROOT);
      return phrases.stream().anyMatch(all::contains);
    }
  }

  /// Who was asked, and how.
  ///
  /// @param model that was asked
  /// @param credential what a refusal of it means, and what would help
  public record Asked(Endpoint endpoint, String model, String credential) {
    public static Asked of(ProviderSettings settings, Endpoint endpoint) {
      ProviderSettings.Cloud cloud = settings.cloud();
      boolean cloudy = Set.of("azure", "bedrock", "vertex").contains(settings.kind());
      String credential =
          cloud.aws().accessKeyId().isPresent() || cloud.azure().tenantId().isPresent()
              ? "the client's id or its secret; check both and what they may use"
              : settings.apiKey().isPresent()
                  ? "the API key; check the key and what it may use"
                  : cloudy
                      ? "the credentials of this machine; check whose they are and what they may use"
                      : "a request without an API key; set one";
      return new Asked(endpoint, "", credential);
    }

    public Asked withModel(String other) {
      return new Asked(endpoint, other, credential);
    }
  }

  /// @param shouldRetry what the provider itself says of that
  public static ProviderException of(
      Detail detail, Optional<Duration> retryAfter, Optional<Boolean> shouldRetry, Asked asked) {
    Kind kind = kind(detail);
    return new ProviderException(
        kind,
        detail.status(),
        retryAfter,
        shouldRetry.orElse(kind.retryable()),
        sentence(kind, detail, asked));
  }

  public static Kind kind(Detail detail) {
    // Google's text of a limit a minute speaks of quota and billing too.
    if (detail.type().equals("RESOURCE_EXHAUSTED")) {
      return Kind.RATE_LIMIT;
    }
    if (detail.says(NO_CREDIT)) {
      return Kind.QUOTA;
    }
    if (detail.says(FILTERED)) {
      return Kind.CONTENT_FILTER;
    }
    Optional<Kind> known =
        Optional.ofNullable(CODES.get(detail.code()))
            .or(() -> Optional.ofNullable(CODES.get(detail.type())));
    return switch (detail.status()) {
      case 301, 302, 303, 307, 308 -> Kind.INVALID_REQUEST;
      case 402 -> Kind.QUOTA;
      case 401, 403 -> Kind.AUTH;
      case 404 ->
          known.filter(Kind.MODEL_NOT_FOUND::equals).isPresent() || detail.says(List.of("model"))
              ? Kind.MODEL_NOT_FOUND
              : Kind.INVALID_REQUEST;
      case 408, 409 -> Kind.SERVER;
      case 413 -> Kind.CONTEXT_TOO_LONG;
      case 429 -> known.filter(Kind::retryable).orElse(Kind.RATE_LIMIT);
      case 503, 529 -> Kind.OVERLOADED;
      default -> {
        if (detail.status() < 500 && detail.says(TOO_LONG)) {
          yield Kind.CONTEXT_TOO_LONG;
        }
        yield known.orElseGet(() ->
            detail.status() >= 500
                ? Kind.SERVER
                : detail.status() == 0 ? unnamed(detail) : Kind.INVALID_REQUEST);
      }
    };
  }

  /// An error inside a stream that names neither status nor a known type: the request was taken, so
  /// it is the server's unless it says otherwise.
  private static Kind unnamed(Detail detail) {
    return detail.type().startsWith("invalid") ? Kind.INVALID_REQUEST : Kind.SERVER;
  }

  private static String sentence(Kind kind, Detail detail, Asked asked) {
    String what =
        switch (kind) {
          case RATE_LIMIT -> "limits the rate of requests; wait, or raise the account's limits";
          case OVERLOADED -> "is overloaded";
          case SERVER ->
              detail.status() == 502 || detail.status() == 504
                  ? "cannot be reached by the gateway or proxy in front of it"
                  : "failed";
          case CONTEXT_TOO_LONG -> "finds the conversation too long for the model";
          case AUTH -> "refused " + asked.credential();
          case QUOTA -> "says that the account's credit is used up; top it up or use another key";
          case MODEL_NOT_FOUND ->
              "knows no model " + asked.model() + ", or the key may not use it; check its name";
          case INVALID_REQUEST -> advice(detail);
          case CONTENT_FILTER -> "refused the content by its policy";
          case NETWORK, TRUNCATED, SILENCE -> "broke off";
        };
    StringBuilder text =
        new StringBuilder("The provider at ")
            .append(asked.endpoint().shown())
            .append(' ')
            .append(what);
    StringBuilder codes = new StringBuilder();
    if (detail.status() > 0) {
      codes.append("status ").append(detail.status());
    }
    addWord(codes, "", detail.type());
    addWord(codes, "", detail.code());
    addWord(codes, "parameter ", detail.parameter());
    addWord(codes, "request ", detail.requestId());
    return codes.isEmpty() ? text.append('.').toString() : text + " (" + codes + ").";
  }

  private static String advice(Detail detail) {
    return switch (detail.status()) {
      case 301, 302, 303, 307, 308 ->
          "answered with a redirect, which is not followed; set the base URL that it leads to";
      case 404, 405 ->
          "has no such path; check the base URL (of OpenAI's kind it mostly ends in /v1)";
      default ->
          detail.says()
              ? "refused the request; check the model's options"
              : "refused the request without a word; check the base URL's scheme and port";
    };
  }

  private static void addWord(StringBuilder codes, String label, String word) {
    if (WORD.matcher(word).matches()) {
      codes.append(codes.isEmpty() ? "" : ", ").append(label).append(word);
    }
  }
}
