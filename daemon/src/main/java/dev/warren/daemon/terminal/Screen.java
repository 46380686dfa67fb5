package dev.warren.daemon.terminal;

import java.util.BitSet;
import java.util.function.Consumer;

/// What a terminal of the xterm family shows: two buffers, cursor, modes, and the lines that left
/// by the top. Fed by [Sequences], drawn again by [ScreenImage]. Not thread-safe.
final class Screen {
  private static final int TAB = 8;

  /// Longest title that is kept.
  private static final int TITLE_CHARS_MAX = 256;

  final Scrollback scrollback = new Scrollback();
  final Modes modes = new Modes();
  final BitSet tabs = new BitSet();
  Buffer main;
  Buffer alternate;
  boolean alternateActive;
  long style = Style.DEFAULT;
  Charsets charsets = Charsets.ASCII;
  String title = "";
  int cursorShape;
  private int lastPrinted = ' ';

  /// Made once: a line of a long output scrolls each time.
  private final Consumer<Row> gone = this::keep;

  Screen(int columns, int rows) {
    main = new Buffer(columns, rows);
    alternate = new Buffer(columns, rows);
    resetTabs();
  }

  Buffer active() {
    return alternateActive ? alternate : main;
  }

  int columns() {
    return main.columns();
  }

  int rows() {
    return main.height();
  }

  void reset() {
    main = new Buffer(columns(), rows());
    alternate = new Buffer(main.columns(), main.height());
    alternateActive = false;
    scrollback.clear();
    modes.reset();
    style = Style.DEFAULT;
    charsets = Charsets.ASCII;
    title = "";
    cursorShape = 0;
    resetTabs();
  }

  void resize(int columns, int rows) {
    main.resize(columns, rows, scrollback::add);
    alternate.resize(columns, rows, _ -> {});
    resetTabs();
  }

  private void resetTabs() {
    tabs.clear();
    for (int column = TAB; column < columns(); column += TAB) {
      tabs.set(column);
    }
  }

  /// Blanks that come in have the present background.
  long blankStyle() {
    return Style.background(style);
  }

  void print(int codePoint) {
    int code = charsets.map(codePoint);
    int width = CharacterWidth.of(code);
    Buffer buffer = active();
    if (width == 0) {
      combine(buffer, code);
      return;
    }
    if (buffer.wrapsNext && modes.isOn(Modes.WRAP)) {
      wrap(buffer);
    }
    if (buffer.x + width > columns()) {
      if (width > columns() || !modes.isOn(Modes.WRAP)) {
        return;
      }
      wrap(buffer);
    }
    Row row = buffer.current();
    if (modes.insert) {
      row.shift(buffer.x, width, blankStyle());
    }
    row.set(buffer.x, code, style);
    if (width == 2) {
      row.set(buffer.x + 1, Row.RIGHT_HALF, style);
    }
    row.mend(buffer.x - 1, style);
    row.mend(buffer.x + width, style);
    lastPrinted = codePoint;
    buffer.wrapsNext = buffer.x + width >= columns();
    buffer.x = Math.min(buffer.x + width, columns() - 1);
  }

  /// Prints the bytes from `from` to before `end`, printable ASCII: what [#print(int)] does with
  /// each, as many at once as the line has room for.
  void print(byte[] ascii, int from, int end) {
    Buffer buffer = active();
    int at = from;
    while (at < end) {
      Row row = buffer.current();
      if (buffer.wrapsNext || modes.insert || !charsets.isPlain() || !row.isSimple()) {
        print(ascii[at]);
        at++;
        continue;
      }
      int count = Math.min(end - at, columns() - buffer.x);
      row.set(buffer.x, ascii, at, count, style);
      at += count;
      lastPrinted = ascii[at - 1];
      buffer.wrapsNext = buffer.x + count >= columns();
      buffer.x = Math.min(buffer.x + count, columns() - 1);
    }
  }

  private void combine(Buffer buffer, int mark) {
    int column = buffer.wrapsNext ? buffer.x : buffer.x - 1;
    Row row = buffer.current();
    if (column > 0 && row.code(column) == Row.RIGHT_HALF) {
      column--;
    }
    if (column >= 0 && row.code(column) > 0) {
      row.combine(column, mark);
    }
  }

  private void wrap(Buffer buffer) {
    buffer.x = 0;
    buffer.wrapsNext = false;
    lineFeed();
    buffer.current().continued = true;
  }

  void repeat(int times) {
    for (int i = 0; i < Math.min(times, columns() * rows()); i++) {
      print(lastPrinted);
    }
  }

  /// Down one line; at the region's end it scrolls.
  void lineFeed() {
    Buffer buffer = active();
    buffer.wrapsNext = false;
    if (buffer.y == buffer.bottom) {
      scrollUp(1);
    } else if (buffer.y < rows() - 1) {
      buffer.y++;
    }
  }

  void reverseLineFeed() {
    Buffer buffer = active();
    buffer.wrapsNext = false;
    if (buffer.y == buffer.top) {
      buffer.scrollDown(buffer.top, 1, blankStyle());
    } else if (buffer.y > 0) {
      buffer.y--;
    }
  }

  void scrollUp(int times) {
    Buffer buffer = active();
    buffer.scrollUp(buffer.top, times, blankStyle(), gone);
  }

  private void keep(Row row) {
    if (!alternateActive) {
      scrollback.add(row);
    }
  }

  void carriageReturn() {
    active().x = 0;
    active().wrapsNext = false;
  }

  void backspace() {
    Buffer buffer = active();
    buffer.wrapsNext = false;
    buffer.x = Math.max(0, buffer.x - 1);
  }

  void tab(int times) {
    Buffer buffer = active();
    for (int i = 0; i < Math.min(times, columns()); i++) {
      int next = tabs.nextSetBit(buffer.x + 1);
      buffer.x = next < 0 ? columns() - 1 : Math.min(next, columns() - 1);
    }
  }

  void tabBack(int times) {
    Buffer buffer = active();
    for (int i = 0; i < Math.min(times, columns()); i++) {
      buffer.x = Math.max(0, tabs.previousSetBit(Math.max(0, buffer.x - 1)));
    }
    buffer.wrapsNext = false;
  }

  /// Moves by so many; vertically it does not leave the region that it is in.
  void move(int right, int down) {
    Buffer buffer = active();
    buffer.wrapsNext = false;
    buffer.x = Math.clamp((long) buffer.x + right, 0, columns() - 1);
    int first = buffer.y >= buffer.top ? buffer.top : 0;
    int last = buffer.y <= buffer.bottom ? buffer.bottom : rows() - 1;
    buffer.y = Math.clamp((long) buffer.y + down, first, last);
  }

  /// Moves to a line and column, counted from 0; from the region's start in origin mode.
  void moveTo(int column, int line) {
    Buffer buffer = active();
    buffer.wrapsNext = false;
    boolean origin = modes.isOn(Modes.ORIGIN);
    int first = origin ? buffer.top : 0;
    int last = origin ? buffer.bottom : rows() - 1;
    buffer.x = Math.clamp(column, 0, columns() - 1);
    buffer.y = Math.clamp((long) first + line, first, last);
  }

  /// The scroll region, counted from 0; a malformed one changes nothing.
  void region(int top, int bottom) {
    Buffer buffer = active();
    int last = Math.min(bottom, rows() - 1);
    if (top < last) {
      buffer.top = top;
      buffer.bottom = last;
      moveTo(0, 0);
    }
  }

  void eraseLine(int how) {
    Buffer buffer = active();
    Row row = buffer.current();
    switch (how) {
      case 0 -> row.blank(buffer.x, columns(), blankStyle());
      case 1 -> row.blank(0, buffer.x + 1, blankStyle());
      case 2 -> row.blank(0, columns(), blankStyle());
      default -> {
        return;
      }
    }
    if (how != 1) {
      buffer.wrapsNext = false;
    }
    row.mend(buffer.x - 1, blankStyle());
    row.mend(buffer.x + 1, blankStyle());
  }

  void eraseScreen(int how) {
    Buffer buffer = active();
    switch (how) {
      case 0 -> {
        eraseLine(0);
        buffer.clear(buffer.y + 1, rows(), blankStyle());
      }
      case 1 -> {
        eraseLine(1);
        buffer.clear(0, buffer.y, blankStyle());
      }
      case 2 -> {
        buffer.clear(0, rows(), blankStyle());
        buffer.wrapsNext = false;
      }
      case 3 -> scrollback.clear();
      default -> {}
    }
  }

  void eraseCharacters(int count) {
    Buffer buffer = active();
    int end = (int) Math.min(columns(), (long) buffer.x + count);
    buffer.current().blank(buffer.x, end, blankStyle());
    buffer.current().mend(buffer.x - 1, blankStyle());
    buffer.current().mend(end, blankStyle());
    buffer.wrapsNext = false;
  }

  void insertCharacters(int count) {
    Buffer buffer = active();
    buffer.current().shift(buffer.x, Math.min(count, columns()), blankStyle());
    buffer.wrapsNext = false;
  }

  void deleteCharacters(int count) {
    Buffer buffer = active();
    buffer.current().shift(buffer.x, -Math.min(count, columns() - buffer.x), blankStyle());
    buffer.wrapsNext = false;
  }

  void insertLines(int count) {
    Buffer buffer = active();
    if (buffer.y >= buffer.top && buffer.y <= buffer.bottom) {
      buffer.scrollDown(buffer.y, count, blankStyle());
      carriageReturn();
    }
  }

  void deleteLines(int count) {
    Buffer buffer = active();
    if (buffer.y >= buffer.top && buffer.y <= buffer.bottom) {
      buffer.scrollUp(buffer.y, count, blankStyle(), _ -> {});
      carriageReturn();
    }
  }

  void saveCursor() {
    Buffer buffer = active();
    buffer.saved =
        new Buffer.Saved(
            buffer.x, buffer.y, buffer.wrapsNext, style, modes.isOn(Modes.ORIGIN), charsets);
  }

  void restoreCursor() {
    Buffer buffer = active();
    Buffer.Saved saved = buffer.saved;
    buffer.x = Math.min(saved.x(), columns() - 1);
    buffer.y = Math.min(saved.y(), rows() - 1);
    buffer.wrapsNext = saved.wrapsNext() && buffer.x == columns() - 1;
    style = saved.style();
    charsets = saved.charsets();
    modes.set(Modes.ORIGIN, saved.origin());
  }

  /// Switches buffers: by 47, 1047 or 1049, which differ in what they clear and save.
  void alternate(int mode, boolean on) {
    if (mode == 1049 && on) {
      saveCursor();
    }
    if (on != alternateActive) {
      Buffer from = active();
      alternateActive = on;
      Buffer to = active();
      to.x = from.x;
      to.y = from.y;
      to.wrapsNext = from.wrapsNext;
      if (on) {
        // xterm.js begins with an empty one each time.
        alternate.clear(0, rows(), blankStyle());
        alternate.top = 0;
        alternate.bottom = rows() - 1;
      }
    }
    if (mode == 1049 && !on) {
      restoreCursor();
    }
  }

  void title(String text) {
    title = text.length() <= TITLE_CHARS_MAX ? text : text.substring(0, TITLE_CHARS_MAX);
  }

  /// "DEC screen alignment test".
  void fillWithE() {
    Buffer buffer = active();
    buffer.top = 0;
    buffer.bottom = rows() - 1;
    for (int line = 0; line < rows(); line++) {
      for (int column = 0; column < columns(); column++) {
        buffer.row(line).set(column, 'E', Style.DEFAULT);
      }
    }
    buffer.x = 0;
    buffer.y = 0;
    buffer.wrapsNext = false;
  }

  void softReset() {
    modes.set(Modes.ORIGIN, false);
    modes.set(Modes.WRAP, true);
    modes.set(Modes.CURSOR_VISIBLE, true);
    modes.set(Modes.APPLICATION_CURSOR, false);
    modes.insert = false;
    modes.applicationKeypad = false;
    style = Style.DEFAULT;
    charsets = Charsets.ASCII;
    Buffer buffer = active();
    buffer.top = 0;
    buffer.bottom = rows() - 1;
    buffer.saved = Buffer.Saved.HOME;
  }
}
