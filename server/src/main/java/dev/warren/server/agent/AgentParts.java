package dev.warren.server.agent;

import dev.warren.server.chat.BudgetStore;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.chat.ChatTransitions;
import dev.warren.server.chat.InstructionsStore;
import dev.warren.server.chat.LedgerStore;
import dev.warren.server.chat.RecordedWorkStore;
import dev.warren.server.chat.events.ChatEvents;
import dev.warren.server.tool.ToolRegistry;
import java.time.Clock;

/// What every run of a chat works with.
record AgentParts(
    ChatStore store,
    ChatTransitions transitions,
    LedgerStore ledger,
    RecordedWorkStore recorded,
    BudgetStore budgets,
    InstructionsStore instructions,
    ChatEvents events,
    ToolRegistry registry,
    AgentSources sources,
    Titles titles,
    RetryPlan retries,
    Clock clock) {}
