package dev.warren.protocol;

import java.util.List;

/// An error as every HTTP border answers it: `application/problem+json` (RFC 9457).
///
/// @param type a URI reference that names the kind, such as `about:blank` or `/problems/conflict`
/// @param title the kind in a few words, the same for every occurrence
/// @param status the HTTP status, 400 to 599
/// @param detail what was tried, with which value, and what would help
/// @param errors for bad input, the fields that are wrong; otherwise empty
public record Problem(
    String type, String title, int status, String detail, List<FieldError> errors) {
  public static final String MEDIA_TYPE = "application/problem+json";

  public Problem {
    errors = errors == null ? List.of() : List.copyOf(errors);
  }

  /// One field of bad input.
  ///
  /// @param field its name or JSON path, such as `content[0].type`
  /// @param detail what is wrong and what would be right
  public record FieldError(String field, String detail) {}
}
