package dev.warren.llm.wire;

import dev.warren.llm.Completion;
import dev.warren.llm.ModelRequest;
import dev.warren.llm.ReasoningLevel;
import dev.warren.llm.StreamEvent;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// How one family of providers is asked and how it answers.
public interface WireFormat {

  /// Under the base URL, with its query; escaped as it is sent.
  String path(String model);

  /// Beside the credentials.
  Map<String, String> headers();

  Framing framing();

  ObjectNode body(ModelRequest request);

  /// The options of a request that ask a model for a level of reasoning.
  ObjectNode reasoning(String model, ReasoningLevel level);

  AnswerStream answer(Consumer<StreamEvent> events);

  /// Turns the events of one response into an answer. Used by one thread.
  interface AnswerStream {
    /// Takes the next event.
    ///
    /// @return whether the answer has ended, so that nothing more need be read
    /// @throws StreamFailure when the event says that the provider failed or makes no sense
    boolean accept(WireEvent event) throws StreamFailure;

    /// Whether the model has begun to answer.
    boolean started();

    /// The answer, when all of it has come.
    Optional<Completion> completion();
  }
}
