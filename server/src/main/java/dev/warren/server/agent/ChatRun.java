package dev.warren.server.agent;

import dev.warren.llm.Completion;
import dev.warren.llm.ModelRequest;
import dev.warren.llm.ProviderException;
import dev.warren.protocol.UuidV7;
import dev.warren.server.agent.AgentSources.AgentSettings;
import dev.warren.server.agent.AgentSources.ModelUnavailable;
import dev.warren.server.agent.ModelAnswer.Attempt;
import dev.warren.server.agent.ModelAnswer.Outcome;
import dev.warren.server.agent.TurnPlanner.Step;
import dev.warren.server.agent.compaction.ContextMeter;
import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatException;
import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.ChatStatus;
import dev.warren.server.chat.Instructions;
import dev.warren.server.chat.Lease;
import dev.warren.server.chat.MessageDraft;
import dev.warren.server.chat.MessageId;
import dev.warren.server.chat.StoredPart;
import dev.warren.server.chat.WorkerTransitions.Committed;
import dev.warren.server.tool.ToolRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One chat while this replica owns it: step after step until the turn ends, or until it is told to
/// stop. Its thread is never interrupted.
final class ChatRun {
  private static final Logger log = LoggerFactory.getLogger(ChatRun.class);

  private final AgentParts parts;

  /// As it was when the step began.
  private Chat chat;

  private final Lease lease;
  private final ToolRegistry registry;
  private final Mailbox<RunEvent> mailbox = new Mailbox<>();
  private volatile Optional<StopReason> stop = Optional.empty();
  private final BoundWorkspace workspace;
  private final RunInstructions instructions;
  private final Prompt prompt;
  private final List<ChatMessage> history = new ArrayList<>();
  private long version;

  /// Answers of the running turn that a summary has replaced.
  private int compressedSteps;

  /// Absent until the system prompt and the tools are known.
  private Optional<ContextMeter> meter = Optional.empty();

  ChatRun(AgentParts parts, Chat chat, Lease lease) {
    this.parts = parts;
    this.chat = chat;
    this.lease = lease;
    this.registry = chat.parentId().isPresent() ? parts.registry().ofSubAgents() : parts.registry();
    this.workspace = new BoundWorkspace(chat.workspaceId());
    this.instructions = new RunInstructions(parts.sources().instructions());
    this.prompt = new Prompt(parts.sources().files());
    this.version = chat.version();
  }

  Lease lease() {
    return lease;
  }

  /// Tells the run to stop; it does within a few seconds.
  void stop(StopReason reason) {
    synchronized (this) {
      if (stop.isEmpty() || stop.get().compareTo(reason) < 0) {
        stop = Optional.of(reason);
      }
    }
    mailbox.put(new RunEvent.Stop());
  }

  /// Works until the chat is no longer this replica's.
  void run() {
    try {
      history.addAll(parts.store().history(chat.id()));
      if (!history.isEmpty() && history.getFirst().role() == ChatMessage.Role.SUMMARY) {
        compressedSteps = parts.store().compressedSteps(chat.id());
      }
      parts.instructions().told(chat.id()).forEach(instructions::add);
      boolean more = true;
      while (more) {
        Optional<StopReason> told = stop;
        more = told.isPresent() ? stopped(told.get()) : step();
      }
    } catch (ChatException e) {
      switch (e.kind()) {
        case LEASE_LOST, NOT_FOUND ->
            log.info("chat {}: left, since it is another owner's", chat.id());
        case WRONG_STATE, TOO_MUCH -> log.warn("chat {}: left: {}", chat.id(), e.getMessage());
      }
    } catch (RuntimeException e) {
      // What was committed stands. The worker gives the chat back when the database answers.
      log.error("chat {}: the run broke off", chat.id(), e);
    }
  }

  private boolean step() {
    AgentSettings settings = parts.sources().settings().read();
    refresh();
    Step next =
        chat.compactionRequested()
            ? new Step.Compact(Compaction.Cause.REQUESTED)
            : TurnPlanner.next(history, compressedSteps, settings.maxSteps());
    return switch (next) {
      case Step.AskModel ask -> withModel(model -> askModel(settings, model));
      case Step.Compact(Compaction.Cause cause) ->
          withModel(model -> compact(settings, model, cause));
      case Step.RunTools(ChatMessage message) -> runTools(settings, message);
      case Step.Finish() -> {
        parts.transitions().worker().finishTurn(lease);
        yield false;
      }
      case Step.Stop(String reason) -> fail(reason);
    };
  }

  /// What people have set counts from the next step on: model, workspace, rules.
  private void refresh() {
    chat = parts.store().find(chat.id()).orElseThrow(() -> ChatException.notFound(lease.chat()));
    workspace.set(chat.workspaceId());
  }

  private boolean fail(String reason) {
    parts.transitions().worker().fail(lease, reason);
    return false;
  }

  // Asking the model

  private boolean withModel(Predicate<AgentModel> step) {
    AgentModel model;
    try {
      model = parts.sources().models().find(chat.modelId(), chat.ownerId());
    } catch (ModelUnavailable e) {
      return fail(String.valueOf(e.getMessage()));
    }
    Optional<String> exhausted = parts.budgets().exhausted(chat.id());
    return exhausted.isPresent() ? fail(exhausted.get()) : step.test(model);
  }

  private boolean askModel(AgentSettings settings, AgentModel model) {
    instructions.news(workspace.id(), history, () -> stop.isPresent()).ifPresent(this::tell);
    if (TurnPlanner.ask(meter(settings), model.window()) instanceof Step.Compact full) {
      return compact(settings, model, full.cause());
    }
    return switch (asking().ask(model, request(settings, model), this::begin)) {
      case Outcome.Done(Completion completion, Attempt attempt) ->
          commit(settings, model, completion, attempt);
      case Outcome.Failed(ProviderException cause)
          when cause.kind() == ProviderException.Kind.CONTEXT_TOO_LONG ->
          meter(settings).compactable()
              ? compact(settings, model, Compaction.Cause.TOO_LONG)
              : fail(Compaction.tooLong(model, ""));
      case Outcome.Failed(Throwable cause) -> {
        log.warn("chat {}: the model gave no answer", chat.id(), cause);
        yield fail(ModelAnswer.message(cause));
      }
      case Outcome.Stopped(StopReason reason, Attempt attempt, List<StoredPart> partial) ->
          reason == StopReason.INTERRUPTED ? keepPartial(model, attempt, partial) : stopped(reason);
    };
  }

  private ModelRequest request(AgentSettings settings, AgentModel model) {
    return prompt.request(
        chat,
        model,
        settings,
        registry.specs(settings.disabledTools()),
        history,
        instructions.sent(history));
  }

  private void tell(Instructions news) {
    version = parts.transitions().worker().tellInstructions(lease, news);
    instructions.add(news);
    meter.ifPresent(it -> it.addText(news.text()));
  }

  private ModelAnswer asking() {
    return new ModelAnswer(parts.events(), chat.id(), mailbox, () -> stop, parts.retries());
  }

  private ContextMeter meter(AgentSettings settings) {
    if (meter.isEmpty()) {
      long overhead =
          Prompt.overheadChars(chat, settings, registry.specs(settings.disabledTools()));
      ContextMeter fresh = new ContextMeter(overhead + instructions.chars(history));
      fresh.addAll(history);
      meter = Optional.of(fresh);
    }
    return meter.get();
  }

  private boolean compact(AgentSettings settings, AgentModel model, Compaction.Cause cause) {
    Compaction compaction =
        new Compaction(
            parts,
            chat,
            asking(),
            settings.compactionModel(),
            model,
            () -> request(settings, model),
            history,
            meter(settings));
    return switch (compaction.run(cause, workspace.id().isPresent())) {
      case Compaction.Result.Done(MessageDraft summary, Chat.Context context) -> {
        Committed committed = parts.transitions().context().commitSummary(lease, summary, context);
        history.clear();
        compressedSteps = parts.store().compressedSteps(chat.id());
        yield adopt(committed) && summary.finish().isEmpty();
      }
      case Compaction.Result.Stopped(StopReason reason) -> stopped(reason);
      case Compaction.Result.Impossible(String reason) -> fail(reason);
    };
  }

  private Attempt begin() {
    MessageId id = new MessageId(UuidV7.next());
    long seq = history.isEmpty() ? 1 : history.getLast().seq() + 1;
    return new Attempt(id, parts.events().begin(lease, id, seq, version));
  }

  private boolean commit(
      AgentSettings settings, AgentModel model, Completion completion, Attempt attempt) {
    MessageDraft draft = AnswerDraft.of(model, attempt.message(), completion);
    long used = completion.usage().inputTokens() + completion.usage().outputTokens();
    try {
      Committed committed =
          parts
              .transitions()
              .worker()
              .commitStep(lease, draft, new Chat.Context(used, model.contextLimit()));
      attempt.writing().committed(committed.version());
      adopt(committed);
    } catch (RuntimeException e) {
      attempt.writing().abandon();
      throw e;
    }
    if (draft.finish().isPresent() && settings.modelTitles()) {
      parts.titles().afterTurn(chat, model, history);
    }
    return draft.finish().isEmpty();
  }

  private boolean adopt(Committed committed) {
    history.add(committed.message());
    meter.ifPresent(it -> it.add(committed.message()));
    version = committed.version();
    noticed(committed.status());
    return true;
  }

  private void noticed(ChatStatus status) {
    if (status == ChatStatus.INTERRUPTING) {
      stop(StopReason.INTERRUPTED);
    }
  }

  private boolean keepPartial(AgentModel model, Attempt attempt, List<StoredPart> partial) {
    Optional<MessageDraft> draft =
        partial.isEmpty()
            ? Optional.empty()
            : Optional.of(AnswerDraft.interrupted(model, attempt.message(), partial));
    long inVersion;
    try {
      inVersion = parts.transitions().worker().finishInterruption(lease, draft, List.of());
    } catch (RuntimeException e) {
      attempt.writing().abandon();
      throw e;
    }
    if (draft.isPresent()) {
      attempt.writing().committed(inVersion);
    } else {
      attempt.writing().abandon();
    }
    return false;
  }

  // Running tools

  private boolean runTools(AgentSettings settings, ChatMessage message) {
    ToolStep step = new ToolStep(parts, chat, lease, registry, workspace, mailbox, () -> stop);
    return switch (step.run(settings, history, message)) {
      case ToolStep.Outcome.Done(List<StoredPart.ToolResult> results) -> {
        long used = meter(settings).usedAfter(results);
        yield adopt(parts.transitions().worker().commitResults(lease, results, used));
      }
      case ToolStep.Outcome.Stopped(StopReason reason, List<StoredPart.ToolResult> known) ->
          stopped(reason, known);
      case ToolStep.Outcome.Parked() -> false;
      case ToolStep.Outcome.Again(ChatStatus status) -> {
        noticed(status);
        yield true;
      }
    };
  }

  // Stopping

  private boolean stopped(StopReason reason) {
    return stopped(reason, List.of());
  }

  /// @return whether there is more to do, which there is not
  private boolean stopped(StopReason reason, List<StoredPart.ToolResult> known) {
    switch (reason) {
      case INTERRUPTED ->
          parts.transitions().worker().finishInterruption(lease, Optional.empty(), known);
      case HAND_OVER -> parts.transitions().worker().release(lease);
      case LOST -> {}
    }
    return false;
  }
}
