package dev.warren.server;

import dev.warren.server.agent.AgentWorker;
import dev.warren.server.approval.ToolNames;
import dev.warren.server.audit.AuditLog;
import dev.warren.server.chat.BudgetStore;
import dev.warren.server.chat.ChatListStore;
import dev.warren.server.chat.ChatNotices;
import dev.warren.server.chat.ChatSignals;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.chat.ChatTransitions;
import dev.warren.server.chat.InstructionsStore;
import dev.warren.server.chat.LedgerStore;
import dev.warren.server.chat.PlaceStore;
import dev.warren.server.chat.RecordedWorkStore;
import dev.warren.server.chat.Retention;
import dev.warren.server.chat.api.ApprovalRoutes;
import dev.warren.server.chat.api.ChatListRoutes;
import dev.warren.server.chat.api.ChatRoutes;
import dev.warren.server.chat.api.InstructionRoutes;
import dev.warren.server.chat.events.ChatEvents;
import dev.warren.server.chat.events.LiveRoutes;
import dev.warren.server.chat.events.ReplicaLiveSource;
import dev.warren.server.chat.events.SidebarEvents;
import dev.warren.server.db.Database;
import dev.warren.server.http.Route;
import dev.warren.server.template.Templates;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolRegistry;
import dev.warren.server.tool.orchestration.OrchestrationTools;
import dev.warren.server.tool.platform.CreateWorkspace;
import dev.warren.server.tool.platform.ListTemplates;
import dev.warren.server.tool.platform.ReadTemplate;
import dev.warren.server.tool.platform.StartWorkspace;
import dev.warren.server.tool.platform.StopWorkspace;
import dev.warren.server.tool.workspace.ConnectedDaemons;
import dev.warren.server.tool.workspace.ReadSkill;
import dev.warren.server.tool.workspace.WorkspaceTools;
import dev.warren.server.workspace.WorkspaceConnections;
import dev.warren.server.workspace.WorkspaceFeature;
import dev.warren.server.workspace.WorkspaceId;
import dev.warren.server.workspace.Workspaces;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/// Chats and the agent that works on them, put together: the state machine, its events, the tools
/// and the worker.
final class ChatFeature implements AutoCloseable {
  private final ChatEvents events;
  private final AgentWorker worker;
  private final ChatNotices notices;
  private final List<Route> routes;
  private final ToolNames toolNames;
  private final Retention retention;

  ChatFeature(
      Database database,
      ChatLinks links,
      Templates templates,
      WorkspaceFeature workspaces,
      ReplicaFeature replicas,
      AuditLog audit,
      Clock clock) {
    ChatSignals signals = new ChatSignals();
    ChatStore store = new ChatStore(database);
    ChatTransitions transitions = new ChatTransitions(database, signals);
    this.events =
        new ChatEvents(store, new ReplicaLiveSource(replicas.replica(), replicas.client()));
    ChatListStore list = new ChatListStore(database);
    PlaceStore places = new PlaceStore(database);
    SidebarEvents sidebar = new SidebarEvents(store, list, places, links);
    signals.add(events);
    signals.add(sidebar);
    this.notices = new ChatNotices(replicas.notifications(), signals);
    workspaces.workspaces().changes().listen(id -> tell(sidebar, workspaces.workspaces(), id));
    LedgerStore ledger = new LedgerStore(database);
    List<Tool<?>> tools = new ArrayList<>(tools(templates, workspaces));
    tools.addAll(OrchestrationTools.all(store, ledger, transitions.subAgents(), signals, links));
    InstructionsStore instructions = new InstructionsStore(database);
    tools.add(new ReadSkill(new ConnectedDaemons(workspaces.connections()), store, instructions));
    ToolRegistry registry = new ToolRegistry(tools);
    this.toolNames = new ToolNames(registry.names());
    this.worker =
        new AgentWorker(
            store,
            transitions,
            ledger,
            new RecordedWorkStore(database),
            new BudgetStore(database),
            instructions,
            events,
            signals,
            registry,
            links.sources(new InstructionSource(workspaces)),
            replicas.replica(),
            links::limits,
            clock);
    this.retention = new Retention(list, transitions.user(), audit, links::retentionDays);
    List<Route> all = new ArrayList<>();
    all.addAll(new ChatListRoutes(list, places).routes());
    all.addAll(new InstructionRoutes(store, instructions).routes());
    all.addAll(
        new ChatRoutes(store, places, transitions, events, sidebar, links, toolNames).routes());
    all.addAll(new LiveRoutes(events, replicas.calls()).routes());
    all.addAll(new ApprovalRoutes(store, transitions.approvals(), audit).routes());
    this.routes = List.copyOf(all);
  }

  private static List<Tool<?>> tools(Templates templates, WorkspaceFeature feature) {
    Workspaces workspaces = feature.workspaces();
    WorkspaceConnections connections = feature.connections();
    List<Tool<?>> tools = new ArrayList<>(WorkspaceTools.all(new ConnectedDaemons(connections)));
    tools.add(new ListTemplates(templates, workspaces));
    tools.add(new ReadTemplate(templates, workspaces));
    tools.add(new CreateWorkspace(workspaces, connections));
    tools.add(new StartWorkspace(workspaces, connections));
    tools.add(new StopWorkspace(workspaces, connections));
    return tools;
  }

  private static void tell(SidebarEvents sidebar, Workspaces workspaces, WorkspaceId id) {
    workspaces.find(id).ifPresent(view -> sidebar.workspaceChanged(id, view.owner().id()));
  }

  /// Deletes what was archived long ago; to be run now and then.
  Runnable retention() {
    return retention;
  }

  List<Route> routes() {
    return routes;
  }

  /// Of the tools that chats have.
  ToolNames toolNames() {
    return toolNames;
  }

  /// Begins to work on pending chats.
  void start() {
    notices.start();
    worker.start();
  }

  /// Hands running chats over.
  @Override
  public void close() {
    worker.close();
    events.close();
  }
}
