package dev.warren.server.workspace;

import dev.warren.protocol.tunnel.GitLogin;
import dev.warren.server.audit.AuditLog;
import dev.warren.server.gitauth.GitCredentials;
import dev.warren.server.gitauth.GitHost;
import dev.warren.server.template.Templates;
import dev.warren.tunnel.relay.AttachRequest;
import dev.warren.tunnel.relay.GitAnswer;
import java.util.List;
import java.util.Optional;

/// Gives a daemon its workspace's owner's login at a git host, where the template allows the host;
/// each answer is audited.
final class DaemonGit {
  private final Daemons daemons;
  private final Templates templates;
  private final GitCredentials credentials;
  private final AuditLog audit;

  DaemonGit(Daemons daemons, Templates templates, GitCredentials credentials, AuditLog audit) {
    this.daemons = daemons;
    this.templates = templates;
    this.credentials = credentials;
    this.audit = audit;
  }

  GitAnswer answer(AttachRequest request, String asked) {
    Optional<Workspace> workspace = daemons.attachedAs(request);
    if (workspace.isEmpty()) {
      return new GitAnswer.Refused("this daemon is no workspace's any more");
    }
    Optional<GitHost> host = GitHost.parse(asked);
    if (host.isEmpty()) {
      return new GitAnswer.Refused("what git asks a login for is no host");
    }
    return answer(workspace.get(), request, host.get());
  }

  private GitAnswer answer(Workspace workspace, AttachRequest request, GitHost host) {
    List<String> allowed =
        templates
            .find(workspace.templateId())
            .map(template -> template.gitHosts())
            .orElse(List.of());
    if (!host.isIn(allowed)) {
      note(workspace, request, "git_credential.refuse", host);
      return new GitAnswer.Refused(
          "the workspace's template allows no login at %s; an administrator may add the host to"
                  .formatted(host.value())
              + " its git_hosts");
    }
    Optional<GitLogin> login = credentials.login(workspace.owner().id(), host);
    if (login.isEmpty()) {
      return new GitAnswer.Refused(
          "%s has no git credential for %s: `warren git-credentials add %s` adds one"
              .formatted(workspace.owner().username(), host.value(), host.value()));
    }
    note(workspace, request, "git_credential.fetch", host);
    return new GitAnswer.Given(login.get());
  }

  private void note(Workspace workspace, AttachRequest request, String action, GitHost host) {
    audit.record(
        Optional.of(workspace.owner().id()),
        "daemon " + request.node().brief(),
        action,
        "workspace " + workspace.id(),
        "%s, from %s".formatted(host.value(), request.remoteAddress()));
  }
}
