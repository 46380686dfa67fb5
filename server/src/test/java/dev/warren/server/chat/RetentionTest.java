package dev.warren.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.UuidV7;
import dev.warren.server.access.UserId;
import dev.warren.server.audit.AuditLog;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.http.Change;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class RetentionTest {
  @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();

  private final UserId owner = new UserId(UuidV7.next());
  private UserTransitions user;
  private ChatStore store;

  @BeforeEach
  void makeAUser() {
    postgres
        .database()
        .use(handle ->
            handle.execute(
                "INSERT INTO users (id, email, username, role) VALUES (?, ?, ?, 'member')",
                owner.value(),
                owner + "@example.org",
                "u" + owner));
    user = new ChatTransitions(postgres.database(), new ChatSignals()).user();
    store = new ChatStore(postgres.database());
  }

  private ChatId chat(int archivedDaysAgo) {
    ChatId id = new ChatId(UuidV7.next());
    user.create(
        new NewChat(
            id,
            owner,
            "a title",
            Chat.TitleSource.USER,
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            0,
            Budget.NONE),
        MessageDraft.user(List.of(StoredPart.Text.of("hi")), Optional.empty()));
    archive(id, true);
    postgres
        .database()
        .use(handle ->
            handle.execute(
                "UPDATE chats SET archived_at = now() - make_interval(days => ?) WHERE id = ?",
                archivedDaysAgo,
                id.value()));
    return id;
  }

  private void archive(ChatId id, boolean archived) {
    user.patch(
        id,
        new ChatPatch(
            Change.keep(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(archived),
            Change.keep(),
            Change.keep(),
            Optional.empty(),
            Optional.empty()));
  }

  private void run(int days) {
    new Retention(
            new ChatListStore(postgres.database()),
            user,
            new AuditLog(postgres.database(), Clock.systemUTC()),
            () -> days)
        .run();
  }

  @Test
  void whatWasArchivedLongAgoIsDeletedAndAudited() {
    ChatId old = chat(31);
    ChatId recent = chat(29);
    run(0);
    assertThat(store.find(old)).isPresent();
    run(30);
    assertThat(store.find(old)).isEmpty();
    assertThat(store.find(recent)).isPresent();
    List<String> audited =
        postgres
            .database()
            .with(handle ->
                handle
                    .createQuery("SELECT detail FROM audit WHERE target = :target")
                    .bind("target", "chat " + old)
                    .mapTo(String.class)
                    .list());
    assertThat(audited).containsExactly("archived for more than 30 days");
  }

  @Test
  void theTimeBeginsAnewWithEachArchiving() {
    ChatId chat = chat(31);
    archive(chat, true); // it is archived already: nothing begins
    run(30);
    assertThat(store.find(chat)).isEmpty();
    ChatId again = chat(31);
    archive(again, false);
    archive(again, true);
    run(30);
    assertThat(store.find(again)).isPresent();
  }

  @Test
  void moreThanABatchGoesInOneRun() {
    List<ChatId> old = IntStream.range(0, 120).mapToObj(i -> chat(3)).toList();
    run(2);
    assertThat(old).allMatch(id -> store.find(id).isEmpty());
  }
}
