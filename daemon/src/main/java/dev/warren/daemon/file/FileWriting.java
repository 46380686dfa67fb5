package dev.warren.daemon.file;

import dev.warren.daemon.DaemonException;
import dev.warren.daemon.store.Horizon;
import dev.warren.daemon.store.IdLocks;
import dev.warren.daemon.store.InputHash;
import dev.warren.daemon.store.Tombstones;
import dev.warren.protocol.Json;
import dev.warren.protocol.Problem;
import dev.warren.protocol.daemon.DaemonProblems;
import dev.warren.protocol.daemon.FileEdits;
import dev.warren.protocol.daemon.FileWritten;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// Writes whole files and applies edits, each once an id.
public final class FileWriting {
  /// Edits in one request.
  static final int EDITS_MAX = 200;

  private static final String STALE =
      "was changed by somebody else since you read or wrote it, and nothing was written: read it again, then decide";

  private final FileChanges changes;
  private final WorkspacePath paths;
  private final Horizon horizon;
  private final Tombstones tombstones;
  private final IdLocks locks;
  private final Views views;

  public FileWriting(
      FileChanges changes,
      WorkspacePath paths,
      Horizon horizon,
      Tombstones tombstones,
      IdLocks locks,
      Views views) {
    this.changes = changes;
    this.paths = paths;
    this.horizon = horizon;
    this.tombstones = tombstones;
    this.locks = locks;
    this.views = views;
  }

  /// Replaces or creates a file.
  ///
  /// @param chat whose; what others changed since it saw the file is not overwritten
  public JsonNode put(UUID id, UUID chat, String name, InputStream content) throws IOException {
    Path path = paths.of("path", name);
    try (IdLocks.Held _ = locks.hold(id)) {
      check(id);
      Path target = changes.target(path);
      List<Path> temporaries = changes.reserve(id, List.of(target));
      boolean committed = false;
      try {
        FileChanges.Staged staged =
            changes.stage(temporaries.getFirst(), target, content, Optional.empty());
        String inputHash =
            new InputHash().add("put").add(path.toString()).add(staged.sha256()).hex();
        Optional<JsonNode> earlier = changes.answer(id, inputHash);
        if (earlier.isPresent()) {
          views.saw(chat, target, staged.sha256());
          return earlier.get();
        }
        if (views.isStale(chat, target)) {
          throw new DaemonException(
              422, DaemonProblems.STALE, "The file has changed", path + " " + STALE);
        }
        JsonNode answer =
            changes.commit(
                id,
                inputHash,
                List.of(staged),
                new FileWritten(
                    path.toString(), staged.sizeBytes(), staged.created(), staged.sha256()));
        committed = true;
        views.saw(chat, target, staged.sha256());
        return answer;
      } finally {
        if (!committed) {
          changes.abandon(id, temporaries);
        }
      }
    }
  }

  /// Applies edits over many files.
  ///
  /// @param chat whose; see [#apply(FileEdits.Edit, UUID, String, Map)]
  public JsonNode edit(UUID id, UUID chat, FileEdits request) throws IOException {
    if (request.edits().isEmpty() || request.edits().size() > EDITS_MAX) {
      throw DaemonException.badInput("edits", "1 to " + EDITS_MAX + " edits");
    }
    String inputHash =
        new InputHash().add("edits").add(Json.STRICT.writeValueAsBytes(request)).hex();
    try (IdLocks.Held _ = locks.hold(id)) {
      check(id);
      Optional<JsonNode> earlier = changes.answer(id, inputHash);
      if (earlier.isPresent()) {
        FileEdits.Applied applied = Json.STRICT.treeToValue(earlier.get(), FileEdits.Applied.class);
        applied.files().forEach(file -> views.saw(chat, Path.of(file.path()), file.sha256()));
        return earlier.get();
      }
      List<Draft> edited = apply(request.edits(), chat);
      List<Path> temporaries =
          changes.reserve(id, edited.stream().map(draft -> draft.file.target()).toList());
      boolean committed = false;
      try {
        List<FileChanges.Staged> staged = new ArrayList<>();
        List<FileEdits.EditedFile> answers = new ArrayList<>();
        for (int i = 0; i < edited.size(); i++) {
          Draft draft = edited.get(i);
          byte[] after = draft.file.encode(draft.after);
          staged.add(
              changes.stage(
                  temporaries.get(i),
                  draft.file.target(),
                  new ByteArrayInputStream(after),
                  Optional.of(draft.file)));
          LineDiff diff = LineDiff.of(draft.file.text(), draft.after);
          answers.add(
              new FileEdits.EditedFile(
                  draft.path,
                  LosslessText.clean(diff.unified(draft.path)),
                  diff.additions(),
                  diff.deletions(),
                  draft.notes,
                  staged.getLast().sha256()));
        }
        JsonNode answer = changes.commit(id, inputHash, staged, new FileEdits.Applied(answers));
        committed = true;
        staged.forEach(file -> views.saw(chat, file.target(), file.sha256()));
        return answer;
      } finally {
        if (!committed) {
          changes.abandon(id, temporaries);
        }
      }
    }
  }

  /// One file while its edits are applied, in memory.
  private static final class Draft {
    final String path;
    final TextFile file;
    final boolean stale;
    final List<String> notes = new ArrayList<>();
    String after;

    Draft(String path, TextFile file, boolean stale) {
      this.path = path;
      this.file = file;
      this.stale = stale;
      this.after = file.text();
    }
  }

  private List<Draft> apply(List<FileEdits.Edit> edits, UUID chat) throws IOException {
    Map<Path, Draft> drafts = new LinkedHashMap<>();
    List<Problem.FieldError> errors = new ArrayList<>();
    for (int i = 0; i < edits.size(); i++) {
      String field = "edits[%d]".formatted(i);
      try {
        Optional<String> refusal = apply(edits.get(i), chat, field, drafts);
        refusal.ifPresent(reason -> errors.add(new Problem.FieldError(field, reason)));
      } catch (DaemonException refused) {
        errors.add(new Problem.FieldError(field, refused.problem().detail()));
      }
    }
    if (!errors.isEmpty()) {
      throw new DaemonException(
          new Problem(
              DaemonProblems.EDIT,
              "Edits do not fit",
              422,
              "nothing was changed: %d of %d edits do not fit"
                  .formatted(errors.size(), edits.size()),
              errors));
    }
    return List.copyOf(drafts.values());
  }

  /// Why the edit does not fit, if it does not. In a file that others changed since the chat saw
  /// it, only an exact text of two lines or more is replaced: it says by itself what is meant.
  private Optional<String> apply(
      FileEdits.Edit edit, UUID chat, String field, Map<Path, Draft> drafts) throws IOException {
    Path path = paths.of(field + ".path", edit.path());
    TextFile file = TextFile.read(path);
    boolean stale = views.isStale(chat, file);
    Draft draft =
        drafts.computeIfAbsent(file.target(), any -> new Draft(path.toString(), file, stale));
    EditLadder.Result result =
        EditLadder.apply(
            draft.after,
            LosslessText.clean(edit.oldText()),
            LosslessText.clean(edit.newText()),
            edit.replaceAll().orElse(false));
    return switch (result) {
      case EditLadder.Applied applied when draft.stale && !isSure(edit, applied) ->
          Optional.of(
              LosslessText.clean(
                  "%s %s%s"
                      .formatted(path, STALE, NearestLines.there(draft.after, edit.oldText()))));
      case EditLadder.Applied applied -> {
        draft.after = applied.text();
        applied.note().ifPresent(note -> draft.notes.add(field + ": " + note));
        if (draft.stale) {
          draft.notes.add(
              field + ": somebody else changed other lines of the file since you read it");
        }
        yield Optional.empty();
      }
      case EditLadder.Refused refused ->
          Optional.of(LosslessText.clean(path + ": " + refused.reason()));
    };
  }

  private static boolean isSure(FileEdits.Edit edit, EditLadder.Applied applied) {
    return applied.note().isEmpty()
        && !edit.replaceAll().orElse(false)
        && edit.oldText().strip().contains("\n");
  }

  private void check(UUID id) throws IOException {
    horizon.check(id);
    if (tombstones.has(id)) {
      throw DaemonException.conflict(
          DaemonProblems.CANCELLED, "the change " + id + " was cancelled before it started");
    }
  }
}
