package dev.warren.server.chat;

import dev.warren.server.db.Database;

/// The only writers of chats and messages, by who acts. Each of their public methods is one or two
/// named [Transition]s in one transaction: lock the row, check the state it starts from (and, for a
/// worker, the lease), bump the version, write, commit, then signal. A refusal is a [ChatException]
/// and changes nothing.
public final class ChatTransitions {
  private final UserTransitions user;
  private final WorkerTransitions worker;
  private final ContextTransitions context;
  private final SubAgentTransitions subAgents;
  private final ApprovalTransitions approvals;

  public ChatTransitions(Database database, ChatSignals signals) {
    TransitionGate gate = new TransitionGate(database, signals);
    this.user = new UserTransitions(gate);
    this.worker = new WorkerTransitions(gate);
    this.context = new ContextTransitions(gate);
    this.subAgents = new SubAgentTransitions(gate);
    this.approvals = new ApprovalTransitions(gate);
  }

  /// What people do.
  public UserTransitions user() {
    return user;
  }

  /// What the owner of a chat does.
  public WorkerTransitions worker() {
    return worker;
  }

  /// What of its history the model is sent.
  public ContextTransitions context() {
    return context;
  }

  /// What a chat's tools do with its sub-agents.
  public SubAgentTransitions subAgents() {
    return subAgents;
  }

  /// What waits for the user's decision.
  public ApprovalTransitions approvals() {
    return approvals;
  }
}
