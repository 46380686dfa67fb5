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
import dev.warren.server.chat.WorkerTransitions;
import dev.warren.server.chat.WorkerTransitions.Committed;
import dev.warren.server.db.DatabaseException;
import dev.warren.server.tool.ToolRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
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
  private final Runnable slotFree;
  private volatile boolean resting;
  private final ToolRegistry registry;
  private final Mailbox<RunEvent> mailbox = new Mailbox<>();
  private volatile Optional<StopReason> stop = Optional.empty();
  private final BoundWorkspace workspace;
  private RunInstructions instructions;
  private Prompt prompt;
  private final List<ChatMessage> history = new ArrayList<>();
  private long version;

  /// What is known of the chat has to be read first.
  private boolean stale = true;

  /// Answers of the running turn that a summary has replaced.
  private int compressedSteps;

  /// Absent until the system prompt and the tools are known.
  private Optional<ContextMeter> meter = Optional.empty();

  /// @param slotFree called when the run begins to rest
  ChatRun(AgentParts parts, Chat chat, Lease lease, Runnable slotFree) {
    this.slotFree = slotFree;
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

  /// Whether it only waits for others, and so needs no slot.
  boolean resting() {
    return resting;
  }

  private void rest(boolean value) {
    worker().rest(lease, value);
    resting = value;
    if (value) {
      slotFree.run();
    }
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
      boolean more = true;
      while (more) {
        more = attempt();
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

  /// One step, or a pause when the database cannot be reached: then it goes on from what is
  /// committed, as another owner would.
  private boolean attempt() {
    try {
      if (stale) {
        load();
      }
      Optional<StopReason> told = stop;
      return told.isPresent() ? stopped(told.get()) : step();
    } catch (DatabaseException e) {
      if (stop.equals(Optional.of(StopReason.LOST))) {
        return false;
      }
      log.info("chat {}: waits for the database: {}", chat.id(), e.toString());
      stale = true;
      Outage.pause();
      return true;
    }
  }

  private void load() {
    refresh();
    version = chat.version();
    history.clear();
    history.addAll(parts.store().history(chat.id()));
    meter = Optional.empty();
    boolean compressed =
        !history.isEmpty() && history.getFirst().role() == ChatMessage.Role.SUMMARY;
    compressedSteps = compressed ? parts.store().compressedSteps(chat.id()) : 0;
    prompt = new Prompt(parts.sources().files());
    instructions = new RunInstructions(parts.sources().instructions());
    parts.instructions().told(chat.id()).forEach(instructions::add);
    stale = false;
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
        worker().finishTurn(lease);
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
    worker().fail(lease, reason);
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
    version = worker().tellInstructions(lease, news);
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
      Chat.Context context = new Chat.Context(used, model.contextLimit());
      Committed committed = written(draft, () -> worker().commitStep(lease, draft, context));
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

  private Committed written(MessageDraft draft, Supplier<Committed> commit) {
    return Outage.outlast(commit, () -> worker().committed(lease, draft.id()), () -> stop);
  }

  private WorkerTransitions worker() {
    return parts.transitions().worker();
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
      inVersion =
          Outage.outlast(
              () -> worker().finishInterruption(lease, draft, List.of()),
              Optional::empty,
              () -> stop);
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
    ToolStep step =
        new ToolStep(parts, chat, lease, registry, workspace, mailbox, () -> stop, this::rest);
    return switch (step.run(settings, history, message)) {
      case ToolStep.Outcome.Done(List<StoredPart.ToolResult> results) -> {
        long used = meter(settings).usedAfter(results);
        MessageDraft draft = MessageDraft.results(results);
        yield adopt(written(draft, () -> worker().commitResults(lease, draft, used)));
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
      case INTERRUPTED -> worker().finishInterruption(lease, Optional.empty(), known);
      case HAND_OVER -> worker().release(lease);
      case LOST -> {}
    }
    return false;
  }
}
