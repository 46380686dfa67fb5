package dev.warren.server.chat.api;

import dev.warren.server.access.UserId;
import dev.warren.server.approval.ApprovalRule;
import dev.warren.server.approval.ApprovalRules;
import dev.warren.server.chat.Budget;
import dev.warren.server.chat.ChatLookups;
import dev.warren.server.chat.ChatPatch;
import dev.warren.server.chat.ChatText;
import dev.warren.server.chat.StoredPart;
import dev.warren.server.files.FileId;
import dev.warren.server.http.Change;
import dev.warren.server.http.Problems;
import dev.warren.server.model.ModelId;
import dev.warren.server.workspace.WorkspaceId;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What clients send about chats, checked.
final class ChatInput {
  /// Parts of one message.
  static final int PARTS_MAX = 50;

  /// Characters of the text of one message.
  static final int TEXT_CHARS_MAX = 400_000;

  /// Characters of what a user says when he denies a call.
  static final int REASON_CHARS_MAX = 2_000;

  static final int TITLE_CHARS_MAX = 200;
  static final int LABELS_MAX = 32;
  static final int LABEL_CHARS_MAX = 100;

  /// Dollars of a budget.
  static final BigDecimal USD_MAX = BigDecimal.valueOf(1_000_000);

  private ChatInput() {}

  record Create(
      List<Content> content,
      Optional<ModelId> modelId,
      Optional<WorkspaceId> workspaceId,
      Optional<String> title,
      Optional<Map<String, String>> labels) {
    Create {
      checkContent(content);
      title.ifPresent(ChatInput::checkTitle);
      labels.ifPresent(ChatInput::checkLabels);
    }
  }

  record Send(List<Content> content, Optional<ModelId> modelId, Optional<Busy> busy) {
    Send {
      checkContent(content);
    }
  }

  record Edit(List<Content> content) {
    Edit {
      checkContent(content);
    }
  }

  /// @param position 1 for the head
  record Move(int position) {
    Move {
      if (position < 1) {
        throw Problems.badInput("position", "is not 1, the head of the queue, or more");
      }
    }
  }

  record Patch(
      Change<String> title,
      Optional<Boolean> archived,
      Change<Map<String, String>> labels,
      Optional<Boolean> pinned,
      Change<WorkspaceId> workspaceId,
      Change<ModelId> modelId,
      Change<BudgetInput> budget,
      Change<List<ApprovalRule>> approvalRules) {
    Patch {
      approvalRules.sent().ifPresent(ApprovalRules::new);
      title.sent().ifPresent(ChatInput::checkTitle);
      labels.sent().ifPresent(ChatInput::checkLabels);
    }

    ChatPatch patch() {
      return new ChatPatch(
          title,
          labels.or(Map.of()),
          pinned,
          archived,
          modelId,
          workspaceId,
          budget.or(BudgetInput.NONE).map(BudgetInput::budget),
          approvalRules.or(List.of()).map(ApprovalRules::new));
    }
  }

  /// What a chat may use from now on; no limit where absent.
  record BudgetInput(Optional<Long> tokens, Optional<BigDecimal> usd) {
    static final BudgetInput NONE = new BudgetInput(Optional.empty(), Optional.empty());

    BudgetInput {
      if (tokens.filter(value -> value < 1).isPresent()) {
        throw Problems.badInput("budget.tokens", "is not positive");
      }
      if (usd.filter(value -> value.signum() <= 0 || value.compareTo(USD_MAX) > 0).isPresent()) {
        throw Problems.badInput(
            "budget.usd", "is not above 0 and at most " + USD_MAX.toPlainString());
      }
    }

    Budget budget() {
      return new Budget(tokens, usd);
    }
  }

  /// @param reason what the model is told of a denied call
  record Approval(Choice decision, Optional<Remember> remember, Optional<String> reason) {
    Approval {
      if (reason.filter(text -> text.length() > REASON_CHARS_MAX).isPresent()) {
        throw Problems.badInput("reason", "is longer than " + REASON_CHARS_MAX + " characters");
      }
      if (decision == Choice.DENY && remember.isPresent()) {
        throw Problems.badInput(
            "remember", "goes only with allow; a rule of the chat denies for good");
      }
    }

    boolean remembers() {
      return remember.isPresent();
    }
  }

  /// What to do when the chat is busy.
  enum Busy {
    QUEUE,
    INTERRUPT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  enum Choice {
    ALLOW,
    DENY;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  enum Remember {
    CHAT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// A part of a user's message.
  record Content(Type type, Optional<String> text, Optional<FileId> fileId) {
    Content {
      switch (type) {
        case TEXT -> {
          if (text.isEmpty()) {
            throw Problems.badInput("content.text", "is missing; a part of type text has a text");
          }
          if (fileId.isPresent()) {
            throw Problems.badInput("content.file_id", "does not belong to a part of type text");
          }
        }
        case FILE -> {
          if (fileId.isEmpty()) {
            throw Problems.badInput(
                "content.file_id", "is missing; upload with POST /files and send its id");
          }
          if (text.isPresent()) {
            throw Problems.badInput("content.text", "does not belong to a part of type file");
          }
        }
      }
    }

    enum Type {
      TEXT,
      FILE;

      @Override
      public String toString() {
        return name().toLowerCase(Locale.ROOT);
      }
    }
  }

  private static void checkContent(List<Content> content) {
    if (content.isEmpty() || content.size() > PARTS_MAX) {
      throw Problems.badInput(
          "content", "has " + content.size() + " parts; a message has 1 to " + PARTS_MAX);
    }
    long chars =
        content.stream().flatMap(part -> part.text().stream()).mapToLong(String::length).sum();
    if (chars > TEXT_CHARS_MAX) {
      throw Problems.badInput(
          "content",
          "has "
              + chars
              + " characters; a message has at most "
              + TEXT_CHARS_MAX
              + ". Attach the rest as a file.");
    }
    boolean empty =
        content.stream()
            .allMatch(part -> part.fileId().isEmpty() && part.text().orElse("").isBlank());
    if (empty) {
      throw Problems.badInput("content", "says nothing");
    }
  }

  private static void checkTitle(String title) {
    if (title.isBlank()
        || title.length() > TITLE_CHARS_MAX
        || !title.equals(ChatText.clean(title))) {
      throw Problems.badInput(
          "title", "must be 1 to " + TITLE_CHARS_MAX + " characters without control characters");
    }
  }

  private static void checkLabels(Map<String, String> labels) {
    if (labels.size() > LABELS_MAX) {
      throw Problems.badInput("labels", "are more than " + LABELS_MAX);
    }
    labels.forEach((name, value) -> {
      boolean bad =
          value == null
              || name.isBlank()
              || name.length() > LABEL_CHARS_MAX
              || value.length() > LABEL_CHARS_MAX
              || !name.equals(ChatText.clean(name))
              || !value.equals(ChatText.clean(value));
      if (bad) {
        throw Problems.badInput(
            "labels",
            "have names of 1 to and values of at most " + LABEL_CHARS_MAX + " characters");
      }
    });
  }

  static List<StoredPart> parts(List<Content> content, UserId owner, ChatLookups lookups) {
    List<StoredPart> parts = new ArrayList<>();
    for (int i = 0; i < content.size(); i++) {
      Content part = content.get(i);
      if (part.fileId().isPresent()) {
        String field = "content[" + i + "].file_id";
        parts.add(
            lookups
                .file(part.fileId().get(), owner)
                .orElseThrow(
                    () -> Problems.badInput(field, "is no file of yours; upload it first")));
      } else {
        parts.add(StoredPart.Text.of(ChatText.clean(part.text().orElse(""))));
      }
    }
    return parts;
  }
}
