package dev.warren.daemon.terminal;

/// How a character looks, packed into a `long`: 26 bits each of foreground and background, then
/// flags. Zero is the default look.
final class Style {
  static final long DEFAULT = 0;

  static final long BOLD = 1L << 52;
  static final long DIM = 1L << 53;
  static final long ITALIC = 1L << 54;
  static final long UNDERLINE = 1L << 55;
  static final long BLINK = 1L << 56;
  static final long INVERSE = 1L << 57;
  static final long HIDDEN = 1L << 58;
  static final long STRIKE = 1L << 59;

  /// SGR numbers that set the flags above, in their order.
  private static final int[] FLAG_CODES = {1, 2, 3, 4, 5, 7, 8, 9};

  /// A colour: its kind above 24 bits of value. Zero is the default colour.
  private static final int INDEXED = 1 << 24;

  private static final int RGB = 2 << 24;

  /// One of the first 16 by its own number, which viewers may brighten where it is bold.
  private static final int BASIC = 3 << 24;

  private static final long COLOR_MASK = (1L << 26) - 1;
  private static final int BACKGROUND_SHIFT = 26;

  private Style() {}

  static long background(long style) {
    return style & (COLOR_MASK << BACKGROUND_SHIFT);
  }

  /// The style after "select graphic rendition" with these parameters.
  static long select(long style, Parameters parameters) {
    long now = style;
    int i = 0;
    do {
      int code = parameters.get(i, 0);
      if (code == 38 || code == 48 || code == 58) {
        int used = parameters.colorLength(i);
        int color = color(parameters, i);
        if (code != 58 && color >= 0) {
          now = code == 38 ? foreground(now, color) : background(now, color);
        }
        i += used;
      } else {
        now = plain(now, code, code == 4 ? parameters.sub(i, 1) : 1);
        i++;
      }
    } while (i < parameters.count());
    return now;
  }

  private static long plain(long style, int code, int underline) {
    return switch (code) {
      case 0 -> DEFAULT;
      case 1 -> style | BOLD;
      case 2 -> style | DIM;
      case 3 -> style | ITALIC;
      case 4 -> underline == 0 ? style & ~UNDERLINE : style | UNDERLINE;
      case 5, 6 -> style | BLINK;
      case 7 -> style | INVERSE;
      case 8 -> style | HIDDEN;
      case 9 -> style | STRIKE;
      case 21 -> style | UNDERLINE;
      case 22 -> style & ~(BOLD | DIM);
      case 23 -> style & ~ITALIC;
      case 24 -> style & ~UNDERLINE;
      case 25 -> style & ~BLINK;
      case 27 -> style & ~INVERSE;
      case 28 -> style & ~HIDDEN;
      case 29 -> style & ~STRIKE;
      case 39 -> foreground(style, 0);
      case 49 -> background(style, 0);
      default -> colored(style, code);
    };
  }

  private static long colored(long style, int code) {
    if (code >= 30 && code <= 37) {
      return foreground(style, BASIC | (code - 30));
    }
    if (code >= 40 && code <= 47) {
      return background(style, BASIC | (code - 40));
    }
    if (code >= 90 && code <= 97) {
      return foreground(style, BASIC | (code - 90 + 8));
    }
    if (code >= 100 && code <= 107) {
      return background(style, BASIC | (code - 100 + 8));
    }
    return style;
  }

  /// The colour after `38` or `48` at this place, in either spelling; negative when malformed.
  private static int color(Parameters parameters, int at) {
    if (parameters.hasSubs(at)) {
      return switch (parameters.sub(at, 0)) {
        case 5 -> indexed(parameters.sub(at, 1));
        // 38:2:R:G:B, or with a colour space before R.
        case 2 -> {
          int first = parameters.subs(at) >= 5 ? 2 : 1;
          yield rgb(
              parameters.sub(at, first),
              parameters.sub(at, first + 1),
              parameters.sub(at, first + 2));
        }
        default -> -1;
      };
    }
    return switch (parameters.get(at + 1, -1)) {
      case 5 -> indexed(parameters.get(at + 2, 0));
      case 2 ->
          rgb(parameters.get(at + 2, 0), parameters.get(at + 3, 0), parameters.get(at + 4, 0));
      default -> -1;
    };
  }

  private static int indexed(int index) {
    return index >= 0 && index <= 255 ? INDEXED | index : -1;
  }

  private static int rgb(int red, int green, int blue) {
    boolean fits = red >= 0 && red <= 255 && green >= 0 && green <= 255 && blue >= 0 && blue <= 255;
    return fits ? RGB | (red << 16) | (green << 8) | blue : -1;
  }

  private static long foreground(long style, int color) {
    return (style & ~COLOR_MASK) | color;
  }

  private static long background(long style, int color) {
    return (style & ~(COLOR_MASK << BACKGROUND_SHIFT)) | ((long) color << BACKGROUND_SHIFT);
  }

  /// The sequence that selects exactly this style, whatever was before.
  static String sequence(long style) {
    StringBuilder sequence = new StringBuilder("\033[0");
    for (int i = 0; i < FLAG_CODES.length; i++) {
      if ((style & (BOLD << i)) != 0) {
        sequence.append(';').append(FLAG_CODES[i]);
      }
    }
    color(sequence, 30, (int) (style & COLOR_MASK));
    color(sequence, 40, (int) ((style >>> BACKGROUND_SHIFT) & COLOR_MASK));
    return sequence.append('m').toString();
  }

  private static void color(StringBuilder sequence, int base, int color) {
    int value = color & 0xffffff;
    switch (color - value) {
      case BASIC -> sequence.append(';').append(value < 8 ? base + value : base + 60 + value - 8);
      case INDEXED -> sequence.append(';').append(base + 8).append(";5;").append(value);
      case RGB -> {
        sequence.append(';').append(base + 8).append(";2;").append(value >> 16).append(';');
        sequence.append((value >> 8) & 0xff).append(';').append(value & 0xff);
      }
      default -> {
        // The default colour.
      }
    }
  }
}
