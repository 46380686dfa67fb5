package dev.warren.daemon.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warren.daemon.os.WindowSize;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScreenTest {
  private static final int COLUMNS = 40;
  private static final int ROWS = 12;

  @TempDir Path folder;

  @Test
  void printsWrapsAndScrolls() {
    assertThat(text("a\r\nb")).startsWith("a\nb\n");
    assertThat(text("x".repeat(COLUMNS + 3))).startsWith("x".repeat(COLUMNS) + "\nxxx\n");
    Screen screen = screen("1\r\n".repeat(ROWS + 5));
    assertThat(screen.scrollback.size()).isEqualTo(6);
  }

  @Test
  void alternateScreenLeavesTheMainOneAsItWas() {
    assertThat(text("shell$ vim\033[?1049h\033[2J\033[5;5Hediting\033[?1049l"))
        .startsWith("shell$ vim\n\n");
  }

  @Test
  void wideAndCombinedCharactersTakeTheirCells() {
    Screen screen = screen("日本e\u0301!\033[1;2H.");
    assertThat(line(screen, 0)).isEqualTo(" .本e\u0301!");
  }

  @Test
  void halfOfAWideCharacterDoesNotStayWhenTheScreenGrowsNarrower() {
    Screen screen = screen("ab日");
    screen.resize(3, ROWS);
    assertThat(line(screen, 0)).isEqualTo("ab");
  }

  @Test
  void aLineThatComesInAtTheBottomHoldsNothingOfTheOneThatLeft() {
    String full = "\033[41m日e\u0301" + "x".repeat(COLUMNS) + "\033[m";
    Screen screen = screen(full + "\r\n".repeat(3 * ROWS));
    for (int line = 0; line < ROWS; line++) {
      Row row = screen.active().row(line);
      assertThat(row.length()).isZero();
      assertThat(row.continued).isFalse();
      assertThat(row.text(0) + row.text(1)).isEqualTo("  ");
    }
  }

  @Test
  void questionsAreAnsweredAndKeptFromViewers() {
    Screen screen = new Screen(COLUMNS, ROWS);
    VtParser parser = new VtParser(screen);
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    byte[] bytes =
        "ab\033[6ncd\033[c\033[>c\033]11;?\007\033[?2004$p\033P$qm\033\\ef\033[5n"
            .getBytes(StandardCharsets.US_ASCII);
    for (byte one : bytes) {
      parser.feed(new byte[] {one}, 1, seen);
    }
    assertThat(seen.toString(StandardCharsets.UTF_8)).isEqualTo("abcdef");
    assertThat(new String(parser.takeAnswers(), StandardCharsets.UTF_8))
        .isEqualTo("\033[1;3R\033[?1;2c\033[>0;276;0c\033[?2004;2$y\033P0$r\033\\\033[0n");
    assertThat(parser.takeAnswers()).isEmpty();
  }

  @Test
  void viewersGetWholeSequencesAndWholeCharactersOnly() {
    String stream = "x\033[31mé\033]0;title\007日\033(0q\033[38;2;1;2;3m";
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    VtParser parser = new VtParser(new Screen(COLUMNS, ROWS));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte one : bytes) {
      ByteArrayOutputStream piece = new ByteArrayOutputStream();
      parser.feed(new byte[] {one}, 1, piece);
      String text = piece.toString(StandardCharsets.UTF_8);
      assertThat(text).doesNotContain("\ufffd");
      if (text.startsWith("\033")) {
        assertThat(text).matches("(?s)\033(\\[[0-9;]*[A-Za-z]|\\].*\007|\\(0)");
      }
      all.writeBytes(piece.toByteArray());
    }
    assertThat(all.toString(StandardCharsets.UTF_8)).isEqualTo(stream);
  }

  @Test
  void anyBytesAreTakenInBoundedMemory() {
    Random random = new Random(42);
    Screen screen = new Screen(COLUMNS, ROWS);
    VtParser parser = new VtParser(screen);
    byte[] bytes = new byte[64 * 1024];
    for (int round = 0; round < 60; round++) {
      random.nextBytes(bytes);
      for (int i = 0; i < bytes.length; i++) {
        if (random.nextInt(6) == 0) {
          bytes[i] = (byte) "\033[;?0129hlmHrKJX@PLMST(c78D".charAt(random.nextInt(27));
        }
      }
      parser.feed(bytes, bytes.length, new ByteArrayOutputStream());
      assertThat(parser.takeAnswers().length).isLessThanOrEqualTo(4096);
      if (round % 7 == 0) {
        screen.resize(1 + random.nextInt(100), 1 + random.nextInt(50));
      }
      assertThat(ScreenImage.of(screen).length).isPositive();
      assertThat(screen.scrollback.size()).isLessThanOrEqualTo(Scrollback.LINES_MAX);
    }
    byte[] endless = "\033]0;".getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    parser.feed("\030".getBytes(StandardCharsets.US_ASCII), 1, seen);
    parser.feed(endless, endless.length, seen);
    for (int i = 0; i < 20; i++) {
      parser.feed("y".repeat(bytes.length).getBytes(StandardCharsets.US_ASCII), bytes.length, seen);
    }
    assertThat(seen.size()).as("a string without an end is not held").isGreaterThan(1_000_000);
  }

  @Test
  void aRunOfPlainCharactersPrintsTheSameAsEachByItself() {
    String[] before = {
      "",
      "\033[4h",
      "\033[4l",
      "\033[?7l",
      "\033[?7h",
      "\033(0",
      "\033(B",
      "\033[41m",
      "\033[m",
      "日本",
      "e\u0301",
      "\033[5;37H",
      "\033[6;1H日本\033[6;2H",
      "\033[12;1H\r\n",
      "\033[3;9r",
      "\033[r"
    };
    Random random = new Random(7);
    Screen runs = new Screen(COLUMNS, ROWS);
    Screen single = new Screen(COLUMNS, ROWS);
    for (int round = 0; round < 3_000; round++) {
      byte[] state = before[random.nextInt(before.length)].getBytes(StandardCharsets.UTF_8);
      byte[] plain = new byte[random.nextInt(2 * COLUMNS + 5)];
      for (int i = 0; i < plain.length; i++) {
        plain[i] = (byte) (' ' + random.nextInt('~' - ' ' + 1));
      }
      new VtParser(runs).feed(state, state.length, new ByteArrayOutputStream());
      new VtParser(single).feed(state, state.length, new ByteArrayOutputStream());
      runs.print(plain, 0, plain.length);
      for (byte character : plain) {
        single.print(character);
      }
      runs.repeat(2);
      single.repeat(2);
      assertThat(ScreenImage.of(runs)).as("round %d", round).isEqualTo(ScreenImage.of(single));
    }
  }

  /// Another terminal shows the same after the whole stream as after the image of half of it and
  /// the rest.
  @Test
  void viewerThatComesLateSeesWhatTheOthersSee() throws Exception {
    assumeTrue(TmuxScreen.isThere(), "tmux is not installed");
    WindowSize size = new WindowSize(COLUMNS, ROWS);
    try (TmuxScreen tmux = new TmuxScreen(folder, size)) {
      for (long seed = 1; seed <= 25; seed++) {
        Random random = new Random(seed);
        byte[] stream = stream(random, 400).getBytes(StandardCharsets.UTF_8);
        int cut = random.nextInt(stream.length);
        Screen screen = new Screen(COLUMNS, ROWS);
        VtParser parser = new VtParser(screen);
        parser.feed(stream, cut, new ByteArrayOutputStream());
        ByteArrayOutputStream late = new ByteArrayOutputStream();
        late.writeBytes(ScreenImage.of(screen));
        byte[] rest = java.util.Arrays.copyOfRange(stream, cut, stream.length);
        parser.feed(rest, rest.length, late);
        assertThat(tmux.show(late.toByteArray(), 0))
            .as("seed %d, cut at %d", seed, cut)
            .isEqualTo(tmux.show(stream, 0));
        assertThat(tmux.show(ScreenImage.of(screen), 0))
            .as("seed %d, drawn at its end", seed)
            .isEqualTo(tmux.show(stream, 0));
      }
    }
  }

  @Test
  void viewerThatComesLateCanScrollBack() throws Exception {
    assumeTrue(TmuxScreen.isThere(), "tmux is not installed");
    WindowSize size = new WindowSize(COLUMNS, ROWS);
    StringBuilder stream = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      stream.append("\033[3%dmline %d ".formatted(i % 8, i)).append("and so on ".repeat(i % 12));
      stream.append(i % 3 == 0 ? "\033[0m\r\n" : "\r\n");
    }
    byte[] bytes = stream.toString().getBytes(StandardCharsets.UTF_8);
    try (TmuxScreen tmux = new TmuxScreen(folder, size)) {
      assertThat(tmux.show(ScreenImage.of(screen(stream.toString())), 800))
          .isEqualTo(tmux.show(bytes, 800));
    }
  }

  /// What a full-screen program may print, without what terminals disagree on.
  private static String stream(Random random, int steps) {
    StringBuilder out = new StringBuilder();
    boolean alternate = false;
    for (int i = 0; i < steps; i++) {
      int a = 1 + random.nextInt(12);
      int b = 1 + random.nextInt(40);
      // What edits begins with a move, and lines come and go without a region: terminals differ in
      // what a full line's end means, and in what happens outside the region.
      String at = "\033[%d;%dH".formatted(a, 1 + random.nextInt(30));
      switch (random.nextInt(24)) {
        case 0, 1, 2, 3 -> out.append("word%d ".formatted(b));
        case 4 -> out.append("\r\n");
        case 5 -> out.append("é ö");
        case 6 -> out.append("\033[%d;%dH".formatted(a, b));
        case 7 -> out.append("\033[%dm".formatted(30 + random.nextInt(8)));
        case 8 -> out.append("\033[0m");
        case 9 -> out.append("\033[1;38;5;%dm".formatted(random.nextInt(256)));
        case 10 -> out.append(at).append("\033[48;2;%d;9;9mon\033[K\033[49m".formatted(b));
        case 11 -> out.append(at).append("\033[%dK".formatted(random.nextInt(3)));
        case 12 -> out.append(at).append(random.nextInt(6) == 0 ? "\033[2J" : "\033[J");
        case 13 ->
            out.append("\033[r").append(at).append("\033[%dL\r".formatted(1 + random.nextInt(3)));
        case 14 ->
            out.append("\033[r").append(at).append("\033[%dM\r".formatted(1 + random.nextInt(3)));
        case 15 -> out.append(at).append("\033[%dP".formatted(1 + random.nextInt(5)));
        case 16 -> out.append(at).append("\033[%d@".formatted(1 + random.nextInt(5)));
        case 17 ->
            out.append("\033[%d;%dr".formatted(1 + random.nextInt(4), 6 + random.nextInt(6)));
        case 18 -> out.append("\033[r\033[%d;1H".formatted(a));
        case 19 -> out.append(at).append(random.nextBoolean() ? "\033M" : "\n");
        case 20 -> out.append("\033[?%d%c".formatted(random.nextBoolean() ? 25 : 1, hl(random)));
        case 21 -> {
          if (random.nextInt(3) == 0) {
            alternate = !alternate;
            out.append("\033[r\033[?1049").append(alternate ? 'h' : 'l').append("\033[r");
          } else {
            out.append(at).append('\t');
          }
        }
        case 22 -> out.append(at).append("\033[%dX".formatted(a));
        default -> out.append("long line of text that wraps somewhere, soon or late ");
      }
    }
    return out.toString();
  }

  private static char hl(Random random) {
    return random.nextBoolean() ? 'h' : 'l';
  }

  private static Screen screen(String printed) {
    Screen screen = new Screen(COLUMNS, ROWS);
    byte[] bytes = printed.getBytes(StandardCharsets.UTF_8);
    new VtParser(screen).feed(bytes, bytes.length, new ByteArrayOutputStream());
    return screen;
  }

  private static String text(String printed) {
    Screen screen = screen(printed);
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < ROWS; line++) {
      text.append(line(screen, line)).append('\n');
    }
    return text.toString();
  }

  private static String line(Screen screen, int line) {
    StringBuilder text = new StringBuilder();
    Row row = screen.active().row(line);
    for (int column = 0; column < row.length(); column++) {
      text.append(row.text(column));
    }
    return text.toString();
  }
}
