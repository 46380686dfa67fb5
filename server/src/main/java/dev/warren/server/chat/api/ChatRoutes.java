package dev.warren.server.chat.api;

import dev.warren.server.access.UserId;
import dev.warren.server.approval.ToolNames;
import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatLookups;
import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.chat.ChatStore.Range;
import dev.warren.server.chat.ChatText;
import dev.warren.server.chat.ChatTransitions;
import dev.warren.server.chat.ContextTransitions;
import dev.warren.server.chat.MessageDraft;
import dev.warren.server.chat.MessageId;
import dev.warren.server.chat.NewChat;
import dev.warren.server.chat.PlaceStore;
import dev.warren.server.chat.QueuedId;
import dev.warren.server.chat.QueuedMessage;
import dev.warren.server.chat.StoredPart;
import dev.warren.server.chat.UserTransitions;
import dev.warren.server.chat.events.ChatEvents;
import dev.warren.server.chat.events.SidebarEvents;
import dev.warren.server.chat.events.SubscriptionSource;
import dev.warren.server.http.Access;
import dev.warren.server.http.Page;
import dev.warren.server.http.Problems;
import dev.warren.server.http.Request;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import dev.warren.server.model.ModelId;
import dev.warren.server.model.UsableModel;
import dev.warren.server.workspace.WorkspaceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// The HTTP API of chats. Owners act; administrators and auditors read; for all others there is no
/// such chat.
public final class ChatRoutes {
  private static final String CHATS = Route.API + "/chats";
  private static final String CHAT = CHATS + "/{id}";
  private static final String REPEATABLE = "Idempotency-Key";

  private final ChatStore store;
  private final ChatAccess access;
  private final PlaceStore places;
  private final UserTransitions transitions;
  private final ContextTransitions context;
  private final ChatEvents events;
  private final SidebarEvents sidebar;
  private final ChatLookups lookups;
  private final ToolNames tools;

  public ChatRoutes(
      ChatStore store,
      PlaceStore places,
      ChatTransitions transitions,
      ChatEvents events,
      SidebarEvents sidebar,
      ChatLookups lookups,
      ToolNames tools) {
    this.tools = tools;
    this.places = places;
    this.store = store;
    this.access = new ChatAccess(store);
    this.transitions = transitions.user();
    this.context = transitions.context();
    this.events = events;
    this.sidebar = sidebar;
    this.lookups = lookups;
  }

  /// @param message in the history, or
  /// @param queued in the queue
  record Sent(Optional<ChatMessage> message, Optional<QueuedMessage> queued) {}

  /// A page of a history, oldest first.
  record Messages(List<ChatMessage> items, List<QueuedMessage> queued) {}

  /// The whole queue, its head first.
  record Queue(List<QueuedMessage> queued) {}

  public List<Route> routes() {
    return List.of(
        Route.post(CHATS, Access.USER, this::create)
            .accepts(ChatInput.Create.class)
            .idempotently()
            .answers(201, Chat.class)
            .summary("Start a chat with its first message."),
        Route.get(CHAT, Access.USER, this::show).answers(200, Chat.class).summary("Read a chat."),
        Route.patch(CHAT, Access.USER, this::patch)
            .accepts(ChatInput.Patch.class)
            .answers(200, Chat.class)
            .summary(
                "Rename, label, pin, archive a chat, or give it another model, workspace, budget or"
                    + " rules; null takes them away."),
        Route.delete(CHAT, Access.USER, this::delete).answers(204).summary("Delete a chat."),
        Route.get(CHAT + "/messages", Access.USER, this::messages)
            .query("before", "after", "limit")
            .answers(200, Messages.class)
            .summary("Read messages, oldest first, and the queue."),
        Route.post(CHAT + "/messages", Access.USER, this::send)
            .accepts(ChatInput.Send.class)
            .idempotently()
            .answers(201, Sent.class)
            .summary("Send a message, or queue it while the chat is busy."),
        Route.patch(CHAT + "/messages/{message_id}", Access.USER, this::edit)
            .accepts(ChatInput.Edit.class)
            .answers(200, ChatMessage.class)
            .summary("Edit a user's message: what follows it is dropped and the turn runs again."),
        act("/interrupt", "End the running turn.", transitions::interrupt),
        act("/clear", "Let the model forget what was said so far.", context::clear),
        act(
            "/compact",
            "Summarise the conversation to make room; the chat waits again when it is done.",
            context::requestCompaction),
        Route.delete(CHAT + "/queue/{queued_id}", Access.USER, this::deleteQueued)
            .answers(204)
            .summary("Delete a queued message."),
        Route.patch(CHAT + "/queue/{queued_id}", Access.USER, this::moveQueued)
            .accepts(ChatInput.Move.class)
            .answers(200, Queue.class)
            .summary("Move a queued message to another place of the queue, 1 for the head."),
        Route.post(CHAT + "/queue/{queued_id}/promote", Access.USER, this::promote)
            .answers(200, Sent.class)
            .summary("Send a queued message now; the running turn is interrupted."),
        Route.events(CHAT + "/events", Access.USER, this::open)
            .summary("Follow a chat: server-sent events, or a WebSocket."),
        Route.events(Route.API + "/events", Access.USER, request -> sidebar.open(request.caller()))
            .summary("Follow the caller's chats and workspaces."));
  }

  private Response create(Request request) {
    ChatInput.Create input = request.body(ChatInput.Create.class);
    UserId owner = request.caller().id();
    ChatId id = new ChatId(request.newId());
    Optional<Chat> repeated = repeated(request, () -> store.find(id));
    if (repeated.isPresent()) {
      return Response.created(repeated.get());
    }
    Optional<UsableModel> model = model(input.modelId(), owner);
    checkWorkspace(input.workspaceId(), owner);
    List<StoredPart> parts = ChatInput.parts(input.content(), owner, lookups);
    NewChat chat =
        new NewChat(
            id,
            owner,
            input.title().orElseGet(() -> ChatText.title(parts)),
            input.title().isPresent() ? Chat.TitleSource.USER : Chat.TitleSource.PROMPT,
            input.labels().orElse(Map.of()),
            model.map(UsableModel::id),
            input.workspaceId(),
            model.map(UsableModel::contextLimit).orElse(0L),
            lookups.defaultBudget());
    transitions.create(chat, MessageDraft.user(parts, input.modelId()));
    return Response.created(store.find(id).orElseThrow(() -> ChatAccess.gone(id)));
  }

  /// What an earlier try of the same request has made.
  private static <T> Optional<T> repeated(Request request, Supplier<Optional<T>> find) {
    return request.header(REPEATABLE).isPresent() ? find.get() : Optional.empty();
  }

  /// The wanted model, or the default if there is one.
  private Optional<UsableModel> model(Optional<ModelId> wanted, UserId user) {
    Optional<UsableModel> model = lookups.model(wanted, user);
    if (wanted.isPresent() && model.isEmpty()) {
      throw Problems.badInput("model_id", "is no model that you may use");
    }
    return model;
  }

  private void checkWorkspace(Optional<WorkspaceId> workspace, UserId user) {
    if (workspace.isPresent() && !lookups.mayUse(workspace.get(), user)) {
      throw Problems.badInput("workspace_id", "is no workspace of yours");
    }
  }

  /// A pending chat says how many go first.
  private Response show(Request request) {
    return Response.ok(places.placed(List.of(access.readable(request))).getFirst());
  }

  private Response patch(Request request) {
    Chat chat = access.owned(request);
    ChatInput.Patch patch = request.body(ChatInput.Patch.class);
    model(patch.modelId().sent(), chat.ownerId());
    checkWorkspace(patch.workspaceId().sent(), chat.ownerId());
    patch.approvalRules().sent().ifPresent(rules -> tools.checkRules("approval_rules", rules));
    return access.answer(chat.id(), () -> transitions.patch(chat.id(), patch.patch()));
  }

  private Response delete(Request request) {
    Chat chat = access.owned(request);
    transitions.delete(chat.id());
    return Response.noContent();
  }

  private Response messages(Request request) {
    Chat chat = access.readable(request);
    int limit = request.queryNumber("limit", 1, Page.LIMIT_MAX).orElse(Page.LIMIT_DEFAULT);
    Optional<UUID> before = request.queryId("before");
    Optional<UUID> after = request.queryId("after");
    if (before.isPresent() && after.isPresent()) {
      throw Problems.badInput("after", "does not go with before; ask for one of them");
    }
    Range range =
        before
            .<Range>map(id -> new Range.Before(seq(chat, "before", id)))
            .or(() -> after.map(id -> new Range.After(seq(chat, "after", id))))
            .orElse(new Range.Newest());
    return Response.ok(
        new Messages(store.messages(chat.id(), range, limit), store.queue(chat.id())));
  }

  private long seq(Chat chat, String parameter, UUID id) {
    return store
        .message(chat.id(), new MessageId(id))
        .orElseThrow(() -> Problems.badInput(parameter, "is no message of this chat"))
        .seq();
  }

  private Response send(Request request) {
    Chat chat = access.owned(request);
    ChatInput.Send input = request.body(ChatInput.Send.class);
    MessageId id = new MessageId(request.newId());
    model(input.modelId(), chat.ownerId());
    List<StoredPart> parts = ChatInput.parts(input.content(), chat.ownerId(), lookups);
    boolean interrupt = input.busy().equals(Optional.of(ChatInput.Busy.INTERRUPT));
    return ChatAccess.guarded(() ->
        Response.created(
            sent(
                transitions.send(
                    chat.id(), MessageDraft.user(id, parts, input.modelId()), interrupt))));
  }

  private static Sent sent(UserTransitions.Sent sent) {
    return new Sent(sent.message(), sent.queued());
  }

  private Response edit(Request request) {
    Chat chat = access.owned(request);
    MessageId message = new MessageId(request.id("message_id"));
    List<StoredPart> parts =
        ChatInput.parts(request.body(ChatInput.Edit.class).content(), chat.ownerId(), lookups);
    return ChatAccess.guarded(() -> Response.ok(transitions.edit(chat.id(), message, parts)));
  }

  private Route act(String path, String summary, java.util.function.Consumer<ChatId> action) {
    return Route.post(
            CHAT + path,
            Access.USER,
            request -> {
              Chat chat = access.owned(request);
              return access.answer(chat.id(), () -> action.accept(chat.id()));
            })
        .answers(200, Chat.class)
        .summary(summary);
  }

  private Response deleteQueued(Request request) {
    Chat chat = access.owned(request);
    return ChatAccess.guarded(() -> {
      transitions.deleteQueued(chat.id(), new QueuedId(request.id("queued_id")));
      return Response.noContent();
    });
  }

  private Response moveQueued(Request request) {
    Chat chat = access.owned(request);
    QueuedId queued = new QueuedId(request.id("queued_id"));
    int place = request.body(ChatInput.Move.class).position();
    return ChatAccess.guarded(
        () -> Response.ok(new Queue(transitions.moveQueued(chat.id(), queued, place))));
  }

  private Response promote(Request request) {
    Chat chat = access.owned(request);
    QueuedId queued = new QueuedId(request.id("queued_id"));
    return ChatAccess.guarded(
        () -> Response.ok(sent(transitions.promoteQueued(chat.id(), queued))));
  }

  private SubscriptionSource open(Request request) {
    Chat chat = access.readable(request);
    return new SubscriptionSource(events.subscribe(chat.id(), request.resumeAfter()));
  }
}
