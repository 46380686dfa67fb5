package dev.warren.server.agent;

/// Why a run has to stop. A later, stronger reason replaces a weaker one.
enum StopReason {
  /// The user interrupted the turn: keep the partial answer, end what runs.
  INTERRUPTED,
  /// This replica stops: leave what runs alone, give the chat back.
  HAND_OVER,
  /// The chat has another owner, or is gone: touch nothing.
  LOST
}
