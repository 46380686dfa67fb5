package dev.warren.server.http;

import java.util.Optional;

/// What a `PATCH` says about a member that may be without a value: nothing, so that it stays;
/// `null`, so that it has none; or a new value.
public sealed interface Change<T> {
  /// It was not sent.
  record Keep<T>() implements Change<T> {}

  /// It was sent as `null`.
  record Clear<T>() implements Change<T> {}

  record Set<T>(T value) implements Change<T> {}

  static <T> Change<T> keep() {
    return new Keep<>();
  }

  static <T> Change<T> clear() {
    return new Clear<>();
  }

  static <T> Change<T> set(T value) {
    return new Set<>(value);
  }

  /// The value that was sent, if one was.
  default Optional<T> sent() {
    return this instanceof Set<T>(T value) ? Optional.of(value) : Optional.empty();
  }

  default boolean isKept() {
    return this instanceof Keep<T>;
  }

  /// What the member is afterwards.
  default Optional<T> applied(Optional<T> before) {
    return isKept() ? before : sent();
  }

  /// The new value of a member for which no value is `empty`; absent when it stays.
  default Optional<T> or(T empty) {
    return isKept() ? Optional.empty() : Optional.of(sent().orElse(empty));
  }
}
