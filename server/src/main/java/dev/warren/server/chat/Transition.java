package dev.warren.server.chat;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// The changes that a chat can go through, and the states that each may start from. All others are
/// refused. What each one does stands in [ChatTransitions].
@SuppressWarnings("ImmutableEnumChecker") // The sets are never written.
enum Transition {
  /// A user's message starts a turn.
  SEND(ChatStatus.WAITING, ChatStatus.ERROR),
  /// A user's message waits for the end of the turn.
  QUEUE(
      ChatStatus.PENDING, ChatStatus.RUNNING, ChatStatus.INTERRUPTING, ChatStatus.REQUIRES_ACTION),
  /// A user's message ends the turn and starts the next one.
  SEND_AND_INTERRUPT(
      ChatStatus.PENDING, ChatStatus.RUNNING, ChatStatus.INTERRUPTING, ChatStatus.REQUIRES_ACTION),
  EDIT(EnumSet.allOf(ChatStatus.class)),
  DELETE_QUEUED(
      ChatStatus.PENDING,
      ChatStatus.RUNNING,
      ChatStatus.INTERRUPTING,
      ChatStatus.REQUIRES_ACTION,
      ChatStatus.ERROR),
  MOVE_QUEUED(
      ChatStatus.PENDING,
      ChatStatus.RUNNING,
      ChatStatus.INTERRUPTING,
      ChatStatus.REQUIRES_ACTION,
      ChatStatus.ERROR),
  PROMOTE_QUEUED(
      ChatStatus.PENDING,
      ChatStatus.RUNNING,
      ChatStatus.INTERRUPTING,
      ChatStatus.REQUIRES_ACTION,
      ChatStatus.ERROR),
  INTERRUPT(
      ChatStatus.PENDING, ChatStatus.RUNNING, ChatStatus.INTERRUPTING, ChatStatus.REQUIRES_ACTION),
  CLEAR(ChatStatus.WAITING, ChatStatus.ERROR),
  /// A summary is asked for.
  COMPACT(ChatStatus.WAITING, ChatStatus.ERROR),
  /// Title, labels, pin, workspace, model, archived.
  PATCH(EnumSet.allOf(ChatStatus.class)),
  DELETE(EnumSet.allOf(ChatStatus.class)),
  CLAIM(ChatStatus.PENDING),
  /// The owner only waits for others, or no longer.
  REST(ChatStatus.RUNNING, ChatStatus.INTERRUPTING),
  /// Calls wait for the user while others run.
  ASK(ChatStatus.RUNNING, ChatStatus.INTERRUPTING),
  /// Nothing is left to do before the user decides.
  PARK(ChatStatus.RUNNING, ChatStatus.INTERRUPTING),
  /// The user allows or denies a call.
  DECIDE(ChatStatus.PENDING, ChatStatus.RUNNING, ChatStatus.REQUIRES_ACTION),
  COMMIT_STEP(ChatStatus.RUNNING, ChatStatus.INTERRUPTING),
  COMMIT_RESULTS(ChatStatus.RUNNING, ChatStatus.INTERRUPTING),
  COMMIT_SUMMARY(ChatStatus.RUNNING, ChatStatus.INTERRUPTING),
  BIND_WORKSPACE(ChatStatus.RUNNING, ChatStatus.INTERRUPTING),
  /// The model is told of the workspace's instructions.
  TELL_INSTRUCTIONS(ChatStatus.RUNNING, ChatStatus.INTERRUPTING),
  /// A tool of the chat makes a sub-agent.
  SPAWN(ChatStatus.RUNNING),
  /// A tool of the chat sends its sub-agent a message.
  TELL_CHILD(ChatStatus.RUNNING),
  /// A tool of the chat ends a sub-agent for good.
  CLOSE_CHILD(ChatStatus.RUNNING, ChatStatus.INTERRUPTING),
  FINISH_TURN(ChatStatus.RUNNING, ChatStatus.INTERRUPTING),
  FINISH_INTERRUPTION(ChatStatus.INTERRUPTING),
  FAIL(ChatStatus.RUNNING, ChatStatus.INTERRUPTING),
  /// The owner gives the chat back.
  RELEASE(ChatStatus.RUNNING, ChatStatus.INTERRUPTING),
  /// The owner is dead.
  ORPHAN(ChatStatus.RUNNING, ChatStatus.INTERRUPTING),
  NAME(EnumSet.allOf(ChatStatus.class));

  private final Set<ChatStatus> from;

  Transition(ChatStatus first, ChatStatus... rest) {
    this(EnumSet.of(first, rest));
  }

  Transition(Set<ChatStatus> from) {
    this.from = from;
  }

  boolean allowedFrom(ChatStatus status) {
    return from.contains(status);
  }

  /// @throws ChatException when the transition may not start from `status`
  void check(ChatStatus status) {
    if (!from.contains(status)) {
      throw new ChatException(
          ChatException.Kind.WRONG_STATE,
          "The chat is "
              + status
              + ": "
              + name().toLowerCase(Locale.ROOT).replace('_', ' ')
              + " is possible only when it is "
              + String.join(" or ", from.stream().map(ChatStatus::toString).toList())
              + ".");
    }
  }
}
