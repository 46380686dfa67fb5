package dev.warren.server.tool.workspace;

import dev.warren.protocol.daemon.FileEdits;
import dev.warren.server.tool.Field;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import java.util.List;
import java.util.Optional;

/// `edit_files`: replacements over many files, all or nothing.
public final class EditFiles implements Tool<EditFiles.Input> {
  /// Characters of all diffs together that the model gets.
  static final int DIFF_CHARS_MAX = 24 * 1024;

  private final Daemons daemons;

  public EditFiles(Daemons daemons) {
    this.daemons = daemons;
  }

  public record Input(@Field(min = 1, max = 200) List<Edit> edits) {
    public Input {
      edits = List.copyOf(edits);
    }
  }

  public record Edit(
      @Field("absolute, or below ~") String path,
      @Field("text to replace, as it is in the file, without line numbers") String oldText,
      @Field("text to put there") String newText,
      @Field("every place instead of the only one") Optional<Boolean> replaceAll) {}

  record Output(List<EditedFile> files, Optional<Boolean> truncated) {}

  /// @param notes where the match was lenient
  record EditedFile(
      String path, int additions, int deletions, String diff, Optional<List<String>> notes) {}

  @Override
  public String name() {
    return "edit_files";
  }

  @Override
  public Family family() {
    return Family.WORKSPACE;
  }

  @Override
  public Effect effect() {
    return Effect.FILES;
  }

  @Override
  public Class<Input> inputType() {
    return Input.class;
  }

  @Override
  public ToolResult execute(ToolContext context, Input input) throws InterruptedException {
    FileEdits edits =
        new FileEdits(
            input.edits().stream()
                .map(edit ->
                    new FileEdits.Edit(
                        edit.path(), edit.oldText(), edit.newText(), edit.replaceAll()))
                .toList());
    FileEdits.Applied applied =
        WorkspaceCall.begin(daemons, context)
            .change((daemon, effect) -> daemon.edit(edits, effect));
    int[] budget = {DIFF_CHARS_MAX};
    boolean[] cut = {false};
    List<EditedFile> files =
        applied.files().stream()
            .map(file -> {
              String diff = file.diff();
              if (diff.length() > budget[0]) {
                cut[0] = true;
                diff = diff.substring(0, budget[0]) + "\n… the rest of the diff is cut\n";
              }
              budget[0] -= Math.min(budget[0], diff.length());
              return new EditedFile(
                  file.path(),
                  file.additions(),
                  file.deletions(),
                  diff,
                  file.notes().isEmpty() ? Optional.empty() : Optional.of(file.notes()));
            })
            .toList();
    return ToolResult.of(new Output(files, cut[0] ? Optional.of(true) : Optional.empty()));
  }

  @Override
  public ToolResult cancel(ToolContext context, Input input) throws InterruptedException {
    return Cancellation.ofChange(daemons, context);
  }
}
