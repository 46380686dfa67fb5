package dev.warren.server.chat;

import dev.warren.server.workspace.WorkspaceId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What a chat's model was told of its workspace's own instructions, at one place of the history.
/// It is no message: the user did not say it, and an edit or a summary of what stands before takes
/// it away.
///
/// @param afterSeq the message behind which it stands
/// @param files told here, instead of what was told of the same path before
/// @param gone paths that were told before and are not there any more
/// @param skills all that there are, when they were told here
/// @param text what the model reads
public record Instructions(
    UUID id,
    long afterSeq,
    WorkspaceId workspaceId,
    List<File> files,
    List<String> gone,
    Optional<List<Skill>> skills,
    String text) {
  public Instructions {
    files = List.copyOf(files);
    gone = List.copyOf(gone);
    skills = skills.map(List::copyOf);
  }

  /// A file of instructions as it was told.
  ///
  /// @param bytes of the whole file
  /// @param truncated only its beginning was told
  public record File(String path, long bytes, boolean truncated, String sha256) {}

  /// Knowledge that the model can ask for.
  ///
  /// @param path of its `SKILL.md`
  public record Skill(String name, String description, String path) {}
}
