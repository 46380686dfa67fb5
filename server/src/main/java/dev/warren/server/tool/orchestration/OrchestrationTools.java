package dev.warren.server.tool.orchestration;

import dev.warren.server.chat.ChatLookups;
import dev.warren.server.chat.ChatSignals;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.chat.LedgerStore;
import dev.warren.server.chat.SubAgentTransitions;
import dev.warren.server.tool.Tool;
import java.util.List;

/// The four tools over one view of the chats.
public final class OrchestrationTools {
  private OrchestrationTools() {}

  public static List<Tool<?>> all(
      ChatStore store,
      LedgerStore ledger,
      SubAgentTransitions transitions,
      ChatSignals signals,
      ChatLookups lookups) {
    SubAgents agents = new SubAgents(store, transitions);
    ChatWatch watch = new ChatWatch(store);
    signals.add(watch);
    return List.of(
        new SpawnAgent(agents, lookups),
        new WaitAgent(agents, watch, ledger),
        new MessageAgent(agents),
        new CloseAgent(agents));
  }
}
