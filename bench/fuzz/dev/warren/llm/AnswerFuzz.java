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
import dev.warren.llm.wire.FrameReader;
import dev.warren.llm.wire.SseReader;
import dev.warren.llm.wire.StreamFailure;
import dev.warren.llm.wire.WireEvent;
import dev.warren.llm.wire.WireFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;

/// What a coverage-guided fuzzer gives its bytes to: the reader of one format, named by the system
/// property `warren.fuzz`. A failure of the provider and a limit are answers; anything else that is
/// thrown is a finding.
public final class AnswerFuzz {
  private static final String TARGET = System.getProperty("warren.fuzz", "sse");
  private static final Endpoint ENDPOINT = new Endpoint(URI.create("http://provider.test/v1"));

  private AnswerFuzz() {}

  /// The fuzzer calls this.
  public static void fuzzerTestOneInput(byte[] bytes) {
    try {
      switch (TARGET) {
        case "sse" -> drain(new SseReader(new ByteArrayInputStream(bytes)));
        case "frames" -> {
          drain(new FrameReader(new ByteArrayInputStream(bytes), false));
          drain(new FrameReader(new ByteArrayInputStream(framed(bytes)), true));
        }
        case "bedrock" -> events(format(), bytes);
        default -> answer(format(), bytes);
      }
    } catch (StreamFailure e) {
      ProviderException shown =
          Failures.of(
              e.detail(),
              Optional.empty(),
              Optional.empty(),
              new Failures.Asked(ENDPOINT, "m", "the key"));
      if (shown.getMessage() == null) {
        throw new IllegalStateException("a failure without words");
      }
    } catch (IOException e) {
      // Over a limit.
    } catch (ProviderException e) {
      // Too many parts.
    }
  }

  private static WireFormat format() {
    long[] last = {0};
    java.util.function.Supplier<UUID> ids = () -> new UUID(0, ++last[0]);
    return switch (TARGET) {
      case "anthropic" -> Anthropic.at(ENDPOINT, ids);
      case "openai-chat" ->
          OpenAiChat.at(ENDPOINT, model -> OpenAiChat.PATH, ChatQuirks.of(ENDPOINT, false), ids);
      case "openai-responses" -> OpenAiResponses.at(ENDPOINT, OpenAiResponses.PATH, ids);
      case "gemini" -> new Gemini(model -> model, ids);
      default -> new Converse(ids);
    };
  }

  private static void drain(EventReader reader) throws IOException, StreamFailure {
    while (reader.next().isPresent()) {
      // Read to the end.
    }
  }

  private static void answer(WireFormat format, byte[] bytes) throws IOException, StreamFailure {
    WireFormat.AnswerStream answer = format.answer(event -> {});
    EventReader reader = format.framing().reader(new ByteArrayInputStream(bytes));
    Optional<WireEvent> event = reader.next();
    while (event.isPresent() && !answer.accept(event.get())) {
      event = reader.next();
    }
    answer.completion();
  }

  /// Lines of a type and JSON, since nothing gets through the frames' checksums by chance.
  private static void events(WireFormat format, byte[] bytes) throws StreamFailure {
    WireFormat.AnswerStream answer = format.answer(event -> {});
    for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n")) {
      int blank = line.indexOf(' ');
      if (blank > 0) {
        answer.accept(new WireEvent(line.substring(0, blank), line.substring(blank + 1)));
      }
    }
    answer.completion();
  }

  /// A frame whose checksums are right: the first byte says how many of the others are headers.
  private static byte[] framed(byte[] bytes) {
    int headers = bytes.length == 0 ? 0 : Math.min(bytes[0] & 0xff, bytes.length - 1);
    byte[] content =
        bytes.length == 0 ? bytes : java.util.Arrays.copyOfRange(bytes, 1, bytes.length);
    byte[] frame = new byte[16 + content.length];
    ByteBuffer out = ByteBuffer.wrap(frame);
    out.putInt(frame.length).putInt(headers).putInt(crc(frame, 8));
    out.put(content).putInt(crc(frame, 12 + content.length));
    return frame;
  }

  private static int crc(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
