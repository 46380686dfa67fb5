package dev.warren.server.model;

import dev.warren.server.approval.ApprovalRules;
import dev.warren.server.db.Database;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// What administrators set for the installation: one row.
final class SettingsStore {
  private final Database database;

  SettingsStore(Database database) {
    this.database = database;
  }

  AdminSettings read() {
    return database.with(SettingsStore::read);
  }

  AdminSettings update(AdminSettings.Patch patch) {
    return database.inTransaction(handle -> {
      handle
          .createUpdate(
              """
              UPDATE settings
              SET system_prompt = coalesce(:systemPrompt, system_prompt),
                  disabled_tools = coalesce(CAST(:disabledTools AS text[]), disabled_tools),
                  max_steps = coalesce(:maxSteps, max_steps),
                  compaction_model_id = CASE WHEN :hasCompaction
                    THEN CAST(:compactionModel AS uuid) ELSE compaction_model_id END,
                  model_titles = coalesce(:modelTitles, model_titles),
                  budget_tokens = CASE WHEN :hasBudget
                    THEN CAST(:budgetTokens AS bigint) ELSE budget_tokens END,
                  budget_usd = CASE WHEN :hasBudget
                    THEN CAST(:budgetUsd AS numeric) ELSE budget_usd END,
                  approval_rules = coalesce(CAST(:approvalRules AS json), approval_rules),
                  retention_days = coalesce(:retentionDays, retention_days),
                  max_running_per_user = coalesce(:perUser, max_running_per_user),
                  max_running_per_replica = coalesce(:perReplica, max_running_per_replica),
                  updated_at = now()
              """)
          .bind("retentionDays", patch.retentionDays())
          .bind("systemPrompt", patch.systemPrompt().or(""))
          .bind(
              "disabledTools",
              patch
                  .disabledTools()
                  .or(List.of())
                  .map(tools -> tools.toArray(String[]::new))
                  .orElse(null))
          .bind("maxSteps", patch.maxSteps())
          .bind("hasCompaction", !patch.compaction().isKept())
          .bind(
              "compactionModel",
              patch.compaction().sent().flatMap(AdminSettings.Compaction::modelId))
          .bind("modelTitles", patch.modelTitles())
          .bind("hasBudget", !patch.budget().isKept())
          .bind("budgetTokens", patch.budget().sent().flatMap(AdminSettings.Budget::tokens))
          .bind("budgetUsd", patch.budget().sent().flatMap(AdminSettings.Budget::usd))
          .bind(
              "approvalRules",
              patch.approvalRules().or(List.of()).map(rules -> new ApprovalRules(rules).stored()))
          .bind("perUser", patch.maxRunningPerUser())
          .bind("perReplica", patch.maxRunningPerReplica())
          .execute();
      return read(handle);
    });
  }

  private static AdminSettings read(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT system_prompt, disabled_tools, max_steps, compaction_model_id, model_titles,
                   budget_tokens, budget_usd, approval_rules, retention_days,
                   max_running_per_user, max_running_per_replica
            FROM settings
            """)
        .map((row, context) ->
            new AdminSettings(
                row.getString("system_prompt"),
                List.of((String[]) row.getArray("disabled_tools").getArray()),
                row.getInt("max_steps"),
                new AdminSettings.Compaction(
                    Optional.ofNullable(row.getObject("compaction_model_id", UUID.class))
                        .map(ModelId::new)),
                row.getBoolean("model_titles"),
                new AdminSettings.Budget(
                    Optional.ofNullable(row.getObject("budget_tokens", Long.class)),
                    Optional.ofNullable(row.getBigDecimal("budget_usd"))),
                ApprovalRules.read(row.getString("approval_rules")).rules(),
                row.getInt("retention_days"),
                row.getInt("max_running_per_user"),
                row.getInt("max_running_per_replica")))
        .one();
  }
}
