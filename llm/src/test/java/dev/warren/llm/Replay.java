package dev.warren.llm;

import dev.warren.llm.anthropic.Anthropic;
import dev.warren.llm.bedrock.Converse;
import dev.warren.llm.google.Gemini;
import dev.warren.llm.openai.ChatQuirks;
import dev.warren.llm.openai.OpenAiChat;
import dev.warren.llm.openai.OpenAiResponses;
import dev.warren.llm.wire.Endpoint;
import dev.warren.llm.wire.EventReader;
import dev.warren.llm.wire.Failures;
import dev.warren.llm.wire.StreamFailure;
import dev.warren.llm.wire.WireEvent;
import dev.warren.llm.wire.WireFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// What an adapter makes of a recorded stream. Call ids count from 1, so that two readings compare.
public record Replay(
    List<StreamEvent> events,
    Optional<Completion> completion,
    Optional<ProviderException.Kind> error) {

  static final Endpoint ENDPOINT = new Endpoint(URI.create("http://provider.test/v1"));

  /// The adapter of a folder of recordings.
  static WireFormat format(String group) {
    Supplier<UUID> ids = counter();
    return switch (group) {
      case "anthropic" -> Anthropic.at(ENDPOINT, ids);
      case "openai-responses" -> OpenAiResponses.at(ENDPOINT, OpenAiResponses.PATH, ids);
      case "openai-chat" ->
          OpenAiChat.at(ENDPOINT, model -> OpenAiChat.PATH, ChatQuirks.of(ENDPOINT, false), ids);
      case "gemini" -> new Gemini(model -> "/v1beta/models/" + model, ids);
      case "bedrock" -> new Converse(ids);
      default -> throw new IllegalArgumentException(group);
    };
  }

  public static Supplier<UUID> counter() {
    return new Supplier<>() {
      private long last;

      @Override
      public UUID get() {
        return new UUID(0, ++last);
      }
    };
  }

  static Replay of(String group, byte[] bytes) {
    return of(group, new ByteArrayInputStream(bytes));
  }

  static Replay of(String group, InputStream in) {
    List<StreamEvent> events = new ArrayList<>();
    WireFormat format = format(group);
    WireFormat.AnswerStream answer = format.answer(events::add);
    EventReader reader = format.framing().reader(in);
    try {
      Optional<WireEvent> event = reader.next();
      while (event.isPresent() && !answer.accept(event.get())) {
        event = reader.next();
      }
      return new Replay(events, answer.completion(), Optional.empty());
    } catch (StreamFailure e) {
      return new Replay(events, Optional.empty(), Optional.of(Failures.kind(e.detail())));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// All deltas of a kind, part by part, put together.
  String deltas(StreamEvent.Kind kind) {
    StringBuilder text = new StringBuilder();
    for (StreamEvent event : events) {
      if (event instanceof StreamEvent.Delta delta && delta.kind() == kind) {
        text.append(delta.text());
      }
    }
    return text.toString();
  }

  /// The deltas of one part, put together.
  String deltas(int part) {
    StringBuilder text = new StringBuilder();
    for (StreamEvent event : events) {
      if (event instanceof StreamEvent.Delta delta && delta.part() == part) {
        text.append(delta.text());
      }
    }
    return text.toString();
  }
}
