package dev.warren.daemon.terminal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// What control sequences mean to a screen: those of xterm that programs use. Questions that a
/// program asks its terminal are answered as the page's terminal would.
final class Sequences {
  /// Answers that wait; more are dropped.
  private static final int ANSWERS_BYTES_MAX = 4 * 1024;

  private final Screen screen;
  private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
  private boolean question;

  Sequences(Screen screen) {
    this.screen = screen;
  }

  void begin() {
    question = false;
  }

  /// Whether the last sequence asked for something, be it answered or not.
  boolean wasQuestion() {
    return question;
  }

  byte[] takeAnswers() {
    byte[] taken = answers.toByteArray();
    answers.reset();
    return taken;
  }

  void print(int codePoint) {
    screen.print(codePoint);
  }

  /// Prints the bytes from `from` to before `end`: printable ASCII.
  void print(byte[] ascii, int from, int end) {
    screen.print(ascii, from, end);
  }

  void control(int b) {
    switch (b) {
      case 0x08 -> screen.backspace();
      case 0x09 -> screen.tab(1);
      case 0x0a, 0x0b, 0x0c -> {
        screen.lineFeed();
        if (screen.modes.newLine) {
          screen.carriageReturn();
        }
      }
      case 0x0d -> screen.carriageReturn();
      case 0x0e -> screen.charsets = screen.charsets.shift(true);
      case 0x0f -> screen.charsets = screen.charsets.shift(false);
      default -> {
        // The bell and others change no screen.
      }
    }
  }

  void escape(String intermediates, char last) {
    switch (intermediates) {
      case "" -> escape(last);
      case "(" -> screen.charsets = screen.charsets.designate(0, last == '0');
      case ")" -> screen.charsets = screen.charsets.designate(1, last == '0');
      case "#" -> {
        if (last == '8') {
          screen.fillWithE();
        }
      }
      default -> {
        // Not of this terminal.
      }
    }
  }

  private void escape(char last) {
    switch (last) {
      case '7' -> screen.saveCursor();
      case '8' -> screen.restoreCursor();
      case '=' -> screen.modes.applicationKeypad = true;
      case '>' -> screen.modes.applicationKeypad = false;
      case 'D' -> screen.lineFeed();
      case 'E' -> {
        screen.carriageReturn();
        screen.lineFeed();
      }
      case 'H' -> screen.tabs.set(screen.active().x);
      case 'M' -> screen.reverseLineFeed();
      case 'Z' -> answer("\033[?1;2c");
      case 'c' -> screen.reset();
      default -> {
        // Not of this terminal.
      }
    }
  }

  void csi(char prefix, Parameters p, String intermediates, char last) {
    if (intermediates.isEmpty()) {
      switch (prefix) {
        case 0 -> plain(p, last);
        case '?' -> privately(p, last);
        case '>' -> secondary(last);
        default -> question = last == 'c';
      }
      return;
    }
    switch (intermediates + last) {
      case "!p" -> screen.softReset();
      case " q" -> screen.cursorShape = p.get(0, 0) <= 6 ? p.get(0, 0) : 0;
      case "$p" -> mode(prefix == '?', p.get(0, 0));
      default -> {
        // Not of this terminal.
      }
    }
  }

  private void plain(Parameters p, char last) {
    switch (last) {
      case '@' -> screen.insertCharacters(p.times(0));
      case 'A' -> screen.move(0, -p.times(0));
      case 'B', 'e' -> screen.move(0, p.times(0));
      case 'C', 'a' -> screen.move(p.times(0), 0);
      case 'D' -> screen.move(-p.times(0), 0);
      case 'E' -> {
        screen.move(0, p.times(0));
        screen.carriageReturn();
      }
      case 'F' -> {
        screen.move(0, -p.times(0));
        screen.carriageReturn();
      }
      case 'G', '`' -> column(p.times(0) - 1);
      case 'H', 'f' -> screen.moveTo(p.times(1) - 1, p.times(0) - 1);
      case 'I' -> screen.tab(p.times(0));
      case 'J' -> screen.eraseScreen(p.get(0, 0));
      case 'K' -> screen.eraseLine(p.get(0, 0));
      case 'L' -> screen.insertLines(p.times(0));
      case 'M' -> screen.deleteLines(p.times(0));
      case 'P' -> screen.deleteCharacters(p.times(0));
      case 'S' -> screen.scrollUp(p.times(0));
      case 'T' -> screen.active().scrollDown(screen.active().top, p.times(0), screen.blankStyle());
      case 'X' -> screen.eraseCharacters(p.times(0));
      case 'Z' -> screen.tabBack(p.times(0));
      case 'b' -> screen.repeat(p.times(0));
      case 'c' -> answer("\033[?1;2c");
      case 'd' -> screen.moveTo(screen.active().x, p.times(0) - 1);
      case 'g' -> clearTabs(p.get(0, 0));
      case 'h' -> modes(p, true);
      case 'l' -> modes(p, false);
      case 'm' -> screen.style = Style.select(screen.style, p);
      case 'n' -> report(p.get(0, 0));
      case 'r' -> screen.region(p.times(0) - 1, p.get(1, screen.rows()) - 1);
      case 's' -> screen.saveCursor();
      case 't' -> window(p.get(0, 0));
      case 'u' -> screen.restoreCursor();
      case 'x' -> question = true;
      default -> {
        // Not of this terminal.
      }
    }
  }

  private void column(int column) {
    screen.active().wrapsNext = false;
    screen.active().x = Math.clamp(column, 0, screen.columns() - 1);
  }

  private void privately(Parameters p, char last) {
    switch (last) {
      case 'h' -> privateModes(p, true);
      case 'l' -> privateModes(p, false);
      case 'J' -> screen.eraseScreen(p.get(0, 0));
      case 'K' -> screen.eraseLine(p.get(0, 0));
      case 'n' -> {
        question = true;
        if (p.get(0, 0) == 6) {
          answer("\033[?" + position() + "R");
        }
      }
      case 'u' -> question = true;
      default -> {
        // Not of this terminal.
      }
    }
  }

  private void secondary(char last) {
    if (last == 'c') {
      answer("\033[>0;276;0c");
    } else {
      question = last == 'q';
    }
  }

  private void modes(Parameters p, boolean on) {
    for (int i = 0; i < p.count(); i++) {
      if (p.get(i, 0) == 4) {
        screen.modes.insert = on;
      } else if (p.get(i, 0) == 20) {
        screen.modes.newLine = on;
      }
    }
  }

  private void privateModes(Parameters p, boolean on) {
    for (int i = 0; i < p.count(); i++) {
      int mode = p.get(i, 0);
      switch (mode) {
        case 47, 1047, 1049 -> screen.alternate(mode, on);
        case 1048 -> {
          if (on) {
            screen.saveCursor();
          } else {
            screen.restoreCursor();
          }
        }
        case Modes.ORIGIN -> {
          screen.modes.set(mode, on);
          screen.moveTo(0, 0);
        }
        default -> screen.modes.set(mode, on);
      }
    }
  }

  private void clearTabs(int which) {
    if (which == 0) {
      screen.tabs.clear(screen.active().x);
    } else if (which == 3) {
      screen.tabs.clear();
    }
  }

  private void report(int what) {
    question = true;
    if (what == 5) {
      answer("\033[0n");
    } else if (what == 6) {
      answer("\033[" + position() + "R");
    }
  }

  private String position() {
    Buffer buffer = screen.active();
    int first = screen.modes.isOn(Modes.ORIGIN) ? buffer.top : 0;
    return (buffer.y - first + 1) + ";" + (buffer.x + 1);
  }

  private void window(int what) {
    question = true;
    if (what == 18) {
      answer("\033[8;" + screen.rows() + ";" + screen.columns() + "t");
    }
  }

  /// Whether a mode is set: 1 yes, 2 no, 0 not known.
  private void mode(boolean isPrivate, int mode) {
    boolean alternate = mode == 47 || mode == 1047 || mode == 1049;
    int value = 0;
    if (isPrivate && alternate) {
      value = screen.alternateActive ? 1 : 2;
    } else if (isPrivate && Modes.knows(mode)) {
      value = screen.modes.isOn(mode) ? 1 : 2;
    } else if (!isPrivate && (mode == 4 || mode == 20)) {
      value = (mode == 4 ? screen.modes.insert : screen.modes.newLine) ? 1 : 2;
    }
    answer("\033[" + (isPrivate ? "?" : "") + mode + ";" + value + "$y");
  }

  /// An operating system command: `NUMBER;TEXT`.
  void command(String text) {
    int semicolon = text.indexOf(';');
    String number = semicolon < 0 ? text : text.substring(0, semicolon);
    String value = semicolon < 0 ? "" : text.substring(semicolon + 1);
    switch (number) {
      case "0", "2" -> screen.title(value.replaceAll("\\p{Cntrl}", ""));
      // Colours and the clipboard are asked for with a question mark.
      case "4", "10", "11", "12", "52" -> question = value.endsWith("?");
      default -> {
        // Links, marks and the like are the viewer's.
      }
    }
  }

  /// A device control string; those that ask for a setting or a capability.
  void device(String text) {
    if (text.startsWith("$q")) {
      answer("\033P0$r\033\\");
    } else {
      question = text.startsWith("+q");
    }
  }

  private void answer(String text) {
    question = true;
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (answers.size() + bytes.length <= ANSWERS_BYTES_MAX) {
      answers.writeBytes(bytes);
    }
  }
}
