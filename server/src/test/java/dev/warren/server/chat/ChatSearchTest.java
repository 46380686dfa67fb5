package dev.warren.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.UuidV7;
import dev.warren.server.access.UserId;
import dev.warren.server.chat.ChatListStore.Filter;
import dev.warren.server.db.PostgresForTests;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChatSearchTest {
  @RegisterExtension static final PostgresForTests postgres = new PostgresForTests();

  private UserId owner;
  private UserTransitions user;
  private ChatListStore list;

  @BeforeEach
  void makeAUser() {
    owner = newUser();
    user = new ChatTransitions(postgres.database(), new ChatSignals()).user();
    list = new ChatListStore(postgres.database());
  }

  private static UserId newUser() {
    UserId id = new UserId(UuidV7.next());
    postgres
        .database()
        .use(handle ->
            handle.execute(
                "INSERT INTO users (id, email, username, role) VALUES (?, ?, ?, 'member')",
                id.value(),
                id + "@example.org",
                "u" + id));
    return id;
  }

  private ChatId chat(UserId who, String title, String text) {
    ChatId id = new ChatId(UuidV7.next());
    user.create(
        new NewChat(
            id,
            who,
            title,
            Chat.TitleSource.USER,
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            0,
            Budget.NONE),
        says(text));
    return id;
  }

  private static MessageDraft says(String text) {
    return MessageDraft.user(List.of(StoredPart.Text.of(text)), Optional.empty());
  }

  private List<String> found(String query) {
    Filter all = Filter.allOf(owner);
    Filter filter =
        new Filter(
            all.owner(),
            all.parent(),
            all.status(),
            all.archived(),
            all.pinned(),
            Optional.of(query),
            all.label());
    return list.list(filter, Optional.empty(), 50).stream().map(Chat::title).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "parser",
        "PARSER",
        "read_file",
        "read_file(path",
        "overflow parser",
        "parser overflo", // the last word is still being typed
        "src/main/Tokens.java",
        "1e5",
        "größe",
        "tokens' | 'x:*", // no query language
        "ﬁle" // a ligature
      })
  void aChatIsFoundByItsWords(String query) {
    chat(
        owner,
        "The one",
        "Fix the overflow in the parser: `read_file(path)` of src/main/Tokens.java, x = 1e5, GRÖßE");
    chat(owner, "Another", "Say hello to nobody");
    assertThat(found(query)).containsExactly("The one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"overfow", "verflow", "parser hello", "overfl parser", "???"})
  void whatWasNotSaidIsNotFound(String query) {
    chat(owner, "The one", "Fix the overflow in the parser");
    chat(owner, "Another", "Say hello to nobody");
    assertThat(found(query)).isEmpty();
  }

  @Test
  void wordsMayStandInTheTitleAndInSeveralMessages() {
    ChatId id = chat(owner, "Release plan", "alpha");
    user.interrupt(id);
    user.send(id, says("omega"), false);
    assertThat(found("omega elease alpha")).containsExactly("Release plan");
  }

  @Test
  void anEditForgetsTheWordsThatItDropped() {
    ChatId id = chat(owner, "Edited", "before");
    ChatMessage first =
        new ChatStore(postgres.database()).messages(id, new ChatStore.Range.Newest(), 1).getFirst();
    user.interrupt(id);
    user.send(id, says("dropped"), false);
    user.edit(id, first.id(), List.of(StoredPart.Text.of("after")));
    assertThat(found("after")).containsExactly("Edited");
    assertThat(found("before")).isEmpty();
    assertThat(found("dropped")).isEmpty();
  }

  @Test
  void chatsOfOthersAreNotFound() {
    chat(newUser(), "Theirs", "secret plan");
    assertThat(found("secret")).isEmpty();
  }

  @Test
  void aMessageOfManyLongWordsIsBounded() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 30_000; i++) {
      text.append("w".repeat(i % 90)).append(i).append(' ');
    }
    List<String> words = SearchWords.said(List.of(StoredPart.Text.of(text.toString())));
    assertThat(words).hasSizeLessThanOrEqualTo(SearchWords.WORDS_MAX);
    assertThat(words).allMatch(word -> word.length() <= SearchWords.WORD_CHARS_MAX);
    chat(owner, "Long", text.toString());
    assertThat(found("w1")).containsExactly("Long");
  }
}
