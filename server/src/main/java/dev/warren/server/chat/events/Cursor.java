package dev.warren.server.chat.events;

import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.MessageId;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How far a reader of a chat's events has come: the inside of an event's id, which clients only
/// hand back. Its text is `VERSION[:BATCH:SEQ][.NEWEST.EVENT][_MESSAGE_PART_OFFSET]`, where the
/// piece after the dot only tells apart the events at one place: a reader that stopped among them
/// gets them all again, and of each only the newest counts.
///
/// @param version all changes up to this version of the chat were read
/// @param batch with `seq`, when reading stopped within a batch of changes: messages up to this
///   version and `seq` were read too; else 0
/// @param inFlight the message of which the beginning was read
record Cursor(long version, long batch, long seq, Optional<InFlight> inFlight) {
  /// More than the events that one change makes at one place.
  private static final int CHANGES_MAX = 10;

  private static final Pattern FORM =
      Pattern.compile(
          "(\\d{1,18})(?::(\\d{1,18}):(\\d{1,18}))?"
              + "(?:\\.\\d{1,18}\\.\\d{1,18})?(?:_([0-9a-f-]{36})_(\\d{1,9})_(\\d{1,9}))?");

  /// @param part the index of the part that was being read, as clients count
  /// @param offset the characters of it that were read; earlier parts were read whole
  record InFlight(MessageId message, int part, int offset) {}

  static Cursor at(long version) {
    return new Cursor(version, 0, 0, Optional.empty());
  }

  static Optional<Cursor> parse(String id) {
    Matcher form = FORM.matcher(id);
    if (!form.matches()) {
      return Optional.empty();
    }
    boolean batch = form.group(2) != null;
    Optional<InFlight> inFlight =
        Optional.ofNullable(form.group(4))
            .map(message ->
                new InFlight(
                    new MessageId(UUID.fromString(message)),
                    Integer.parseInt(form.group(5)),
                    Integer.parseInt(form.group(6))));
    return Optional.of(
        new Cursor(
            Long.parseLong(form.group(1)),
            batch ? Long.parseLong(form.group(2)) : 0,
            batch ? Long.parseLong(form.group(3)) : 0,
            inFlight));
  }

  Cursor withoutInFlight() {
    return new Cursor(version, batch, seq, Optional.empty());
  }

  /// After this message of a batch of changes; another one may still be in flight.
  Cursor within(long batchVersion, ChatMessage message) {
    return new Cursor(
        version,
        batchVersion,
        message.seq(),
        inFlight.filter(reading -> !reading.message().equals(message.id())));
  }

  /// At the end of a batch of changes.
  Cursor reached(long newest) {
    return new Cursor(newest, 0, 0, inFlight);
  }

  Cursor in(MessageId message, Position position) {
    return new Cursor(
        version,
        batch,
        seq,
        Optional.of(new InFlight(message, position.part(), position.offset())));
  }

  /// Whether the reader has this message already.
  boolean covers(ChatMessage message) {
    return message.version() <= version || (message.version() <= batch && message.seq() <= seq);
  }

  /// From where on the reader lacks a message's text.
  Position of(MessageId message) {
    return inFlight
        .filter(reading -> reading.message().equals(message))
        .map(reading -> new Position(reading.part(), reading.offset()))
        .orElse(Position.START);
  }

  @Override
  public String toString() {
    return text("");
  }

  /// The id of the n-th event at this place that moves the reader no further.
  ///
  /// @param newest the version of the chat that it tells of
  /// @param event tells it apart from others here
  String event(long newest, long event) {
    return text("." + newest + "." + event);
  }

  /// The same for an event that no change of the database made, numbered after those that one
  /// makes.
  String inPlace(long newest, long event) {
    return event(newest, CHANGES_MAX + event);
  }

  private String text(String event) {
    StringBuilder id = new StringBuilder(64).append(version);
    if (batch > 0) {
      id.append(':').append(batch).append(':').append(seq);
    }
    id.append(event);
    inFlight.ifPresent(reading ->
        id.append('_')
            .append(reading.message())
            .append('_')
            .append(reading.part())
            .append('_')
            .append(reading.offset()));
    return id.toString();
  }

  /// A place in a message's text: a part, as clients count them, and an offset in characters.
  record Position(int part, int offset) {
    static final Position START = new Position(0, 0);

    boolean isAfter(Position other) {
      return part > other.part || (part == other.part && offset > other.offset);
    }
  }
}
