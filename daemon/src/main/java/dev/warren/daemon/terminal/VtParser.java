package dev.warren.daemon.terminal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Reads what a program prints: characters and control sequences (after Paul Williams's state
/// machine for the VT500, https://vt100.net/emu/dec_ansi_parser, with UTF-8). Applies them to the
/// screen, and copies for the viewers all but the questions, in whole sequences: what is cut at the
/// end of a piece waits for the next.
final class VtParser {
  /// Of a string (title, image, clipboard) that is looked into.
  private static final int STRING_BYTES_MAX = 4 * 1024;

  /// Of an unfinished sequence that waits for its end; past it, viewers get it in pieces.
  private static final int HELD_BYTES_MAX = 256 * 1024;

  private static final int ESC = 0x1b;
  private static final int BEL = 0x07;
  private static final int CAN = 0x18;
  private static final int SUB = 0x1a;
  private static final int DEL = 0x7f;
  private static final int REPLACEMENT = 0xfffd;

  private enum State {
    GROUND,
    ESCAPE,
    CSI,
    CSI_IGNORE,
    OSC,
    STRING,
    STRING_ESCAPE
  }

  private final Sequences sequences;
  private final Parameters parameters = new Parameters();
  private final StringBuilder intermediates = new StringBuilder();
  private final ByteArrayOutputStream string = new ByteArrayOutputStream();
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private State state = State.GROUND;
  private char prefix;
  private int stringKind;
  private int codePoint;
  private int continuations;
  private int smallest;

  VtParser(Screen screen) {
    this.sequences = new Sequences(screen);
  }

  /// Takes the next bytes.
  ///
  /// @param forViewers gets what viewers are to see of them
  void feed(byte[] bytes, int length, ByteArrayOutputStream forViewers) {
    int copied = 0; // up to here all is copied, dropped or held
    int whole = 0; // up to here all is whole
    for (int i = 0; i < length; ) {
      int plain = plain(bytes, i, length);
      boolean isWhole = plain > 0 || accept(bytes[i] & 0xff);
      i += Math.max(plain, 1);
      if (!isWhole) {
        continue;
      }
      if (sequences.wasQuestion()) {
        forViewers.write(bytes, copied, whole - copied);
        copied = i;
      } else if (whole == 0) {
        forViewers.writeBytes(held.toByteArray());
      }
      if (whole == 0) {
        held.reset();
      }
      whole = i;
    }
    forViewers.write(bytes, copied, whole - copied);
    held.write(bytes, whole, length - whole);
    if (held.size() > HELD_BYTES_MAX) {
      forViewers.writeBytes(held.toByteArray());
      held.reset();
    }
  }

  /// Answers to questions, to be typed; each is taken once.
  byte[] takeAnswers() {
    return sequences.takeAnswers();
  }

  /// Takes printable ASCII and line ends, a run at once: most of what programs print.
  ///
  /// @return how many bytes from `from` on were taken; all of them are whole
  private int plain(byte[] bytes, int from, int end) {
    if (state != State.GROUND || continuations > 0) {
      return 0;
    }
    int at = from;
    while (at < end) {
      int first = at;
      while (at < end && bytes[at] >= ' ' && bytes[at] != DEL) {
        at++;
      }
      if (at > first) {
        sequences.print(bytes, first, at);
      } else if (bytes[at] == '\r' || bytes[at] == '\n') {
        sequences.control(bytes[at]);
        at++;
      } else {
        break;
      }
    }
    sequences.begin();
    return at - from;
  }

  /// Takes a byte; true when with it a character or sequence is whole.
  private boolean accept(int b) {
    sequences.begin();
    if (state == State.OSC || state == State.STRING || state == State.STRING_ESCAPE) {
      return string(b);
    }
    if (b == ESC) {
      brokenCharacter();
      state = State.ESCAPE;
      intermediates.setLength(0);
      return false;
    }
    if (b == CAN || b == SUB) {
      brokenCharacter();
      state = State.GROUND;
      return true;
    }
    if (b < 0x20) {
      brokenCharacter();
      sequences.control(b); // also in the midst of a sequence
      return state == State.GROUND;
    }
    return switch (state) {
      case GROUND -> character(b);
      case ESCAPE -> escape(b);
      case CSI, CSI_IGNORE -> csi(b);
      case OSC, STRING, STRING_ESCAPE -> throw new IllegalStateException("strings are read above");
    };
  }

  private boolean character(int b) {
    if (continuations > 0) {
      if ((b & 0xc0) == 0x80) {
        codePoint = (codePoint << 6) | (b & 0x3f);
        continuations--;
        if (continuations > 0) {
          return false;
        }
        boolean valid =
            codePoint >= smallest
                && codePoint <= Character.MAX_CODE_POINT
                && (codePoint < 0xd800 || codePoint > 0xdfff);
        sequences.print(valid ? codePoint : REPLACEMENT);
        return true;
      }
      brokenCharacter();
    }
    if (b < 0x80) {
      if (b != DEL) {
        sequences.print(b);
      }
      return true;
    }
    if (b >= 0xc2 && b <= 0xdf) {
      return begin(b & 0x1f, 1, 0x80);
    }
    if (b >= 0xe0 && b <= 0xef) {
      return begin(b & 0x0f, 2, 0x800);
    }
    if (b >= 0xf0 && b <= 0xf4) {
      return begin(b & 0x07, 3, 0x10000);
    }
    sequences.print(REPLACEMENT);
    return true;
  }

  private boolean begin(int bits, int more, int atLeast) {
    codePoint = bits;
    continuations = more;
    smallest = atLeast;
    return false;
  }

  private void brokenCharacter() {
    if (continuations > 0) {
      continuations = 0;
      sequences.print(REPLACEMENT);
    }
  }

  private boolean escape(int b) {
    if (b < 0x30) {
      if (intermediates.length() < 2) {
        intermediates.append((char) b);
      }
      return false;
    }
    if (intermediates.isEmpty()) {
      switch (b) {
        case '[' -> {
          state = State.CSI;
          parameters.clear();
          prefix = 0;
          return false;
        }
        case ']' -> {
          return beginString(State.OSC, b);
        }
        case 'P', 'X', '^', '_' -> {
          return beginString(State.STRING, b);
        }
        default -> {
          // A sequence of its own.
        }
      }
    }
    state = State.GROUND;
    if (b < DEL) {
      sequences.escape(intermediates.toString(), (char) b);
    }
    return true;
  }

  private boolean csi(int b) {
    if (b >= 0x40 && b <= 0x7e) {
      boolean ignored = state == State.CSI_IGNORE;
      state = State.GROUND;
      if (!ignored) {
        sequences.csi(prefix, parameters, intermediates.toString(), (char) b);
      }
      return true;
    }
    if (b >= 0x30 && b <= 0x3b && intermediates.isEmpty()) {
      parameters.add(b);
    } else if (b >= 0x3c && b <= 0x3f && parameters.count() == 0 && prefix == 0) {
      prefix = (char) b;
    } else if (b >= 0x20 && b <= 0x2f && intermediates.length() < 2) {
      intermediates.append((char) b);
    } else if (b != DEL) {
      state = State.CSI_IGNORE;
    }
    return false;
  }

  private boolean beginString(State next, int kind) {
    state = next;
    stringKind = kind;
    string.reset();
    return false;
  }

  private boolean string(int b) {
    if (state == State.STRING_ESCAPE) {
      if (b == '\\') {
        return endString();
      }
      // Another sequence begins; the string is dropped.
      state = State.ESCAPE;
      intermediates.setLength(0);
      return accept(b);
    }
    if (b == ESC) {
      state = State.STRING_ESCAPE;
      return false;
    }
    if (b == CAN || b == SUB) {
      state = State.GROUND;
      return true;
    }
    if (b == BEL && state == State.OSC) {
      return endString();
    }
    if (string.size() < STRING_BYTES_MAX) {
      string.write(b);
    }
    return false;
  }

  private boolean endString() {
    state = State.GROUND;
    String text = string.toString(StandardCharsets.UTF_8);
    if (stringKind == ']') {
      sequences.command(text);
    } else if (stringKind == 'P') {
      sequences.device(text);
    }
    return true;
  }
}
