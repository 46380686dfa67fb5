package dev.warren.server.instructions;

import dev.warren.server.chat.Instructions;
import java.util.List;

/// What a workspace says about work in it, as it was found.
public record FoundInstructions(List<FoundFile> files, List<Instructions.Skill> skills) {
  public FoundInstructions {
    files = List.copyOf(files);
    skills = List.copyOf(skills);
  }

  /// @param text what the model is to read of it
  public record FoundFile(Instructions.File file, String text) {}
}
