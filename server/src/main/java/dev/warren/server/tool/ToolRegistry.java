package dev.warren.server.tool;

import dev.warren.llm.ToolSpec;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// All tools there are, by name. Their order, descriptions and schemas never change while the
/// program runs, so that requests of a chat share their beginning.
public final class ToolRegistry {
  private static final Pattern NAME = Pattern.compile("[a-z0-9_]{1,64}");

  private final TreeMap<String, Entry<?>> entries = new TreeMap<>();

  public ToolRegistry(Collection<? extends Tool<?>> tools) {
    for (Tool<?> tool : tools) {
      if (!NAME.matcher(tool.name()).matches()) {
        throw new IllegalArgumentException("a tool cannot be named '" + tool.name() + "'");
      }
      if (entries.put(tool.name(), Entry.of(tool)) != null) {
        throw new IllegalArgumentException("two tools are named '" + tool.name() + "'");
      }
    }
  }

  private ToolRegistry(Map<String, Entry<?>> entries) {
    this.entries.putAll(entries);
  }

  /// What sub-agents have: those of the workspace, so that they make neither workspaces nor agents.
  public ToolRegistry ofSubAgents() {
    TreeMap<String, Entry<?>> theirs = new TreeMap<>(entries);
    theirs.values().removeIf(entry -> entry.tool().family() != Tool.Family.WORKSPACE);
    return new ToolRegistry(theirs);
  }

  public Optional<Entry<?>> find(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  public Set<String> names() {
    return Set.copyOf(entries.keySet());
  }

  /// What the model is told, sorted by name.
  public List<ToolSpec> specs(Set<String> disabled) {
    return entries.values().stream()
        .filter(entry -> !disabled.contains(entry.tool().name()))
        .map(Entry::spec)
        .toList();
  }

  /// A tool with what is made from it once.
  public record Entry<I extends Record>(Tool<I> tool, InputType<I> input, ToolSpec spec) {
    static <I extends Record> Entry<I> of(Tool<I> tool) {
      InputType<I> input = InputType.of(tool.inputType());
      return new Entry<>(
          tool, input, new ToolSpec(tool.name(), tool.description(), input.schema()));
    }
  }
}
