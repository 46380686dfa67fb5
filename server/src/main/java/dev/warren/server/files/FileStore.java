package dev.warren.server.files;

import dev.warren.server.access.UserId;
import dev.warren.server.db.Database;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The table of attached files.
public final class FileStore {
  private final Database database;

  public FileStore(Database database) {
    this.database = database;
  }

  /// A file without its content.
  public record Attachment(FileId id, String name, String mediaType) {}

  void insert(StoredFile file, UserId owner) {
    database.use(handle ->
        handle
            .createUpdate(
                """
                INSERT INTO files (id, owner_id, name, media_type, content)
                VALUES (:id, :owner, :name, :mediaType, :content)
                ON CONFLICT (id) DO NOTHING
                """)
            .bind("id", file.id())
            .bind("owner", owner)
            .bind("name", file.name())
            .bind("mediaType", file.mediaType())
            .bind("content", file.content())
            .execute());
  }

  public Optional<StoredFile> find(FileId id, UserId owner) {
    return database.with(handle ->
        handle
            .createQuery(
                "SELECT id, name, media_type, content FROM files WHERE id = :id AND owner_id = :owner")
            .bind("id", id)
            .bind("owner", owner)
            .mapTo(StoredFile.class)
            .findOne());
  }

  /// Those of `ids` that are this user's, without their content.
  public List<Attachment> attachments(Collection<FileId> ids, UserId owner) {
    return database.with(handle ->
        handle
            .createQuery(
                "SELECT id, name, media_type FROM files WHERE id = ANY(:ids) AND owner_id = :owner")
            .bind("ids", ids.stream().map(FileId::value).toArray(UUID[]::new))
            .bind("owner", owner)
            .mapTo(Attachment.class)
            .list());
  }
}
