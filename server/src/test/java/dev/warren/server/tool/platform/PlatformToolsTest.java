package dev.warren.server.tool.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.UuidV7;
import dev.warren.server.access.UserId;
import dev.warren.server.chat.ChatId;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.template.EngineKind;
import dev.warren.server.template.Template;
import dev.warren.server.template.TemplateParameter;
import dev.warren.server.template.Templates;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import dev.warren.server.workspace.Transition;
import dev.warren.server.workspace.WorkspaceId;
import dev.warren.server.workspace.WorkspaceKit;
import dev.warren.server.workspace.WorkspaceStatus;
import dev.warren.server.workspace.WorkspaceView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class PlatformToolsTest {
  @RegisterExtension static final PostgresForTests POSTGRES = new PostgresForTests();

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private WorkspaceKit kit;

  @BeforeEach
  void begins() throws Exception {
    kit = new WorkspaceKit(POSTGRES.database(), Duration.ofMillis(100));
  }

  @AfterEach
  void ends() throws Exception {
    threads.shutdownNow();
    kit.close();
  }

  @Test
  void everyToolTellsTheModelWhatItDoesInFewWords() {
    for (Tool<?> tool : List.of(list(), read(), create(), start(), stop())) {
      String text = tool.description();
      assertThat(text.split("\\s+").length).as(tool.name()).isBetween(20, 150);
    }
  }

  @Test
  void theListPutsMatchesFirstAndRecommendsNoMachines() {
    kit.external();
    Template local = kit.templates.findByName("local").orElseThrow();

    ToolResult all = list().execute(context(Optional.empty()), listInput(""));

    assertThat(all.output().at("/templates/0/id").asString()).isEqualTo(local.id().toString());
    assertThat(all.output().path("recommended_template_id").asString())
        .isEqualTo(local.id().toString());
    ToolResult machines = list().execute(context(Optional.empty()), listInput("machine"));
    assertThat(machines.output().path("templates").size()).isPositive();
    ToolResult none = list().execute(context(Optional.empty()), listInput("quantum computer"));
    assertThat(none.output().path("next_step").asString()).contains("without a query");
  }

  @Test
  void aMemberIsNotShownTemplatesHeMayNotUse() {
    UserId member = kit.user("member");
    Context context = new Context(member, Optional.empty());

    ToolResult result = list().execute(context, listInput("local"));

    assertThat(result.output().path("templates").size()).isZero();
  }

  @Test
  void aTemplateIsReadWithItsParameters() {
    Template local = kit.templates.findByName("local").orElseThrow();

    ToolResult result =
        read().execute(context(Optional.empty()), new ReadTemplate.Input(local.id().value()));

    assertThat(result.output().at("/parameters/0/name").asString()).isEqualTo("memory_mb");
    assertThat(result.output().path("readme").asString()).contains("sandbox");
    assertThat(
            read()
                .execute(context(Optional.empty()), new ReadTemplate.Input(UUID.randomUUID()))
                .error())
        .isTrue();
  }

  @Test
  void aWorkspaceIsMadeBoundAndWaitedForOnceAChat() throws Exception {
    Context context = context(Optional.empty());
    CreateWorkspace.Input input = createInput(kit.external());

    Future<ToolResult> running = async(() -> create().execute(context, input));
    WorkspaceKit.await(() -> context.workspaceId().isPresent());
    kit.attachExternal(context.bound());
    ToolResult made = running.get(20, TimeUnit.SECONDS);

    assertThat(made.error()).as(made.output().toString()).isFalse();
    assertThat(made.output().path("workspace_id").asString()).isEqualTo(context.bound().toString());
    assertThat(made.output().path("status").asString()).isEqualTo("running");
    // the same call, by the next owner of the chat
    assertThat(create().execute(context, input).output()).isEqualTo(made.output());
    // another call of the same chat
    ToolResult again = create().execute(context.next(), input);
    assertThat(again.output().path("already_existed").asBoolean()).isTrue();
    assertThat(again.output().path("workspace_id")).isEqualTo(made.output().path("workspace_id"));
  }

  @Test
  void aRefusedWorkspaceSaysWhy() throws Exception {
    Template template =
        kit.templates.create(
            kit.user,
            new Templates.NewTemplate(
                "demanding-" + kit.user.value().toString().substring(24),
                EngineKind.EXTERNAL,
                Optional.empty(),
                Optional.empty(),
                Optional.of(
                    List.of(
                        new TemplateParameter(
                            "region",
                            Optional.of("Region"),
                            TemplateParameter.Type.STRING,
                            Optional.empty(),
                            true,
                            false,
                            "",
                            List.of(),
                            Optional.empty()))),
                Optional.empty()));

    ToolResult refused = create().execute(context(Optional.empty()), createInput(template));

    assertThat(refused.error()).isTrue();
    assertThat(refused.output().path("error").asString())
        .contains("region")
        .contains("is required");
  }

  @Test
  void aStartThatIsCanceledIsAnErrorThatSaysSo() throws Exception {
    Context context = context(Optional.empty());
    Future<ToolResult> running =
        async(() -> create().execute(context, createInput(kit.external())));
    WorkspaceKit.await(() -> context.workspaceId().isPresent());
    WorkspaceView workspace = kit.workspaces.get(context.bound());

    kit.workspaces.cancel(workspace.latestBuild().id());

    ToolResult result = running.get(20, TimeUnit.SECONDS);
    assertThat(result.error()).isTrue();
    assertThat(result.output().path("error").asString()).contains("canceled");
  }

  @Test
  void stoppingAndStartingAreIdempotent() throws Exception {
    WorkspaceView workspace = kit.create("tools", kit.external());
    kit.attachExternal(workspace.id());
    kit.awaitEnd(workspace.id());
    Context context = context(Optional.of(workspace.id()));

    assertThat(
            start().execute(context, new StartWorkspace.Input()).output().path("status").asString())
        .isEqualTo("running");
    assertThat(
            stop().execute(context, new StopWorkspace.Input()).output().path("status").asString())
        .isEqualTo("stopped");
    assertThat(
            stop().execute(context, new StopWorkspace.Input()).output().path("status").asString())
        .isEqualTo("stopped");
    assertThat(
            create()
                .execute(context, createInput(kit.external()))
                .output()
                .path("error")
                .asString())
        .contains("call start_workspace");

    Future<ToolResult> starting = async(() -> start().execute(context, new StartWorkspace.Input()));
    kit.attachExternal(workspace.id());
    assertThat(starting.get(20, TimeUnit.SECONDS).output().path("status").asString())
        .isEqualTo("running");
    kit.workspaces.build(kit.user, workspace.id(), Transition.DELETE, Map.of());
    assertThat(kit.awaitEnd(workspace.id()).status()).isEqualTo(WorkspaceStatus.DELETED);
    assertThat(
            start().execute(context, new StartWorkspace.Input()).output().path("error").asString())
        .contains("was deleted");
  }

  @Test
  void withoutAWorkspaceThereIsNothingToStart() throws Exception {
    ToolResult result = start().execute(context(Optional.empty()), new StartWorkspace.Input());

    assertThat(result.output().path("error").asString()).contains("create_workspace");
  }

  private ListTemplates list() {
    return new ListTemplates(kit.templates, kit.workspaces);
  }

  private ReadTemplate read() {
    return new ReadTemplate(kit.templates, kit.workspaces);
  }

  private CreateWorkspace create() {
    return new CreateWorkspace(kit.workspaces, kit.connections);
  }

  private StartWorkspace start() {
    return new StartWorkspace(kit.workspaces, kit.connections);
  }

  private StopWorkspace stop() {
    return new StopWorkspace(kit.workspaces, kit.connections);
  }

  private static ListTemplates.Input listInput(String query) {
    return new ListTemplates.Input(
        Optional.of(query).filter(text -> !text.isEmpty()), Optional.empty());
  }

  private static CreateWorkspace.Input createInput(Template template) {
    return new CreateWorkspace.Input(template.id().value(), Optional.empty(), Optional.empty());
  }

  private <T> Future<T> async(Callable<T> work) {
    return threads.submit(work);
  }

  private Context context(Optional<WorkspaceId> workspace) {
    return new Context(kit.user, workspace);
  }

  /// A chat of its own for each.
  private static final class Context implements ToolContext {
    private final UserId user;
    private final ChatId chat;
    private final UUID call = UuidV7.next();
    private volatile Optional<WorkspaceId> workspace;

    Context(UserId user, Optional<WorkspaceId> workspace) {
      this(user, new ChatId(UuidV7.next()), workspace);
    }

    private Context(UserId user, ChatId chat, Optional<WorkspaceId> workspace) {
      this.user = user;
      this.chat = chat;
      this.workspace = workspace;
    }

    Context next() {
      return new Context(user, chat, workspace);
    }

    WorkspaceId bound() {
      return workspace.orElseThrow();
    }

    @Override
    public ChatId chatId() {
      return chat;
    }

    @Override
    public long lease() {
      return 1;
    }

    @Override
    public UUID callId() {
      return call;
    }

    @Override
    public Owner owner() {
      return new Owner(user, "ada", "ada@example.org");
    }

    @Override
    public Optional<WorkspaceId> workspaceId() {
      return workspace;
    }

    @Override
    public void bindWorkspace(WorkspaceId workspaceId) {
      workspace = Optional.of(workspaceId);
    }

    @Override
    public void reserveStore(WorkspaceId workspaceId, String storeId) {}

    @Override
    public Optional<String> reservedStore() {
      return Optional.empty();
    }

    @Override
    public Instant deadline() {
      return Instant.MAX;
    }

    @Override
    public boolean resumed() {
      return false;
    }

    @Override
    public void preview(String text) {}
  }
}
