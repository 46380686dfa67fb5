package dev.warren.server.agent;

import dev.warren.server.chat.Instructions;
import dev.warren.server.instructions.FoundInstructions;
import dev.warren.server.instructions.FoundInstructions.FoundFile;
import dev.warren.server.workspace.WorkspaceId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// What a workspace says about work in it, as a test sets it.
final class FakeInstructions implements AgentSources.WorkspaceInstructions {
  final Map<String, String> files = new ConcurrentSkipListMap<>();
  final List<Instructions.Skill> skills = new CopyOnWriteArrayList<>();
  volatile boolean there = true;

  @Override
  public boolean isThere(WorkspaceId id) {
    return there;
  }

  @Override
  public FoundInstructions read(WorkspaceId id) {
    return new FoundInstructions(
        files.entrySet().stream()
            .map(file ->
                new FoundFile(
                    new Instructions.File(
                        file.getKey(),
                        file.getValue().length(),
                        false,
                        Integer.toHexString(file.getValue().hashCode())),
                    file.getValue()))
            .toList(),
        skills);
  }
}
