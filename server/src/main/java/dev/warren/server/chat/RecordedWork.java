package dev.warren.server.chat;

import java.util.List;

/// What the database knows of a chat's work, whatever a model remembers of it.
///
/// @param said the user's messages since the model was last made to forget, the newest first
/// @param saidBefore how many older ones there are
/// @param changedFiles paths that tools wrote, the last changed first
/// @param processes commands that were left running and whose end nobody has seen
/// @param agents sub-agents that are not closed
public record RecordedWork(
    List<Said> said,
    long saidBefore,
    List<String> changedFiles,
    List<OpenProcess> processes,
    List<Agent> agents) {
  public RecordedWork {
    said = List.copyOf(said);
    changedFiles = List.copyOf(changedFiles);
    processes = List.copyOf(processes);
    agents = List.copyOf(agents);
  }

  /// @param answered a turn has ended with an answer since
  public record Said(ChatMessage message, boolean answered) {}

  /// @param command as the model wrote it
  public record OpenProcess(String id, String command) {}

  public record Agent(ChatId id, String title, ChatStatus status) {}
}
