package dev.warren.llm;

import java.util.function.Consumer;

/// A configured provider of models. Thread-safe; holds no conversation.
public interface Provider extends AutoCloseable {

  /// Asks a model and blocks until its answer ends. `events` is called on the calling thread, in
  /// order. Nothing is retried here. Interrupting the thread closes the connection at once.
  ///
  /// @throws ProviderException when the provider cannot be reached, refuses, or breaks off
  /// @throws InterruptedException when the calling thread is interrupted
  Completion stream(ModelRequest request, Consumer<StreamEvent> events) throws InterruptedException;

  /// Releases idle connections. Streams that run end with a network error.
  @Override
  void close();
}
