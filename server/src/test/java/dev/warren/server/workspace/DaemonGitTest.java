package dev.warren.server.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.GitLogin;
import dev.warren.server.access.UserId;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.gitauth.GitHost;
import dev.warren.server.template.Template;
import dev.warren.server.template.Templates;
import dev.warren.tunnel.relay.AttachRequest;
import dev.warren.tunnel.relay.GitAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class DaemonGitTest {
  @RegisterExtension static final PostgresForTests POSTGRES = new PostgresForTests();

  private static final GitLogin LOGIN = new GitLogin("ann", "glpat-1234567890123456");

  private WorkspaceKit kit;

  @BeforeEach
  void begins() throws Exception {
    kit = new WorkspaceKit(POSTGRES.database(), Duration.ZERO);
    kit.credentials.put(kit.user, GitHost.parse("Git.example.com:8443").orElseThrow(), LOGIN);
  }

  @AfterEach
  void ends() throws Exception {
    kit.close();
  }

  @Test
  void aDaemonGetsItsOwnersLoginAtTheHostsThatHaveOne() {
    AttachRequest daemon = daemonOf("mine");

    assertThat(kit.git().answer(daemon, "git.example.com:8443"))
        .isEqualTo(new GitAnswer.Given(LOGIN));
    assertThat(((GitAnswer.Refused) kit.git().answer(daemon, "git.example.com")).reason())
        .contains("no git credential for git.example.com");
    assertThat(kit.git().answer(daemon, "a b")).isInstanceOf(GitAnswer.Refused.class);
    UserId other = kit.user("member");
    kit.credentials.put(other, new GitHost("other.org"), new GitLogin("eve", "secret"));
    assertThat(kit.git().answer(daemon, "other.org")).isInstanceOf(GitAnswer.Refused.class);
    assertThat(audit()).containsExactly("git_credential.fetch git.example.com:8443");
  }

  @Test
  void theTemplateSaysWhere() {
    AttachRequest daemon = daemonOf("mine");
    Template external = kit.external();

    allow(external, "*.example.com:8443");
    assertThat(kit.git().answer(daemon, "git.example.com:8443"))
        .isInstanceOf(GitAnswer.Given.class);
    allow(external, "example.com:8443", "other.org");
    assertThat(((GitAnswer.Refused) kit.git().answer(daemon, "git.example.com:8443")).reason())
        .contains("template allows no login at git.example.com:8443");
    assertThat(audit().getLast()).startsWith("git_credential.refuse");
    allow(external, "*");
  }

  @Test
  void whoIsNoWorkspacesDaemonAnyMoreGetsNothing() {
    AttachRequest daemon = daemonOf("mine");
    kit.daemons.detached(daemon);

    assertThat(kit.git().answer(daemon, "git.example.com:8443"))
        .isInstanceOf(GitAnswer.Refused.class);
  }

  @Test
  void noLoginIsStoredInTheClear() {
    String stored =
        kit.database.with(handle ->
            handle
                .createQuery("SELECT string_agg(c::text, ' ') FROM git_credentials c")
                .mapTo(String.class)
                .one());
    assertThat(stored).doesNotContain(LOGIN.password()).contains("3456");
    assertThat(LOGIN.toString()).doesNotContain(LOGIN.password());
  }

  private void allow(Template template, String... hosts) {
    kit.templates.change(
        template.id(),
        new Templates.Change(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(List.of(hosts)),
            Optional.empty()));
  }

  private AttachRequest daemonOf(String name) {
    WorkspaceId id = kit.create(name, kit.external()).id();
    kit.attachExternal(id);
    kit.awaitStatus(id, WorkspaceStatus.RUNNING);
    NodeId node = kit.store.find(id).orElseThrow().nodeId().orElseThrow();
    AttachRequest again = WorkspaceKit.attach(node, Optional.empty());
    kit.daemons.admit(again);
    return again;
  }

  private List<String> audit() {
    return kit.database.with(handle ->
        handle
            .createQuery(
                """
                SELECT action || ' ' || split_part(detail, ',', 1) FROM audit
                WHERE action LIKE 'git_credential.%' AND actor_id = :user ORDER BY id
                """)
            .bind("user", kit.user)
            .mapTo(String.class)
            .list());
  }
}
