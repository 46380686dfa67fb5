package dev.warren.server.instructions;

import dev.warren.protocol.UuidV7;
import dev.warren.server.chat.Instructions;
import dev.warren.server.chat.KnownInstructions;
import dev.warren.server.instructions.FoundInstructions.FoundFile;
import dev.warren.server.workspace.WorkspaceId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What a model is to be told when it knows one thing of a workspace and another is found.
public final class InstructionChanges {
  private InstructionChanges() {}

  /// @param told what the model is still sent, oldest first
  /// @param afterSeq the message behind which it is told
  /// @return nothing when there is nothing new
  public static Optional<Instructions> of(
      List<Instructions> told, FoundInstructions found, WorkspaceId workspace, long afterSeq) {
    KnownInstructions known = KnownInstructions.of(told, workspace);
    List<FoundFile> fresh =
        found.files().stream()
            .filter(file -> !file.file().equals(known.files().get(file.file().path())))
            .toList();
    Set<String> there =
        found.files().stream().map(file -> file.file().path()).collect(Collectors.toSet());
    List<String> gone =
        known.files().keySet().stream().filter(path -> !there.contains(path)).toList();
    Optional<List<Instructions.Skill>> skills =
        known.skills().equals(found.skills()) ? Optional.empty() : Optional.of(found.skills());
    boolean moved = !told.isEmpty() && !told.getLast().workspaceId().equals(workspace);
    if (fresh.isEmpty() && gone.isEmpty() && skills.isEmpty() && !moved) {
      return Optional.empty();
    }
    return Optional.of(
        new Instructions(
            UuidV7.next(),
            afterSeq,
            workspace,
            fresh.stream().map(FoundFile::file).toList(),
            gone,
            skills,
            InstructionsText.of(fresh, gone, skills, moved)));
  }
}
