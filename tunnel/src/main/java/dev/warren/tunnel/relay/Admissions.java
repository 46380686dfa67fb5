package dev.warren.tunnel.relay;

import dev.warren.protocol.tunnel.AttachProof;
import dev.warren.protocol.tunnel.CloseCode;
import dev.warren.protocol.tunnel.Coordination;
import dev.warren.protocol.tunnel.Coordination.DirectOffer;
import dev.warren.protocol.tunnel.GitLogin;
import dev.warren.protocol.tunnel.Owner;
import dev.warren.tunnel.relay.Admission.Decision;
import dev.warren.tunnel.relay.RelaySession.Node;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The relay's door: verifies a node's proof, asks the [Admission], and lets the node in or sends
/// it away; each attach on a virtual thread of its own.
final class Admissions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Admissions.class);

  private final Relay relay;
  private final Admission admission;
  private final AtomicLong number = new AtomicLong();
  private final ExecutorService executor =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("relay-admission").factory());

  Admissions(Relay relay, Admission admission) {
    this.relay = relay;
    this.admission = admission;
  }

  /// Verifies the proof and asks the admission.
  void admit(RelaySession session, Coordination.Attach attach) {
    try {
      executor.execute(() -> decide(session, attach));
    } catch (RejectedExecutionException e) {
      session.end(CloseCode.RESTARTING, "the relay is stopping");
    }
  }

  /// Looks for what an attached node asks for, and answers it.
  void answer(Attachment node, Coordination.GitCredential question) {
    RelayLink link = node.session().link();
    Runnable answering =
        () -> {
          GitAnswer answer =
              node.request()
                  .map(request -> look(request, question))
                  .orElseGet(() -> new GitAnswer.Refused("a relay's own node has no owner"));
          link.sendText(frame(question.id(), answer).toJson());
          link.flush();
        };
    try {
      executor.execute(answering);
    } catch (RejectedExecutionException e) {
      LOG.debug("the relay stops; {} gets no answer", node.node().id().brief());
    }
  }

  private GitAnswer look(AttachRequest request, Coordination.GitCredential question) {
    try {
      return admission.gitCredential(request, question.host());
    } catch (RuntimeException e) {
      LOG.warn("cannot look for a git credential for {}", request.node().brief(), e);
      return new GitAnswer.Refused("the control plane could not look; try again");
    }
  }

  private static Coordination.GitAnswer frame(long id, GitAnswer answer) {
    return switch (answer) {
      case GitAnswer.Given(GitLogin login) ->
          new Coordination.GitAnswer(
              id, Optional.of(login.username()), Optional.of(login.password()), "");
      case GitAnswer.Refused(String reason) ->
          new Coordination.GitAnswer(id, Optional.empty(), Optional.empty(), reason);
    };
  }

  /// The number of the newest attach that was asked about.
  long newest() {
    return number.get();
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private void decide(RelaySession session, Coordination.Attach attach) {
    try {
      byte[] publicKey = Base64.getDecoder().decode(attach.publicKey());
      byte[] signature = Base64.getDecoder().decode(attach.signature());
      if (!AttachProof.verify(
          publicKey, signature, session.nonce(), relay.id(), attach.instance())) {
        session.end(CloseCode.REFUSED, "the signature does not prove the key");
        return;
      }
      AttachRequest request =
          new AttachRequest(
              number.incrementAndGet(),
              AttachProof.nodeId(publicKey),
              attach.role(),
              attach.token(),
              attach.version(),
              attach.instance(),
              session.remoteAddress());
      switch (admission.admit(request)) {
        case Decision.Refused(int code, String reason) -> session.end(code, reason);
        case Decision.Admitted(List<Approval> approvals, Optional<Owner> owner, boolean direct) -> {
          Welcome welcome = new Welcome(owner, offer(session, direct));
          long sequence = attach.sequence().orElseGet(System::currentTimeMillis);
          Node node = relay.node(request.node(), request.instance(), sequence, session);
          if (!relay.install(session, node, Optional.of(request), approvals, welcome)) {
            session.end(CloseCode.REFUSED, "revoked while it attached");
          }
        }
      }
    } catch (InterruptedException e) {
      session.end(CloseCode.RESTARTING, "the relay is stopping");
    } catch (IllegalArgumentException e) {
      session.end(CloseCode.PROTOCOL, "key and signature are base64");
    } catch (RuntimeException e) {
      LOG.warn("cannot decide on an attach from {}", session.remoteAddress(), e);
      session.end(CloseCode.BUSY, "the control plane could not decide; try again");
    }
  }

  private Optional<DirectOffer> offer(RelaySession session, boolean direct) {
    return direct
        ? relay.settings().directOffer(Optional.of(session.remoteAddress()))
        : Optional.empty();
  }
}
