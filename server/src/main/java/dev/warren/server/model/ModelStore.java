package dev.warren.server.model;

import dev.warren.server.db.Database;
import dev.warren.server.sealing.Sealed;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/// The tables of providers and models.
final class ModelStore {
  private static final String PROVIDER =
      """
      SELECT id, name, kind, base_url, sealed_key, sealed_with, key_hint, options, version,
             created_at
      FROM providers
      """;

  /// The default is the one that was chosen, else the oldest that is enabled.
  private static final String MODEL =
      """
      SELECT * FROM (
          SELECT m.id, m.provider_id, p.name AS provider, m.name, m.display_name, m.context_limit,
                 m.max_output_tokens, m.compaction_threshold, m.prices, m.options, m.enabled,
                 m.enabled AND m.id = first_value(m.id) OVER (
                     ORDER BY m.enabled DESC, m.is_default DESC, m.created_at, m.id) AS is_default
          FROM models m JOIN providers p ON p.id = m.provider_id
      ) m
      """;

  private final Database database;

  ModelStore(Database database) {
    this.database = database;
  }

  boolean hasProviders() {
    return database.with(handle ->
        handle.createQuery("SELECT EXISTS (SELECT 1 FROM providers)").mapTo(Boolean.class).one());
  }

  /// @return false when another provider has the name
  boolean insertProvider(StoredProvider provider) {
    try {
      return database.with(handle ->
          handle
                  .createUpdate(
                      """
                      INSERT INTO providers (id, name, kind, base_url, sealed_key, sealed_with,
                                             key_hint, options)
                      VALUES (:id, :name, :kind, :baseUrl, :sealedKey, :sealedWith, :keyHint,
                              CAST(:options AS json))
                      """)
                  .bind("id", provider.id())
                  .bind("name", provider.name())
                  .bind("kind", provider.kind())
                  .bind("baseUrl", provider.baseUrl())
                  .bind("sealedKey", provider.sealedKey())
                  .bind("sealedWith", provider.sealedWith())
                  .bind("keyHint", provider.keyHint())
                  .bind("options", provider.options())
                  .execute()
              == 1);
    } catch (JdbiException e) {
      return falseWhenTaken(e);
    }
  }

  /// @return false when another provider has the name
  boolean updateProvider(StoredProvider provider) {
    try {
      database.use(handle ->
          handle
              .createUpdate(
                  """
                  UPDATE providers
                  SET name = :name, base_url = :baseUrl, sealed_key = :sealedKey,
                      sealed_with = :sealedWith, key_hint = :keyHint,
                      options = CAST(:options AS json), version = version + 1,
                      updated_at = now()
                  WHERE id = :id
                  """)
              .bind("id", provider.id())
              .bind("name", provider.name())
              .bind("baseUrl", provider.baseUrl())
              .bind("sealedKey", provider.sealedKey())
              .bind("sealedWith", provider.sealedWith())
              .bind("keyHint", provider.keyHint())
              .bind("options", provider.options())
              .execute());
      return true;
    } catch (JdbiException e) {
      return falseWhenTaken(e);
    }
  }

  void reseal(ProviderId id, Sealed key) {
    database.use(handle ->
        handle.execute(
            "UPDATE providers SET sealed_key = ?, sealed_with = ? WHERE id = ?",
            key.bytes(),
            key.keyId(),
            id));
  }

  private static boolean falseWhenTaken(JdbiException e) {
    if (Database.isUniqueViolation(e)) {
      return false;
    }
    throw e;
  }

  Optional<StoredProvider> findProvider(ProviderId id) {
    return database.with(handle ->
        handle
            .createQuery(PROVIDER + " WHERE id = :id")
            .bind("id", id)
            .mapTo(StoredProvider.class)
            .findOne());
  }

  List<StoredProvider> providers(Optional<UUID> after, int limit) {
    return database.with(handle ->
        handle
            .createQuery(
                PROVIDER
                    + " WHERE CAST(:after AS uuid) IS NULL OR id > :after"
                    + " ORDER BY id LIMIT :limit")
            .bind("after", after)
            .bind("limit", limit)
            .mapTo(StoredProvider.class)
            .list());
  }

  boolean deleteProvider(ProviderId id) {
    return database.with(handle -> handle.execute("DELETE FROM providers WHERE id = ?", id) == 1);
  }

  /// @return false when the provider is gone, or has a model of this display name
  boolean insertModel(StoredModel model) {
    try {
      database.useTransaction(handle -> {
        if (model.isDefault()) {
          clearDefault(handle, model.id());
        }
        write(
            handle,
            """
            INSERT INTO models (id, provider_id, name, display_name, context_limit,
                                max_output_tokens, compaction_threshold, prices, options,
                                enabled, is_default)
            VALUES (:id, :providerId, :name, :displayName, :contextLimit, :maxOutputTokens,
                    :compactionThreshold, CAST(:prices AS json), CAST(:options AS json),
                    :enabled, :isDefault)
            """,
            model,
            Optional.of(model.isDefault()));
      });
      return true;
    } catch (JdbiException e) {
      return Database.isForeignKeyViolation(e) ? false : falseWhenTaken(e);
    }
  }

  /// @param makeDefault whether it is to be the default; as it is when absent
  /// @return false when the provider has another model of this display name
  boolean updateModel(StoredModel model, Optional<Boolean> makeDefault) {
    try {
      database.useTransaction(handle -> {
        if (makeDefault.orElse(false)) {
          clearDefault(handle, model.id());
        }
        write(
            handle,
            """
            UPDATE models
            SET name = :name, display_name = :displayName, context_limit = :contextLimit,
                max_output_tokens = :maxOutputTokens,
                compaction_threshold = :compactionThreshold, prices = CAST(:prices AS json),
                options = CAST(:options AS json), enabled = :enabled, is_default = coalesce(:isDefault, is_default),
                updated_at = now()
            WHERE id = :id AND provider_id = :providerId
            """,
            model,
            makeDefault);
      });
      return true;
    } catch (JdbiException e) {
      return falseWhenTaken(e);
    }
  }

  private static void clearDefault(Handle handle, ModelId butNot) {
    handle.execute("UPDATE models SET is_default = false WHERE is_default AND id <> ?", butNot);
  }

  private static void write(
      Handle handle, String statement, StoredModel model, Optional<Boolean> isDefault) {
    handle
        .createUpdate(statement)
        .bind("id", model.id())
        .bind("providerId", model.providerId())
        .bind("name", model.name())
        .bind("displayName", model.displayName())
        .bind("contextLimit", model.contextLimit())
        .bind("maxOutputTokens", model.maxOutputTokens())
        .bind("compactionThreshold", model.compactionThreshold())
        .bind("prices", model.prices())
        .bind("options", model.options())
        .bind("enabled", model.enabled())
        .bind("isDefault", isDefault)
        .execute();
  }

  Optional<StoredModel> findModel(ModelId id) {
    return database.with(handle ->
        handle
            .createQuery(MODEL + " WHERE id = :id")
            .bind("id", id)
            .mapTo(StoredModel.class)
            .findOne());
  }

  Optional<StoredModel> defaultModel() {
    return database.with(handle ->
        handle.createQuery(MODEL + " WHERE is_default").mapTo(StoredModel.class).findOne());
  }

  /// The oldest model of a provider, for its test.
  Optional<StoredModel> anyModel(ProviderId provider) {
    return database.with(handle ->
        handle
            .createQuery(MODEL + " WHERE provider_id = :provider ORDER BY enabled DESC, id LIMIT 1")
            .bind("provider", provider)
            .mapTo(StoredModel.class)
            .findOne());
  }

  List<StoredModel> models(boolean onlyEnabled, Optional<UUID> after, int limit) {
    return database.with(handle ->
        handle
            .createQuery(
                MODEL
                    + """
                    WHERE (enabled OR NOT :onlyEnabled)
                      AND (CAST(:after AS uuid) IS NULL OR id > :after)
                    ORDER BY id LIMIT :limit
                    """)
            .bind("onlyEnabled", onlyEnabled)
            .bind("after", after)
            .bind("limit", limit)
            .mapTo(StoredModel.class)
            .list());
  }

  boolean deleteModel(ModelId id) {
    return database.with(handle -> handle.execute("DELETE FROM models WHERE id = ?", id) == 1);
  }
}
