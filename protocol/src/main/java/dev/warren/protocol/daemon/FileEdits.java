package dev.warren.protocol.daemon;

import java.util.List;
import java.util.Optional;

/// `POST /v1/files/edits`: replacements over many files, all or nothing. Edits of one file apply in
/// order, each to the result of the one before.
public record FileEdits(List<Edit> edits) {
  public FileEdits {
    edits = List.copyOf(edits);
  }

  /// @param oldText must be found in exactly one place unless `replaceAll`
  public record Edit(String path, String oldText, String newText, Optional<Boolean> replaceAll) {}

  /// What was done.
  public record Applied(List<EditedFile> files) {
    public Applied {
      files = List.copyOf(files);
    }
  }

  /// @param diff unified, with three lines of context
  /// @param notes where the match was lenient, in words that the model reads
  public record EditedFile(
      String path, String diff, int additions, int deletions, List<String> notes, String sha256) {
    public EditedFile {
      notes = List.copyOf(notes);
    }
  }
}
