package dev.warren.server.chat;

import dev.warren.server.workspace.WorkspaceId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a model knows of a workspace's instructions: all that it was told of them, put together.
///
/// @param files by path
public record KnownInstructions(
    Map<String, Instructions.File> files, List<Instructions.Skill> skills) {
  public static KnownInstructions of(List<Instructions> told, WorkspaceId workspace) {
    Map<String, Instructions.File> files = new LinkedHashMap<>();
    List<Instructions.Skill> skills = List.of();
    for (Instructions entry : told) {
      if (!entry.workspaceId().equals(workspace)) {
        continue;
      }
      entry.files().forEach(file -> files.put(file.path(), file));
      entry.gone().forEach(files::remove);
      skills = entry.skills().orElse(skills);
    }
    return new KnownInstructions(files, skills);
  }

  public Optional<Instructions.Skill> skill(String name) {
    return skills.stream().filter(skill -> skill.name().equals(name)).findFirst();
  }
}
