package dev.warren.server.chat.api;

import dev.warren.server.approval.Decision;
import dev.warren.server.audit.AuditLog;
import dev.warren.server.chat.ApprovalTransitions;
import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.chat.ChatText;
import dev.warren.server.chat.PendingApproval;
import dev.warren.server.http.Access;
import dev.warren.server.http.Request;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import java.util.List;
import java.util.UUID;

/// The HTTP API of approvals: which calls wait for the owner's decision, and the decision.
/// Administrators see them and do not decide.
public final class ApprovalRoutes {
  private static final String APPROVALS = Route.API + "/chats/{id}/approvals";

  private final ChatStore store;
  private final ChatAccess access;
  private final ApprovalTransitions transitions;
  private final AuditLog audit;

  public ApprovalRoutes(ChatStore store, ApprovalTransitions transitions, AuditLog audit) {
    this.store = store;
    this.access = new ChatAccess(store);
    this.transitions = transitions;
    this.audit = audit;
  }

  /// The calls that wait, in call order.
  record Approvals(List<PendingApproval> items) {}

  public List<Route> routes() {
    return List.of(
        Route.get(APPROVALS, Access.USER, this::list)
            .answers(200, Approvals.class)
            .summary("List the tool calls that wait for approval."),
        Route.post(APPROVALS + "/{call_id}", Access.USER, this::decide)
            .accepts(ChatInput.Approval.class)
            .answers(200, Chat.class)
            .summary("Decide on a tool call that waits for approval."));
  }

  private Response list(Request request) {
    return Response.ok(new Approvals(store.approvals(access.readable(request))));
  }

  private Response decide(Request request) {
    Chat chat = access.owned(request);
    UUID call = request.id("call_id");
    ChatInput.Approval input = request.body(ChatInput.Approval.class);
    Decision decision =
        switch (input.decision()) {
          case ALLOW -> Decision.ALLOW;
          case DENY -> Decision.DENY;
        };
    Response answer =
        access.answer(
            chat.id(),
            () ->
                transitions.decide(
                    chat.id(),
                    call,
                    decision,
                    input.remembers(),
                    input.reason().map(ChatText::clean)));
    audit.record(
        request.caller(),
        "approval." + decision,
        "chat " + chat.id(),
        "call " + call + (input.remembers() ? ", remembered" : ""));
    return answer;
  }
}
