package dev.warren.server.agent;

import dev.warren.llm.Completion;
import dev.warren.server.chat.StoredPart;

/// What a run waits for.
sealed interface RunEvent {
  /// The run has to stop; why is a field of the run.
  record Stop() implements RunEvent {}

  record Answered(Completion completion) implements RunEvent {}

  /// Asking the model failed, or was left.
  record AskFailed(Throwable cause) implements RunEvent {}

  /// A tool call has its result, which stands in the ledger.
  record CallDone(StoredPart.ToolResult result) implements RunEvent {}

  /// A tool call was left without a result.
  record CallLeft(java.util.UUID call) implements RunEvent {}
}
