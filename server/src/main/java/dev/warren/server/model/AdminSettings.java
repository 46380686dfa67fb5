package dev.warren.server.model;

import dev.warren.server.approval.ApprovalRule;
import dev.warren.server.approval.ApprovalRules;
import dev.warren.server.http.Change;
import dev.warren.server.http.Problems;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/// What administrators set for all chats; in force from each chat's next step on.
///
/// @param systemPrompt stands after Warren's own; may be empty
/// @param disabledTools names of tools that no chat may use
/// @param maxSteps answers of the model in one turn
/// @param compaction how conversations that grow too long are summarised
/// @param modelTitles whether the model names new chats
/// @param budget what a new chat starts with
/// @param approvalRules which tool calls run, ask or never run
/// @param retentionDays after which archived chats are deleted; 0 keeps them
/// @param maxRunningPerUser chats of one user that are worked on at once, over all replicas
/// @param maxRunningPerReplica chats that one control plane works on at once
public record AdminSettings(
    String systemPrompt,
    List<String> disabledTools,
    int maxSteps,
    Compaction compaction,
    boolean modelTitles,
    Budget budget,
    List<ApprovalRule> approvalRules,
    int retentionDays,
    int maxRunningPerUser,
    int maxRunningPerReplica) {
  static final int SYSTEM_PROMPT_CHARS_MAX = 32_000;
  static final int DISABLED_TOOLS_MAX = 100;
  static final int RUNNING_MAX = 100_000;
  static final int MAX_STEPS_MAX = 10_000;

  static final int RETENTION_DAYS_MAX = 36_500;

  /// Dollars of a budget.
  static final BigDecimal USD_MAX = BigDecimal.valueOf(1_000_000);

  public AdminSettings {
    disabledTools = List.copyOf(disabledTools);
    approvalRules = List.copyOf(approvalRules);
  }

  private static void checkRunning(String field, Optional<Integer> chats) {
    if (chats.filter(value -> value < 1 || value > RUNNING_MAX).isPresent()) {
      throw Problems.badInput(field, "is not between 1 and " + RUNNING_MAX);
    }
  }

  /// @param modelId writes the summaries; the chat's own model when absent
  public record Compaction(Optional<ModelId> modelId) {}

  /// No limit where absent.
  public record Budget(Optional<Long> tokens, Optional<BigDecimal> usd) {
    public Budget {
      if (tokens.filter(value -> value < 1).isPresent()) {
        throw Problems.badInput("budget.tokens", "is not positive");
      }
      if (usd.filter(value -> value.signum() <= 0 || value.compareTo(USD_MAX) > 0).isPresent()) {
        throw Problems.badInput(
            "budget.usd", "is not above 0 and at most " + USD_MAX.toPlainString());
      }
    }
  }

  /// What is to be another; the absent stays, and `null` empties. An object replaces the earlier
  /// one as a whole.
  record Patch(
      Change<String> systemPrompt,
      Change<List<String>> disabledTools,
      Optional<Integer> maxSteps,
      Change<Compaction> compaction,
      Optional<Boolean> modelTitles,
      Change<Budget> budget,
      Change<List<ApprovalRule>> approvalRules,
      Optional<Integer> retentionDays,
      Optional<Integer> maxRunningPerUser,
      Optional<Integer> maxRunningPerReplica) {
    Patch {
      if (systemPrompt.sent().filter(text -> text.length() > SYSTEM_PROMPT_CHARS_MAX).isPresent()) {
        throw Problems.badInput(
            "system_prompt", "is longer than " + SYSTEM_PROMPT_CHARS_MAX + " characters");
      }
      if (disabledTools.sent().filter(tools -> tools.size() > DISABLED_TOOLS_MAX).isPresent()) {
        throw Problems.badInput("disabled_tools", "has more than " + DISABLED_TOOLS_MAX + " names");
      }
      if (maxSteps.filter(steps -> steps < 1 || steps > MAX_STEPS_MAX).isPresent()) {
        throw Problems.badInput("max_steps", "is not between 1 and " + MAX_STEPS_MAX);
      }
      approvalRules.sent().ifPresent(ApprovalRules::new);
      if (retentionDays.filter(days -> days < 0 || days > RETENTION_DAYS_MAX).isPresent()) {
        throw Problems.badInput("retention_days", "is not between 0 and " + RETENTION_DAYS_MAX);
      }
      checkRunning("max_running_per_user", maxRunningPerUser);
      checkRunning("max_running_per_replica", maxRunningPerReplica);
    }
  }
}
