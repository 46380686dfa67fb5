package dev.warren.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.llm.wire.EventReader;
import dev.warren.llm.wire.Failures;
import dev.warren.llm.wire.StreamFailure;
import dev.warren.llm.wire.WireEvent;
import dev.warren.llm.wire.WireFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Answers that are damaged at random: whatever comes, a reader ends with an answer, without one,
/// or with a failure of the provider, and never with another exception. The seed is in the name.
class MutationTest {
  private static final int TRIES = 300;

  /// Seeds for machines without recordings, one of each shape.
  private static final String[][] BUILT_IN = {
    {
      "anthropic",
      "data: {\"type\":\"message_start\",\"message\":{\"content\":[]}}\n\n"
          + "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"ls\",\"input\":{}}}\n\n"
          + "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{}\"}}\n\n"
          + "data: {\"type\":\"content_block_stop\",\"index\":0}\n\ndata: {\"type\":\"message_stop\"}\n\n"
    },
    {
      "openai-chat",
      "data: {\"choices\":[{\"delta\":{\"content\":\"x\",\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"ls\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"
    },
    {
      "openai-responses",
      "data: {\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"type\":\"function_call\",\"name\":\"ls\"}}\n\n"
          + "data: {\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"type\":\"function_call\",\"name\":\"ls\",\"call_id\":\"a\",\"arguments\":\"{}\"}}\n\n"
          + "data: {\"type\":\"response.completed\",\"response\":{\"output\":[{}],\"usage\":{}}}\n\n"
    },
    {
      "gemini",
      "data: {\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"ls\",\"willContinue\":true}},"
          + "{\"functionCall\":{\"partialArgs\":[{\"jsonPath\":\"$.a[2].b\",\"stringValue\":\"x\"}]}}]},\"finishReason\":\"STOP\"}]}\n\n"
    }
  };

  @TestFactory
  Stream<DynamicTest> damagedAnswersNeverBreakAReader() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String[] seed : BUILT_IN) {
      tests.add(test(seed[0], "built in", seed[1].getBytes(StandardCharsets.UTF_8)));
    }
    for (String group : Cassettes.GROUPS) {
      for (Path file : Cassettes.ofAny(group)) {
        byte[] bytes = Cassettes.bytes(file);
        if (bytes.length < 20_000) {
          tests.add(test(group, String.valueOf(file.getFileName()), bytes));
        }
      }
    }
    return tests.stream();
  }

  private static DynamicTest test(String group, String name, byte[] bytes) {
    return DynamicTest.dynamicTest(
        group + ", " + name + ", seeds 1 to " + TRIES,
        () -> {
          for (int seed = 1; seed <= TRIES; seed++) {
            byte[] damaged = damaged(bytes, new Random(seed));
            try {
              read(group, damaged);
            } catch (RuntimeException | Error e) {
              if (!(e instanceof ProviderException)) {
                throw new AssertionError("seed " + seed, e);
              }
            }
          }
        });
  }

  private static void read(String group, byte[] bytes) {
    WireFormat format = Replay.format(group);
    WireFormat.AnswerStream answer = format.answer(event -> {});
    EventReader reader = format.framing().reader(new ByteArrayInputStream(bytes));
    try {
      Optional<WireEvent> event = reader.next();
      while (event.isPresent() && !answer.accept(event.get())) {
        event = reader.next();
      }
      answer
          .completion()
          .ifPresent(completion -> assertThat(completion.parts()).doesNotContainNull());
    } catch (StreamFailure e) {
      assertThat(Failures.kind(e.detail())).isNotNull();
    } catch (IOException e) {
      // Over a limit.
    }
  }

  /// Cut, doubled, swapped, flipped, or with another number or name in a place of the JSON.
  static byte[] damaged(byte[] bytes, Random random) {
    byte[] copy = bytes.clone();
    int rounds = 1 + random.nextInt(4);
    for (int i = 0; i < rounds && copy.length > 2; i++) {
      int at = random.nextInt(copy.length - 1);
      int length = 1 + random.nextInt(Math.min(200, copy.length - at));
      copy =
          switch (random.nextInt(6)) {
            case 0 -> joined(copy, 0, at, copy, at + length, copy.length);
            case 1 -> joined(copy, 0, at + length, copy, at, copy.length);
            case 2 -> joined(copy, 0, at, new byte[0], 0, 0);
            case 3 -> {
              copy[at] ^= (byte) (1 << random.nextInt(8));
              yield copy;
            }
            case 4 -> replaced(copy, ":\\d+", ":" + number(random), random);
            default -> replaced(copy, "\"[a-z_]+\":", "\"" + name(random) + "\":", random);
          };
    }
    return copy;
  }

  private static byte[] joined(
      byte[] first, int from, int to, byte[] second, int secondFrom, int secondTo) {
    int end = Math.max(secondFrom, secondTo);
    byte[] all = new byte[to - from + end - secondFrom];
    System.arraycopy(first, from, all, 0, to - from);
    System.arraycopy(second, secondFrom, all, to - from, end - secondFrom);
    return all;
  }

  private static String number(Random random) {
    return new String[] {"-1", "9223372036854775807", "1e999", "0.5", "null", "\"x\"", "[]", "{}"}
        [random.nextInt(8)];
  }

  private static String name(Random random) {
    return new String[] {"type", "index", "delta", "error", "content", "id", "input", "text"}
        [random.nextInt(8)];
  }

  /// In Latin-1 every byte is a character, so that nothing else changes.
  private static byte[] replaced(byte[] bytes, String pattern, String by, Random random) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int from = random.nextInt(text.length());
    String tail =
        java.util.regex.Pattern.compile(pattern)
            .matcher(text.substring(from))
            .replaceFirst(java.util.regex.Matcher.quoteReplacement(by));
    return (text.substring(0, from) + tail).getBytes(StandardCharsets.ISO_8859_1);
  }
}
